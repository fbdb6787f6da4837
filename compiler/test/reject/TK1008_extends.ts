class Base {
  x: u32;
}
class Derived extends Base { // error TK1008
  y: u32;
}
const derived = new Derived();
export function main(): void {
  log.info(`${derived.y}`);
}
