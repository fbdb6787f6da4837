class Inner {
  x: u32;
}
class Outer {
  inner: Inner;
  list: FixedArray<Inner, 2>;
}
const elsewhere = new Inner();
function field(): Inner {
  const outer = new Outer();
  return outer.inner; // error TK4002
}
function alias(): Outer {
  const outer = new Outer();
  const other = outer;
  return other; // error TK4002
}
function choice(first: bool): Inner {
  const inner = new Inner();
  return first ? elsewhere : inner; // error TK4002
}
function element(): Inner {
  const outer = new Outer();
  return outer.list[1]; // error TK4002
}
function part(): Slice<u8> {
  const bytes = new FixedArray<u8, 4>();
  return subslice(bytes, 1, 2); // error TK4002
}
function visited(): Inner | null {
  const outer = new Outer();
  for (const inner of outer.list) {
    if (inner.x === 0) return inner; // error TK4002
  }
  return null;
}
function optional(): Inner | null {
  const inner = new Inner();
  return inner; // error TK4002
}
export function main(): void {
  log.info(`${field().x} ${alias().inner.x} ${choice(true).x} ${element().x} ${part().length}`);
  log.info(`${visited() === null} ${optional() === null}`);
}
