// A bitmap that finds its lowest set bit, as the frame allocator does.

const WORDS = 4;

class Bitmap {
  private words: FixedArray<u64, typeof WORDS>;

  set(index: u32): void {
    this.words[index / 64] |= 1n << u64(index % 64);
  }

  clear(index: u32): void {
    this.words[index / 64] &= ~(1n << u64(index % 64));
  }

  isSet(index: u32): bool {
    return ((this.words[index / 64] >> u64(index % 64)) & 1n) === 1n;
  }

  first(): u32 | null {
    for (let i: u32 = 0; i < WORDS; i++) {
      if (this.words[i] !== 0n) return i * 64 + trailingZeros(this.words[i]);
    }
    return null;
  }

  count(): u32 {
    let total: u32 = 0;
    for (const word of this.words) total += popCount(word);
    return total;
  }
}

const bitmap = new Bitmap();

export function main(): void {
  log.info(`${bitmap.first() ?? 999} ${bitmap.count()}`);
  for (let i: u32 = 3; i < 256; i += 63) bitmap.set(i);
  log.info(`${bitmap.count()} ${bitmap.isSet(66)} ${bitmap.isSet(67)}`);
  while (true) {
    const index = bitmap.first();
    if (index === null) break;
    log.info(`${index}`);
    bitmap.clear(index);
  }
  log.info(`${bitmap.count()}`);
}
