function double(value: number): u32 { // error TK2001
  return 2;
}
export function main(): void {
  log.info(`${double(1)}`);
}
