// Volatile integers, bools and enums, in fields and in module variables.

class R {
  a: Volatile<u32>;
  b: Volatile<bool>;
  e: Volatile<E>;
}
enum E {
  X,
  Y,
}
const r = new R();
let g: Volatile<u32> = 4;
export function main(): void {
  r.a++;
  r.b = !r.b;
  r.e = E.Y;
  g += r.a;
  log.info(`${r.a} ${r.b} ${r.e} ${g}`);
}
