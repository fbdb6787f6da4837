// Reading and writing the program's memory. The image is read directly as long as no page tables are walked;
// everything else goes through the machine's translation, piece by piece where it crosses a page.

import { PAGE_MASK, PAGE_SIZE } from "../layout";
import type { Machine } from "../machine";
import { offsetInChunk } from "../physicalMemory";
import { Span, emptySpan } from "./span";

/** 2^32. */
const HIGH = 0x1_0000_0000;

/** Accesses of a few bytes at any address. Values of up to 32 bits are unsigned numbers. */
export interface Access {
  readonly load8: (pointer: number) => number;
  readonly load16: (pointer: number) => number;
  readonly load32: (pointer: number) => number;
  readonly load64: (pointer: number) => bigint;
  readonly store8: (pointer: number, value: number) => void;
  readonly store16: (pointer: number, value: number) => void;
  readonly store32: (pointer: number, value: number) => void;
  readonly store64: (pointer: number, value: bigint) => void;
}

const crosses = (pointer: number, bytes: number): boolean => (pointer & PAGE_MASK) > PAGE_SIZE - bytes;

/** The way of every access that is not plainly in the image. */
function translatedAccess(machine: Machine): Access {
  const { memory } = machine;
  const access: Access = {
    load8(pointer) {
      const at = machine.translate(pointer, "read");
      return memory.chunkAt(at).getUint8(offsetInChunk(at));
    },
    load16(pointer) {
      if (crosses(pointer, 2)) return access.load8(pointer) | (access.load8(pointer + 1) << 8);
      const at = machine.translate(pointer, "read");
      return memory.chunkAt(at).getUint16(offsetInChunk(at), true);
    },
    load32(pointer) {
      if (crosses(pointer, 4)) return (access.load16(pointer) | (access.load16(pointer + 2) << 16)) >>> 0;
      const at = machine.translate(pointer, "read");
      return memory.chunkAt(at).getUint32(offsetInChunk(at), true);
    },
    load64(pointer) {
      if (crosses(pointer, 8)) return BigInt(access.load32(pointer)) | (BigInt(access.load32(pointer + 4)) << 32n);
      const at = machine.translate(pointer, "read");
      return memory.chunkAt(at).getBigUint64(offsetInChunk(at), true);
    },
    store8(pointer, value) {
      const at = machine.translate(pointer, "write");
      memory.chunkAt(at).setUint8(offsetInChunk(at), value);
    },
    store16(pointer, value) {
      if (crosses(pointer, 2)) return inParts(access.store8, pointer, value, value >> 8, 1);
      const at = machine.translate(pointer, "write");
      memory.chunkAt(at).setUint16(offsetInChunk(at), value, true);
    },
    store32(pointer, value) {
      if (crosses(pointer, 4)) return inParts(access.store16, pointer, value, value >> 16, 2);
      const at = machine.translate(pointer, "write");
      memory.chunkAt(at).setUint32(offsetInChunk(at), value, true);
    },
    store64(pointer, value) {
      const low = Number(BigInt.asUintN(32, value));
      if (crosses(pointer, 8)) return inParts(access.store32, pointer, low, Number(BigInt.asIntN(32, value >> 32n)), 4);
      const at = machine.translate(pointer, "write");
      memory.chunkAt(at).setBigUint64(offsetInChunk(at), value, true);
    },
  };
  return access;
}

function inParts(
  write: (pointer: number, value: number) => void,
  pointer: number,
  low: number,
  high: number,
  bytes: number,
): void {
  write(pointer, low);
  write(pointer + bytes, high);
}

/** Accesses that try the image first: as far as `directBytes`, which is 0 while page tables decide. */
function directAccess(machine: Machine): Access {
  const slow = translatedAccess(machine);
  const { image } = machine;
  const { view, base } = image;
  const isDirect = (at: number, bytes: number): boolean => at >= 0 && at <= image.directBytes - bytes;
  return {
    load8: (pointer) => (isDirect(pointer - base, 1) ? view.getUint8(pointer - base) : slow.load8(pointer)),
    load16: (pointer) => (isDirect(pointer - base, 2) ? view.getUint16(pointer - base, true) : slow.load16(pointer)),
    load32: (pointer) => (isDirect(pointer - base, 4) ? view.getUint32(pointer - base, true) : slow.load32(pointer)),
    load64: (pointer) => (isDirect(pointer - base, 8) ? view.getBigUint64(pointer - base, true) : slow.load64(pointer)),
    store8(pointer, value) {
      if (isDirect(pointer - base, 1)) view.setUint8(pointer - base, value);
      else slow.store8(pointer, value);
    },
    store16(pointer, value) {
      if (isDirect(pointer - base, 2)) view.setUint16(pointer - base, value, true);
      else slow.store16(pointer, value);
    },
    store32(pointer, value) {
      if (isDirect(pointer - base, 4)) view.setUint32(pointer - base, value, true);
      else slow.store32(pointer, value);
    },
    store64(pointer, value) {
      if (isDirect(pointer - base, 8)) view.setBigUint64(pointer - base, value, true);
      else slow.store64(pointer, value);
    },
  };
}

/** What generated code calls, one pair of functions per kind of storage. */
export function memoryHelpers(machine: Machine) {
  const access = directAccess(machine);
  const { load8, load32, store8, store32 } = access;
  const loadPointer = (pointer: number): number => (load32(pointer + 4) | 0) * HIGH + load32(pointer);
  const storePointer = (pointer: number, value: number): void => {
    store32(pointer, value);
    store32(pointer + 4, Math.floor(value / HIGH));
  };
  return {
    ...access,
    loadI8: (pointer: number) => (load8(pointer) << 24) >> 24,
    loadI16: (pointer: number) => (access.load16(pointer) << 16) >> 16,
    loadI32: (pointer: number) => load32(pointer) | 0,
    loadI64: (pointer: number) => BigInt.asIntN(64, access.load64(pointer)),
    loadBool: (pointer: number) => load8(pointer) !== 0,
    storeBool: (pointer: number, value: boolean) => store8(pointer, value ? 1 : 0),
    loadPointer,
    storePointer,
    loadSpan: (pointer: number) => new Span(loadPointer(pointer), load32(pointer + 8)),
    storeSpan(pointer: number, value: Span) {
      storePointer(pointer, value.address);
      store32(pointer + 8, value.length);
    },
    loadOptional: <T>(pointer: number, flag: number, load: (pointer: number) => T): T | null =>
      load8(pointer + flag) === 0 ? null : load(pointer),
    storeOptional<T>(pointer: number, flag: number, store: (pointer: number, value: T) => void, value: T | null) {
      if (value !== null) store(pointer, value);
      else for (let at = 0; at < flag; at += 1) store8(pointer + at, 0);
      store8(pointer + flag, value === null ? 0 : 1);
    },
    storeTable<T>(pointer: number, size: number, store: (pointer: number, value: T) => void, values: readonly T[]) {
      for (const [index, value] of values.entries()) store(pointer + index * size, value);
    },
    emptySpan,
  };
}

export type MemoryHelpers = ReturnType<typeof memoryHelpers>;
