// Slices of slices, and Many of Many.

const a = new FixedArray<u8, 4>();
const s = new FixedArray<Slice<u8>, 2>();
function sum(x: Slice<Slice<u8>>): u32 {
  let t: u32 = 0;
  for (const y of x) for (const z of y) t += z;
  return t;
}
export function main(): void {
  a[0] = 3;
  s[1] = a;
  log.info(`${sum(s)}`);
  const m = overlay<Many<Many<u8>>>(addressOf(a));
  log.info(`${addressOf(m) === addressOf(a)}`);
}
