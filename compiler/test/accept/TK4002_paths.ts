class Inner {
  x: u32;
}
class Outer {
  inner: Inner;
}
const elsewhere = new Outer();
function field(outer: Outer): Inner {
  return outer.inner;
}
function copied(): u32 {
  const outer = new Outer();
  const other = outer;
  return other.inner.x;
}
function choice(first: bool, second: Inner): Inner {
  return first ? elsewhere.inner : second;
}
export function main(): void {
  const outer = new Outer();
  log.info(`${field(outer).x} ${copied()} ${choice(true, outer.inner).x}`);
}
