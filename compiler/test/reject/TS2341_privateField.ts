class Counter {
  private count: u32;
}
const counter = new Counter();
export function main(): void {
  log.info(`${counter.count}`); // error TS2341
}
