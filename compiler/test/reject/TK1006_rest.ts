function sum(...values: u32[]): u32 { // error TK1006
  return 0;
}
export function main(): void {
  log.info(`${sum(1, 2)}`);
}
