function negate(value: i32): u32 {
  return -value; // error TK2012
}
export function main(): void {
  log.info(`${negate(1)}`);
}
