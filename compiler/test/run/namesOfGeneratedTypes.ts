// Classes named like the C structs that the compiler makes for slices, arrays and optional values.

class Slice_u32 {
  a: u64;
  b: u32;
}
class Slice_u8 {
  b: u32;
}
class Array_u32_4 {
  q: u8;
}
class Optional_u32 {
  q: u8;
}

const slice = new Slice_u32();
const bytes = new Slice_u8();
const array = new Array_u32_4();
const optional = new Optional_u32();
const numbers = new FixedArray<u32, 4>();

function count(values: Slice<u32>): u32 {
  return u32(values.length);
}

function orOne(value: u32 | null): u32 {
  return value ?? 1;
}

export function main(): void {
  log.info(`${count(numbers)} ${slice.b} ${array.q} ${optional.q} ${orOne(null)} ${bytes.b} ${bytesOf("abc").length}`);
  const ä: u32 = 1;
  const ö: u32 = 2;
  log.info(`${ä} ${ö}`);
}
