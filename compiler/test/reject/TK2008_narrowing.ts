function low(value: u32): u8 {
  return value as u8; // error TK2008
}
export function main(): void {
  log.info(`${low(1)}`);
}
