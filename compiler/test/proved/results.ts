// What functions are known to return. `gone` and `stays` name the checks of their line.

const TABLE = new FixedArray<u32, 16>();
let current: u32 = 0;

class Digit {
  value: u32;

  read(): u32 {
    return this.value % 10;
  }

  raw(): u32 {
    return this.value;
  }
}
const digit = new Digit();

function used(x: u32): u32 {
  const first = TABLE[slot(x)]; // gone: index
  const second = TABLE[farSlot(x)]; // stays: index
  return wrappingAdd(first, second);
}

function slot(x: u32): u32 {
  if (x > 100) return 15;
  if (x > 50) panic("between");
  return x & 7;
}

function farSlot(x: u32): u32 {
  if (x > 100) return 16;
  return x & 7;
}

function methods(): u32 {
  return wrappingAdd(TABLE[digit.read()], TABLE[digit.raw()]); // gone: index stays: index
}

function size(level: u32): u64 {
  return 1n << u64(level & 7);
}

function mask(x: u32): u64 {
  return size(x) - 1n; // gone: -
}

function throughLocals(x: u32): u32 {
  const index = slot(x) + 1; // gone: +
  if (index > 15) return 0;
  return TABLE[index]; // gone: index
}

function countDown(x: u32): u32 {
  if (x === 0) return 3;
  return countDown(x - 1); // gone: -
}

function afterRecursion(x: u32): u32 {
  return TABLE[countDown(x)]; // stays: index
}

function even(x: u32): u32 {
  return x === 0 ? 3 : odd(x - 1); // gone: -
}

function odd(x: u32): u32 {
  return x === 0 ? 20 : even(x - 1); // gone: -
}

function afterMutualRecursion(x: u32): u32 {
  return wrappingAdd(TABLE[even(x)], TABLE[odd(x)]); // stays: index index
}

function referred(x: u32): u32 {
  return x & 3;
}

function other(x: u32): u32 {
  return x | 16;
}

function throughReference(f: (x: u32) => u32): u32 {
  return TABLE[f(1)]; // stays: index
}

function written(): u32 {
  current = 3;
  return current;
}

function whatWasRead(): u32 {
  const index = written();
  const first = TABLE[index]; // gone: index
  return wrappingAdd(first, TABLE[current]); // stays: index
}

function signs(x: i32): i32 {
  if (x < 0) return x < -50 ? -50 : x;
  return x % 100;
}

function signed(x: i32): i8 {
  return i8(signs(x)) + 28; // gone: convert +
}

function exported(x: u32, y: i32): void {
  void used(x);
  void methods();
  void mask(x);
  void throughLocals(x);
  void afterRecursion(x);
  void afterMutualRecursion(x);
  void throughReference(referred);
  void throughReference(other);
  void whatWasRead();
  void signed(y);
}
exportC("proved_results", exported);
