// Methods, private fields and methods, static methods and constants, calls among them.

class Stack {
  static readonly CAPACITY: u32 = 4;
  private items: FixedArray<u32, 4>;
  private used: u32;

  push(item: u32): bool {
    if (this.isFull()) return false;
    this.items[this.used] = item;
    this.used += 1;
    return true;
  }

  pop(): u32 | null {
    if (this.used === 0) return null;
    this.used -= 1;
    return this.items[this.used];
  }

  private isFull(): bool {
    return this.used === Stack.CAPACITY;
  }

  static doubled(value: u32): u32 {
    return Stack.twice(value);
  }

  private static twice(value: u32): u32 {
    return value * 2;
  }

  self(): Stack {
    return this;
  }
}

class Other {
  push(item: u64): u64 {
    return item + 1n;
  }
}

const stack = new Stack();
const other = new Other();

export function main(): void {
  let pushed: u32 = 0;
  for (let i: u32 = 1; i <= 6; i++) {
    if (stack.push(i * i)) pushed += 1;
  }
  log.info(`${pushed} of 6, capacity ${Stack.CAPACITY}`);
  log.info(`${stack.pop() ?? 0} ${stack.self().self().pop() ?? 0}`);
  log.info(`${stack.pop() ?? 0} ${stack.pop() ?? 0} ${stack.pop() ?? 99}`);
  log.info(`${Stack.doubled(21)} ${other.push(1n)}`);
}
