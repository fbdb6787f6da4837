class Entry {
  a: u8;
  b: u64;
}
staticAssert(sizeOf<Entry>() === 9n, "no padding"); // error TK3006
export function main(): void {}
