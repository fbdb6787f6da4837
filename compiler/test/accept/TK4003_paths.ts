class Inner {
  x: u32;
}
class Holder {
  inner: Ref<Inner> | null;
  view: Slice<u8>;
}
const inner = new Inner();
const bytes = new FixedArray<u8, 4>();
const holder = new Holder();
const table = new FixedArray<Ref<Inner> | null, 2>();
let view: Slice<u8> = emptySlice<u8>();
export function main(): void {
  holder.inner = inner;
  holder.view = bytes;
  table[0] = inner;
  view = subslice(bytes, 0, 1);
}
