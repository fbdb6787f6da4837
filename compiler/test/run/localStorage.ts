// Objects and arrays on the stack: passed down, changed there, sliced, and gone afterwards.

class Buffer {
  bytes: FixedArray<u8, 8>;
  used: u32;
  push(byte: u8): void {
    this.bytes[this.used] = byte;
    this.used += 1;
  }
  view(): Slice<u8> {
    return subslice(this.bytes, 0, this.used);
  }
}

function fill(buffer: Buffer, count: u32): void {
  for (let i: u32 = 0; i < count; i++) buffer.push(u8(i + 65));
}

function depth(level: u32): u32 {
  const own = new Buffer();
  fill(own, level);
  const below = level === 0 ? 0 : depth(level - 1);
  return below * 10 + u32(own.view().length);
}

export function main(): void {
  const buffer = new Buffer();
  fill(buffer, 3);
  log.info(stringOver(buffer.view()));
  log.info(`${depth(4)}`);
  const scratch = new FixedArray<u16, 4>();
  for (const value of scratch) log.info(`${value}`);
  const alias: Buffer = buffer;
  alias.push(68);
  log.info(`${buffer.used} ${stringOver(alias.view())}`);
}
