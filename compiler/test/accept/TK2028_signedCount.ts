function shift(value: i32, count: u8): i32 {
  return value << count;
}
export function main(): void {
  log.info(`${shift(1, 2)}`);
}
