class Inner {
  x: u32;
}
class Holder {
  inner: Ref<Inner> | null;
  view: Slice<u8>;
}
const holder = new Holder();
const table = new FixedArray<Ref<Inner> | null, 2>();
let view: Slice<u8> = emptySlice<u8>();
export function main(): void {
  const inner = new Inner();
  const bytes = new FixedArray<u8, 4>();
  holder.inner = inner; // error TK4003
  holder.view = bytes; // error TK4003
  table[0] = inner; // error TK4003
  view = subslice(bytes, 0, 1); // error TK4003
}
