// Functions that take and give functions; tables of functions that may be null.

type F = (x: u32) => u32;
type G = (f: F) => F;
function inc(x: u32): u32 {
  return x + 1;
}
function same(f: F): F {
  return f;
}
const T: FixedArray<F | null, 2> = [null, inc];
class H {
  g: G | null;
}
const h = new H();
export function main(): void {
  h.g = same;
  const g: G = same;
  log.info(`${g(inc)(4)} ${T[0] === null}`);
  const f = T[1];
  if (f !== null) log.info(`${f(1)}`);
}
