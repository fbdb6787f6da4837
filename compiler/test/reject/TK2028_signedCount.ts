function shift(value: u32, count: i32): u32 {
  return value << count; // error TK2028
}
export function main(): void {
  log.info(`${shift(1, 2)}`);
}
