class Inner {
  x: u32;
}
class Outer {
  inner: Ref<Inner> | null;
}
const outer = new Outer();
export function main(): void {
  const inner = new Inner();
  outer.inner = inner; // error TK4003
}
