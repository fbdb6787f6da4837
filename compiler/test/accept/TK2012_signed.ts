function negate(value: i32): u32 {
  return u32.wrap(-value);
}
export function main(): void {
  log.info(`${negate(1)}`);
}
