// Operators whose result JavaScript does not give by itself: results that have to fit, checked division, shifts by any
// count, bit counts.

/** Ends the program: a check has failed. The parts are those of the message. */
export type Fail = (place: string, ...parts: readonly (string | number | bigint)[]) => never;

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
    ...narrowChecks("u8", 0, 0xff, fail),
    ...narrowChecks("u16", 0, 0xffff, fail),
    ...narrowChecks("u32", 0, 0xffff_ffff, fail),
    ...narrowChecks("i8", -0x80, 0x7f, fail),
    ...narrowChecks("i16", -0x8000, 0x7fff, fail),
    ...narrowChecks("i32", -0x8000_0000, 0x7fff_ffff, fail),
    ...wideChecks("u64", 0n, (1n << 64n) - 1n, fail),
    ...wideChecks("i64", -(1n << 63n), (1n << 63n) - 1n, fail),
  };
}

const resultFails = (fail: Fail, operator: string, type: string, place: string): never =>
  fail(place, "the result of ", operator, " does not fit ", type);

const fitFails = (fail: Fail, value: number | bigint, type: string, place: string): never =>
  fail(place, value, " does not fit ", type);

type Checks<Type extends string, Value> = Record<
  `result_${Type}`,
  (value: Value, operator: string, place: string) => Value
> &
  Record<`fit_${Type}`, (value: Value, place: string) => Value>;

/** Of a type of up to 32 bits. Results are exact, or so far out of range that it makes no difference; never -0. */
function narrowChecks<Type extends string>(type: Type, low: number, high: number, fail: Fail) {
  const checks = {
    [`result_${type}`]: (value: number, operator: string, place: string) =>
      value >= low && value <= high ? value + 0 : resultFails(fail, operator, type, place),
    [`fit_${type}`]: (value: number, place: string) =>
      value >= low && value <= high ? value : fitFails(fail, value, type, place),
    [`narrow_${type}`]: (value: bigint, place: string) =>
      value >= low && value <= high ? Number(value) : fitFails(fail, value, type, place),
  };
  return checks as Checks<Type, number> & Record<`narrow_${Type}`, (value: bigint, place: string) => number>;
}

/** Of a type of 64 bits. */
function wideChecks<Type extends string>(type: Type, low: bigint, high: bigint, fail: Fail) {
  const checks = {
    [`result_${type}`]: (value: bigint, operator: string, place: string) =>
      value >= low && value <= high ? value : resultFails(fail, operator, type, place),
    [`fit_${type}`]: (value: bigint, place: string) =>
      value >= low && value <= high ? value : fitFails(fail, value, type, place),
  };
  return checks as Checks<Type, bigint>;
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
