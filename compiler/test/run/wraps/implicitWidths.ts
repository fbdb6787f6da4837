// Literals adapt to the other operand; results wrap at the width of the operands, not at the width of what takes them.

function widths(small: u8, medium: u16, word: u32): void {
  const sum = small + 10;
  log.info(`${sum} ${sizeOf<u8>()}`);
  const wideSum: u32 = small + 10;
  log.info(`${wideSum}`);
  const mixed = small + medium;
  log.info(`${mixed} ${u32(small) + word}`);
  const masked: u8 = small & 0x0f;
  log.info(`${masked} ${10 + small} ${small === 250} ${255 - small}`);
  log.info(`${small * 2} ${medium * 2} ${word * 2}`);
}

export function main(): void {
  widths(250, 65535, 4294967295);
  let inferred = 4294967295;
  inferred += 1;
  log.info(`${inferred}`);
  let big = 5n;
  big -= 6n;
  log.info(`${big}`);
}
