function low(value: u32): u8 {
  return value + 1; // error TK2012
}
export function main(): void {
  let wide: u32 = 5;
  wide += 1;
  const narrow: u16 = wide * 2; // error TK2012
  log.info(`${low(1)} ${narrow}`);
}
