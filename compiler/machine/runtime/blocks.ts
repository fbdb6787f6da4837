// Operations on many bytes at once, page by page as far as the pages of both sides reach.

import { PAGE_MASK, PAGE_SIZE, toPointer } from "../layout";
import type { Machine } from "../machine";

/** Bytes from a pointer to the end of its page. */
const restOfPage = (pointer: number): number => PAGE_SIZE - (pointer & PAGE_MASK);

export function blockHelpers(machine: Machine) {
  const { memory } = machine;

  function fill(pointer: number, value: number, bytes: number): void {
    for (let done = 0; done < bytes;) {
      const count = Math.min(bytes - done, restOfPage(pointer + done));
      memory.fill(machine.translate(pointer + done, "write"), value, count);
      done += count;
    }
  }

  /** Copies; where the ranges overlap, as if through a buffer. */
  function copy(target: number, source: number, bytes: number): void {
    const buffer = readBytes(source, bytes);
    for (let done = 0; done < bytes;) {
      const count = Math.min(bytes - done, restOfPage(target + done));
      memory.bytes(machine.translate(target + done, "write"), count).set(buffer.subarray(done, done + count));
      done += count;
    }
  }

  /** A copy of some bytes. */
  function readBytes(pointer: number, bytes: number): Uint8Array {
    const buffer = new Uint8Array(bytes);
    for (let done = 0; done < bytes;) {
      const count = Math.min(bytes - done, restOfPage(pointer + done));
      buffer.set(memory.bytes(machine.translate(pointer + done, "read"), count), done);
      done += count;
    }
    return buffer;
  }

  return {
    fill,
    copy,
    readBytes,
    zero: (pointer: number, bytes: number) => fill(pointer, 0, bytes),
    /** Storage on the stack, ready for its initial value. */
    zeroed(pointer: number, bytes: number): number {
      fill(pointer, 0, bytes);
      return pointer;
    },
    zeroMemory: (address: bigint, bytes: bigint) => fill(toPointer(address), 0, Number(bytes)),
    fillMemory: (address: bigint, value: number, bytes: bigint) => fill(toPointer(address), value, Number(bytes)),
    copyMemory: (target: bigint, source: bigint, bytes: bigint) =>
      copy(toPointer(target), toPointer(source), Number(bytes)),
  };
}

export type BlockHelpers = ReturnType<typeof blockHelpers>;
