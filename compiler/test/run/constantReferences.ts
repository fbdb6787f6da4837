// A second name for static storage is the same object.

class A {
  x: u32;
}
const a = new A();
const b = a;
const c: A = a;
export function main(): void {
  b.x = 5;
  log.info(`${c.x} ${b === c}`);
}
