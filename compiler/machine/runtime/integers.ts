// Operators whose result JavaScript does not give by itself: checked division, shifts by any count, bit counts.

/** Ends the program: a check has failed. The parts are those of the message. */
export type Fail = (place: string, ...parts: readonly (string | number)[]) => never;

const BITS_32 = 32n;
const LOW_32 = 0xffff_ffffn;

export function integerHelpers(fail: Fail) {
  const byZero = (place: string): never => fail(place, "division by zero");
  return {
    /** Still to be brought to its width, which truncates. */
    div: (left: number, right: number, place: string) => (right === 0 ? byZero(place) : left / right),
    rem: (left: number, right: number, place: string) => (right === 0 ? byZero(place) : left % right),
    divWide: (left: bigint, right: bigint, place: string) => (right === 0n ? byZero(place) : left / right),
    remWide: (left: bigint, right: bigint, place: string) => (right === 0n ? byZero(place) : left % right),
    /** Left and right shifts by a count that may reach the width. */
    shl: (value: number, count: number, bits: number) => (count < bits ? value << count : 0),
    shr: (value: number, count: number, bits: number) => (count < bits ? value >>> count : 0),
    sar: (value: number, count: number, bits: number) => value >> Math.min(count, bits - 1),
    shlWide: (value: bigint, count: number, bits: number) => (count < bits ? value << BigInt(count) : 0n),
    shrWide: (value: bigint, count: number, bits: number) => (count < bits ? value >> BigInt(count) : 0n),
    sarWide: (value: bigint, count: number, bits: number) => value >> BigInt(Math.min(count, bits - 1)),
    trailingZeros,
    leadingZeros,
    popCount,
  };
}

function trailingZeros(value: bigint): number {
  const low = Number(value & LOW_32) | 0;
  if (low !== 0) return 31 - Math.clz32(low & -low);
  const high = Number(value >> BITS_32) | 0;
  return high === 0 ? 64 : 63 - Math.clz32(high & -high);
}

function leadingZeros(value: bigint): number {
  const high = Number(value >> BITS_32);
  return high === 0 ? 32 + Math.clz32(Number(value & LOW_32)) : Math.clz32(high);
}

function popCount(value: bigint): number {
  return countOnes(Number(value & LOW_32)) + countOnes(Number(value >> BITS_32));
}

/** One bits of 32: sums of pairs, of nibbles, of bytes. */
function countOnes(value: number): number {
  let sums = value - ((value >>> 1) & 0x5555_5555);
  sums = (sums & 0x3333_3333) + ((sums >>> 2) & 0x3333_3333);
  sums = (sums + (sums >>> 4)) & 0x0f0f_0f0f;
  return Math.imul(sums, 0x0101_0101) >>> 24;
}
