function size(this: void, value: u32): u32 { // error TK1006
  return value;
}
export function main(): void {
  log.info(`${size(1)}`);
}
