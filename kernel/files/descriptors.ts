/**
 * Descriptors: the numbers by which a process names its open files, the lowest free one first.
 *
 *     used      a bit for each that is in use
 *     closing   a bit for each that execve closes
 *
 * Linux man-pages: open(2), dup(2), fcntl(2).
 */

import { type OpenFile, openTerminal, releaseOpenFile, shareOpenFile } from "./openFile";

/** Descriptors of a process: 0 up to, not including, this. */
export const MAX_DESCRIPTORS: u32 = 256;
const WORD_BITS: u32 = 64;

/** What a process has open, and where its relative paths begin. */
export class Descriptors {
  private readonly files: FixedArray<Ref<OpenFile> | null, 256>;
  private readonly used: FixedArray<u64, 4>;
  private readonly closing: FixedArray<u64, 4>;

  /** The open file of a number that a program gave. Null: there is none. */
  file(descriptor: u64): OpenFile | null {
    return descriptor < u64(MAX_DESCRIPTORS) ? this.files[u32(descriptor)] : null;
  }

  /** The same, if it may be read from. */
  readable(descriptor: u64): OpenFile | null {
    const file = this.file(descriptor);
    return file !== null && file.mayRead() ? file : null;
  }

  /** The same, if it may be written to. */
  writable(descriptor: u64): OpenFile | null {
    const file = this.file(descriptor);
    return file !== null && file.mayWrite() ? file : null;
  }

  /** The lowest free descriptor from this one on. Null: all are in use. */
  lowestFree(from: u32): u32 | null {
    if (from >= MAX_DESCRIPTORS) return null;
    let word = from / WORD_BITS;
    let taken = this.used[word] | ((1n << u64(from % WORD_BITS)) - 1n);
    while (taken === u64.MAX) {
      word += 1;
      if (word === this.used.length) return null;
      taken = this.used[word];
    }
    return word * WORD_BITS + trailingZeros(~taken);
  }

  /** Lets a free descriptor lead to an open file, whose reference it takes over. */
  install(descriptor: u32, file: OpenFile, closesOnExecute: bool): void {
    assert(this.files[descriptor] === null, "the descriptor is free");
    this.files[descriptor] = file;
    this.used[descriptor / WORD_BITS] |= 1n << u64(descriptor % WORD_BITS);
    this.setClosing(descriptor, closesOnExecute);
  }

  /** False: there is no such descriptor. */
  close(descriptor: u64): bool {
    const file = this.file(descriptor);
    if (file === null) return false;
    const number = u32(descriptor);
    this.files[number] = null;
    this.used[number / WORD_BITS] &= ~(1n << u64(number % WORD_BITS));
    this.setClosing(number, false);
    releaseOpenFile(file);
    return true;
  }

  isClosing(descriptor: u32): bool {
    return (this.closing[descriptor / WORD_BITS] & (1n << u64(descriptor % WORD_BITS))) !== 0n;
  }

  setClosing(descriptor: u32, on: bool): void {
    const bit = 1n << u64(descriptor % WORD_BITS);
    if (on) this.closing[descriptor / WORD_BITS] |= bit;
    else this.closing[descriptor / WORD_BITS] &= ~bit;
  }

  /** A child begins with all its parent has. This one has nothing yet. */
  inherit(parent: Descriptors): void {
    for (let word: u32 = 0; word < this.used.length; word += 1) {
      this.used[word] = parent.used[word];
      this.closing[word] = parent.closing[word];
      for (let left = parent.used[word]; left !== 0n; left &= left - 1n) {
        const descriptor = word * WORD_BITS + trailingZeros(left);
        const file = parent.files[descriptor];
        if (file === null) panic("a descriptor in use leads to an open file");
        shareOpenFile(file);
        this.files[descriptor] = file;
      }
    }
  }

  /** Closes those that another program is not to have. */
  closeOnExecute(): void {
    for (let word: u32 = 0; word < this.used.length; word += 1) this.closeWord(word, this.closing[word]);
  }

  closeAll(): void {
    for (let word: u32 = 0; word < this.used.length; word += 1) this.closeWord(word, this.used[word]);
  }

  private closeWord(word: u32, bits: u64): void {
    for (let left = bits; left !== 0n; left &= left - 1n) {
      void this.close(u64(word * WORD_BITS + trailingZeros(left)));
    }
  }
}

/** Descriptors 0, 1 and 2 of the first process: the terminal. False: out of memory. */
export function openStandardFiles(descriptors: Descriptors): bool {
  const file = openTerminal();
  if (file === null) return false;
  descriptors.install(0, file, false);
  for (let descriptor: u32 = 1; descriptor < 3; descriptor += 1) {
    shareOpenFile(file);
    descriptors.install(descriptor, file, false);
  }
  return true;
}
