// Generic classes over types and over lengths.

class Ring<T, N extends number> {
  private items: FixedArray<T, N>;
  private start: u32;
  private used: u32;

  push(item: T): bool {
    if (this.used === this.items.length) return false;
    this.items[(this.start + this.used) % u32(this.items.length)] = item;
    this.used += 1;
    return true;
  }

  shift(): T | null {
    if (this.used === 0) return null;
    const item = this.items[this.start];
    this.start = (this.start + 1) % u32(this.items.length);
    this.used -= 1;
    return item;
  }
}

class Pair<A, B> {
  first: A;
  second: B;
  static size(): u32 {
    return 2;
  }
}

class Holder {
  bytes: Ring<u8, 2>;
  pair: Pair<u8, u64>;
}
staticAssert(offsetOf<Pair<u8, u64>>("second") === 8n);
staticAssert(sizeOf<Pair<u8, u8>>() === 2n);

const words = new Ring<u64, 3>();
const holder = new Holder();
const nested = new Pair<Pair<u8, u16>, bool>();

function sum(pair: Pair<u8, u64>): u64 {
  return u64(pair.first) + pair.second;
}

export function main(): void {
  log.info(`${words.push(1n)} ${words.push(2n)} ${words.push(3n)} ${words.push(4n)}`);
  log.info(`${words.shift() ?? 0n}`);
  log.info(`${words.push(u64.MAX)}`);
  log.info(`${words.shift() ?? 0n} ${words.shift() ?? 0n} ${words.shift() ?? 0n} ${words.shift() ?? 0n}`);
  log.info(`${holder.bytes.push(255)} ${holder.bytes.push(1)} ${holder.bytes.push(2)} ${holder.bytes.shift() ?? 0}`);
  holder.pair.first = 5;
  holder.pair.second = 6n;
  log.info(`${sum(holder.pair)}`);
  nested.first.second = 500;
  nested.second = true;
  log.info(`${nested.first.first} ${nested.first.second} ${nested.second} ${sizeOf<Ring<u8, 2>>()}`);
}
