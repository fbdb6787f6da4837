class Counter {
  count: u32;
  next(): u32 {
    this.count += 1;
    return this.count;
  }
}
const counter = new Counter();
export function main(): void {
  void counter.next();
  const kept = counter.next();
  log.info(`${kept}`);
}
