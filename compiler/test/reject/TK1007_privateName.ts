class Counter {
  #count: u32; // error TK1007
}
const counter = new Counter();
export function main(): void {
  log.info(`${addressOf(counter)}`);
}
