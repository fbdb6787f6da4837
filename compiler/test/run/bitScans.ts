// Bit scans over 64 bits; none of them has an undefined case.

export function main(): void {
  let counts: u64 = 0n;
  for (let shift: u64 = 0n; shift < 64n; shift += 1n) {
    const bit = 1n << shift;
    if (trailingZeros(bit) !== u32(shift)) log.info(`trailingZeros of bit ${shift}`);
    if (leadingZeros(bit) !== 63 - u32(shift)) log.info(`leadingZeros of bit ${shift}`);
    if (popCount(bit) !== 1) log.info(`popCount of bit ${shift}`);
    const below = bit - 1n;
    if (popCount(below) !== u32(shift)) log.info(`popCount below bit ${shift}`);
    if (trailingZeros(~below) !== u32(shift)) log.info(`trailingZeros above bit ${shift}`);
    counts += u64(popCount(below));
  }
  log.info(`${counts}`);
  log.info(`${trailingZeros(0n)} ${leadingZeros(0n)} ${popCount(0n)}`);
  log.info(`${trailingZeros(u64.MAX)} ${leadingZeros(u64.MAX)} ${popCount(u64.MAX)}`);
  log.info(`${trailingZeros(0x8000_0000n)} ${leadingZeros(0x8000_0000n)} ${popCount(0xf0f0n)}`);
}
