// Optional integers in arrays, slices, fields with initialisers, default parameters, conditionals and chains.

const a = new FixedArray<u32 | null, 3>();
class H {
  x: u32 | null = 5;
  y: bool | null = null;
  z: string | null;
}
const h = new H();
function f(s: Slice<u32 | null>): u32 {
  let t: u32 = 0;
  for (const x of s) t += x ?? 1;
  return t;
}
function g(x: u32 | null = null, y: u32 | null = 7): u32 {
  return (x ?? 1) * 10 + (y ?? 2);
}
function pick(c: bool): u32 | null {
  return c ? null : 5;
}
function both(c: bool): u32 | null {
  const r = pick(c) ?? pick(!c);
  return r;
}
export function main(): void {
  a[1] = 4;
  log.info(
    `${f(a)} ${g()} ${g(3, null)} ${pick(true) === null} ${h.x ?? 0} ${h.y ?? true} ${h.z ?? "none"} ${both(true) ?? 9}`,
  );
}
