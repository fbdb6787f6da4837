function low(value: u32): u8 {
  return u8.wrap(value);
}
export function main(): void {
  log.info(`${low(1)}`);
}
