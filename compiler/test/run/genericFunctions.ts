// Generic functions, one copy per type they are used with.

class Point {
  x: i32;
  y: i32;
}

type Id = u64 & Newtype<"Id">;

function larger<T extends AnyInteger>(left: T, right: T): T {
  return left > right ? left : right;
}

function identity<T>(value: T): T {
  return value;
}

function count<T>(slice: Slice<T>): u32 {
  let total: u32 = 0;
  for (const _ of slice) total += 1;
  return total;
}

function last<T>(slice: Slice<T>): T | null {
  if (slice.length === 0) return null;
  return slice[slice.length - 1];
}

function swap<T extends AnyInteger>(slice: Slice<T>, i: u32, j: u32): void {
  const kept = slice[i];
  slice[i] = slice[j];
  slice[j] = kept;
}

function bytesIn<T>(): u64 {
  return sizeOf<T>();
}

function pickFirst<A, B>(first: A, second: B): A {
  return first;
}

const bytes: FixedArray<u8, 3> = [1, 2, 3];
const points = new FixedArray<Point, 2>();
const scratch = new FixedArray<i64, 2>();

export function main(): void {
  log.info(`${larger<u8>(200, 100)} ${larger<i32>(-5, -6)} ${larger<u64>(u64.MAX, 1n)}`);
  log.info(`${identity<bool>(true)} ${identity("text")} ${identity(5n as Id)} ${identity(points[1]) === points[1]}`);
  log.info(`${count<u8>(bytes)} ${count<Point>(points)}`);
  log.info(`${last<u8>(bytes) ?? 0} ${last(emptySlice<u8>()) ?? 0} ${last<Point>(points) === points[1]}`);
  scratch[0] = -1n;
  scratch[1] = 7n;
  swap<i64>(scratch, 0, 1);
  log.info(`${scratch[0]} ${scratch[1]}`);
  log.info(`${bytesIn<Point>()} ${bytesIn<u16>()} ${pickFirst<u32, Point>(3, points[0])}`);
}
