// Physical memory: all of it is there, and costs nothing until it is written. The program's own bytes are part of it.
//
//   physical address >> 16 = number of a chunk --map--> 64 KiB of bytes; a chunk that is not in the map reads as zeros

/** Bytes in a chunk. */
const CHUNK_SIZE = 0x1_0000;
const CHUNK_MASK = CHUNK_SIZE - 1;

/** Bytes that physical memory shares with somebody else. */
interface Window {
  readonly start: number;
  readonly bytes: ArrayBuffer;
}

/** Offset of an address in its chunk. */
export const offsetInChunk = (address: number): number => address & CHUNK_MASK;

export class PhysicalMemory {
  private readonly chunks = new Map<number, DataView>();
  private windows: readonly Window[] = [];
  private lastNumber = -1;
  private last: DataView = new DataView(new ArrayBuffer(0));

  /** Makes `bytes` the memory from `start` on. Both are whole chunks. */
  share(start: number, bytes: ArrayBuffer): void {
    this.windows = [...this.windows, { start, bytes }];
  }

  /** Everything reads as zeros again, also what was reached of the bytes that are shared. */
  clear(): void {
    for (const { buffer, byteOffset } of this.chunks.values()) {
      if (this.windows.some(({ bytes }) => bytes === buffer)) new Uint8Array(buffer, byteOffset, CHUNK_SIZE).fill(0);
    }
    this.chunks.clear();
    this.lastNumber = -1;
  }

  /** The chunk around an address, made when it is not there. */
  chunkAt(address: number): DataView {
    const number = Math.floor(address / CHUNK_SIZE);
    if (number === this.lastNumber) return this.last;
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = this.makeChunk(number * CHUNK_SIZE);
      this.chunks.set(number, chunk);
    }
    this.lastNumber = number;
    this.last = chunk;
    return chunk;
  }

  private makeChunk(start: number): DataView {
    const window = this.windows.find((each) => start >= each.start && start < each.start + each.bytes.byteLength);
    if (window === undefined) return new DataView(new ArrayBuffer(CHUNK_SIZE));
    return new DataView(window.bytes, start - window.start, CHUNK_SIZE);
  }

  read8(address: number): number {
    return this.chunkAt(address).getUint8(address & CHUNK_MASK);
  }

  write8(address: number, value: number): void {
    this.chunkAt(address).setUint8(address & CHUNK_MASK, value);
  }

  /** Eight bytes from an address that is a multiple of eight. */
  read64(address: number): bigint {
    return this.chunkAt(address).getBigUint64(address & CHUNK_MASK, true);
  }

  write64(address: number, value: bigint): void {
    this.chunkAt(address).setBigUint64(address & CHUNK_MASK, value, true);
  }

  /** Sets bytes of one page. */
  fill(address: number, value: number, bytes: number): void {
    const chunk = this.chunkAt(address);
    new Uint8Array(chunk.buffer, chunk.byteOffset + (address & CHUNK_MASK), bytes).fill(value);
  }

  /** The bytes of one page or less, not copied. */
  bytes(address: number, length: number): Uint8Array {
    const chunk = this.chunkAt(address);
    return new Uint8Array(chunk.buffer, chunk.byteOffset + (address & CHUNK_MASK), length);
  }
}
