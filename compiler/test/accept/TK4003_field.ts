class Inner {
  x: u32;
}
class Outer {
  inner: Inner;
}
const outer = new Outer();
export function main(): void {
  const inner = new Inner();
  copyStruct(outer.inner, inner);
}
