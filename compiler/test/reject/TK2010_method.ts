class Counter {
  count: u32;
  next(): u32 {
    this.count += 1;
    return this.count;
  }
}
const counter = new Counter();
export function main(): void {
  counter.next(); // error TK2010
}
