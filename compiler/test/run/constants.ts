// Constants are computed exactly while compiling, beyond 64 bits in between.

const EARLIER: u32 = 21;
const LATER = EARLIER * 2;
const ALL_BITS = (1n << 64n) - 1n;
const HUGE_BETWEEN: u64 = (0xffff_ffff_ffff_ffffn * 0xffff_ffff_ffff_ffffn) >> 64n;
const SHIFT = 12;
const PAGE_SIZE = 1n << u64(SHIFT);
const MASK = ~(PAGE_SIZE - 1n) & ALL_BITS;
const NEGATIVE = -5;
const NEGATIVE_WIDE = -5n;
const IS_BIG = PAGE_SIZE > 4000n && EARLIER !== 3;
const CHOSEN = IS_BIG ? 10 : 20;
const SIZE: u32 = u32(sizeOf<Entry>()) * 4;
const LENGTH = 3;

class Entry {
  static readonly LIMIT: u64 = PAGE_SIZE / sizeOf<Entry>();
  a: u64;
  b: u32;
}

enum Step {
  First = EARLIER + 1,
  Second = First + 1,
}

const table = new FixedArray<u8, typeof LENGTH>();
staticAssert(LATER === 42, "one constant from another");

export function main(): void {
  log.info(`${LATER} ${EARLIER} ${ALL_BITS} ${HUGE_BETWEEN}`);
  log.info(`${PAGE_SIZE} ${hex(MASK)} ${NEGATIVE} ${NEGATIVE_WIDE} ${IS_BIG} ${CHOSEN}`);
  log.info(`${SIZE} ${Entry.LIMIT} ${u32(Step.First)} ${u32(Step.Second)} ${table.length}`);
  let small: u8 = 200;
  small -= CHOSEN + 11;
  const ten: u8 = CHOSEN;
  log.info(`${small} ${small + ten}`);
}
