// A class without fields takes no room.

class E {}
const e = new E();
const es = new FixedArray<E, 3>();
class H {
  e: E;
  x: u32;
}
const h = new H();
export function main(): void {
  const l = new E();
  log.info(`${sizeOf<E>()} ${sizeOf<H>()} ${addressOf(l) !== 0n} ${addressOf(e) !== 0n} ${es.length} ${h.x}`);
}
