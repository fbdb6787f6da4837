function low(value: u32): u8 {
  return u8(value + 1);
}
export function main(): void {
  let narrow: u16 = 5;
  narrow += 1;
  const wide: u32 = narrow * 2;
  log.info(`${low(1)} ${wide}`);
}
