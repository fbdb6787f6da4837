// @packed drops all padding; fields at odd offsets read and write whole.

@packed
class Descriptor {
  kind: u8;
  base: u64;
  limit: u16;
  flags: u32;
}
staticAssert(sizeOf<Descriptor>() === 15n && alignOf<Descriptor>() === 1n);
staticAssert(offsetOf<Descriptor>("base") === 1n);
staticAssert(offsetOf<Descriptor>("limit") === 9n);
staticAssert(offsetOf<Descriptor>("flags") === 11n);

@packed
class Pointer {
  limit: u16;
  base: u64;
}
staticAssert(sizeOf<Pointer>() === 10n);

const table = new FixedArray<Descriptor, 3>();
const pointer = new Pointer();

export function main(): void {
  let index: u64 = 0n;
  for (const entry of table) {
    entry.kind = 0xaa;
    entry.base = 0xffff_8000_0000_0000n + index;
    entry.limit = 0xbbbb;
    entry.flags = 0xcccccccc;
    entry.flags += 1;
    index += 1n;
  }
  for (const entry of table) log.info(`${entry.kind} ${entry.base} ${entry.limit} ${entry.flags}`);
  pointer.base = u64.MAX;
  pointer.limit = 4095;
  log.info(`${pointer.limit} ${pointer.base}`);
}
