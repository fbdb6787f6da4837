// Generic methods, static methods of generic classes, generic aliases, and functions that take function references.

type Reader<T> = (value: T) => u32;

class Tools<T> {
  last: T;
  static width<U>(): u32 {
    return u32(sizeOf<U>());
  }
  read<U>(value: T, reader: Reader<T>, extra: U): u32 {
    this.last = value;
    return reader(value) + u32(sizeOf<U>()) + (sizeOf<T>() === 0n ? 1 : 0);
  }
}

class Point {
  x: u32;
}

function double(value: u32): u32 {
  return value * 2;
}

function low(value: u64): u32 {
  return u32.wrap(value);
}

function map<T>(values: Slice<T>, reader: Reader<T>): u32 {
  let total: u32 = 0;
  for (const value of values) total += reader(value);
  return total;
}

const numbers: FixedArray<u32, 3> = [1, 2, 3];
const words: FixedArray<u64, 2> = [0x1_0000_0001n, 5n];
const small = new Tools<u32>();
const wide = new Tools<u64>();

export function main(): void {
  log.info(`${Tools.width<Point>()} ${Tools.width<u16>()}`);
  log.info(`${small.read<u8>(10, double, 1)} ${wide.read<u64>(0xffff_ffff_0000_0007n, low, 1n)}`);
  log.info(`${small.last} ${wide.last}`);
  log.info(`${map<u32>(numbers, double)} ${map<u64>(words, low)}`);
}
