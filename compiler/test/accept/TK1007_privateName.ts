class Counter {
  private count: u32;
  read(): u32 {
    return this.count;
  }
}
const counter = new Counter();
export function main(): void {
  log.info(`${counter.read()}`);
}
