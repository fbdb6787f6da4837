// Constant default values, of functions and methods.

const STEP: u32 = 10;

function add(value: u32, amount: u32 = STEP, twice: bool = false): u32 {
  return value + (twice ? amount * 2 : amount);
}

function wide(value: u64 = u64.MAX): u64 {
  return value;
}

class Counter {
  count: u32;
  advance(by: u32 = 1): u32 {
    this.count += by;
    return this.count;
  }
}

const counter = new Counter();

export function main(): void {
  log.info(`${add(1)} ${add(1, 2)} ${add(1, 2, true)}`);
  log.info(`${wide()} ${wide(3n)}`);
  log.info(`${counter.advance()} ${counter.advance(5)} ${counter.advance()}`);
}
