@packed
class Entry {
  a: u8;
  b: u64;
}
staticAssert(sizeOf<Entry>() === 9n, "no padding");
export function main(): void {}
