class Base {
  x: u32;
}
class Derived {
  base: Base;
  y: u32;
}
const derived = new Derived();
export function main(): void {
  log.info(`${derived.base.x + derived.y}`);
}
