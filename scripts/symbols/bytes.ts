/** Reads and writes numbers and text along bytes: little endian, and LEB128. */

const WORD = 0x1_0000_0000;
const MAX_LEB128_BYTES = 10;

const UTF8 = new TextDecoder();

/** What lies beyond the end is an error that names the section and the place. */
export class ByteReader {
  readonly #view: DataView;

  /**
   * @param bytes all of a section, so that places in it count from its start
   * @param name of the section, for errors
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly name: string,
    public at = 0,
    readonly end = bytes.length,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (at < 0 || at > end || end > bytes.length) this.fail("is pointed to outside of its bytes");
  }

  u8(): number {
    const { at } = this;
    if (at >= this.end) this.fail("ends too early");
    this.at = at + 1;
    return this.bytes[at];
  }

  u16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  /**
   * 64 bits, signed. Exact for whatever a file can hold, and for addresses: those of x86_64 have 48 bits, the upper 16
   * repeat the last of them. The kernel's, in the topmost 2 GiB, are negative, and integers of 32 bits, which V8 is
   * quick with.
   */
  i64(): number {
    const at = this.#pass(8);
    const low = this.#view.getInt32(at, true);
    const high = this.#view.getInt32(at + 4, true);
    return high === low >> 31 ? low : high * WORD + (low >>> 0);
  }

  /** Unsigned LEB128. */
  unsigned(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let count = 1; byte >= 0x80; count += 1) {
      if (count === MAX_LEB128_BYTES) this.fail("has a number without end");
      byte = this.u8();
      value += (byte & 0x7f) * 2 ** (7 * count);
    }
    return value;
  }

  /** Signed LEB128: the last byte's bit 6 is the sign. */
  signed(): number {
    const start = this.at;
    const value = this.unsigned();
    const isNegative = (this.bytes[this.at - 1] & 0x40) !== 0;
    return isNegative ? value - 2 ** (7 * (this.at - start)) : value;
  }

  /** How many things follow, of a byte at least each. */
  count(): number {
    const count = this.unsigned();
    if (count > this.end - this.at) this.fail("has more entries than bytes");
    return count;
  }

  skip(count: number): void {
    this.#pass(count);
  }

  /** Moves behind the 0 that ends a text. */
  skipText(): void {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0 || end >= this.end) this.fail("has a text without end");
    this.at = end + 1;
  }

  /** UTF-8 up to a 0. */
  text(): string {
    const start = this.at;
    this.skipText();
    return UTF8.decode(this.bytes.subarray(start, this.at - 1));
  }

  fail(what: string): never {
    throw new Error(`${this.name} ${what}, at 0x${this.at.toString(16)}`);
  }

  #pass(count: number): number {
    const { at } = this;
    if (count > this.end - at) this.fail("ends too early");
    this.at = at + count;
    return at;
  }
}

/** Bytes that grow as they are written. */
export class ByteWriter {
  #bytes = new Uint8Array(0x1000);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** All that was written. */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  u8(value: number): void {
    if (this.#size === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#size] = value;
    this.#size += 1;
  }

  u16(value: number): void {
    this.u8(value);
    this.u8(value >>> 8);
  }

  u32(value: number): void {
    this.u16(value);
    this.u16(value >>> 16);
  }

  append(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** Unsigned LEB128. */
  unsigned(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.u8((rest & 0x7f) | 0x80);
    this.u8(rest);
  }

  /** Signed LEB128. */
  signed(value: number): void {
    let rest = value;
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.u8((rest & 0x7f) | 0x80);
    this.u8(rest & 0x7f);
  }

  #grow(count: number): void {
    if (this.#size + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#size + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
