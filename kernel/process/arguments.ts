/**
 * What a program is started with: its arguments and its environment, copied out of whoever starts it before that one's
 * memory goes.
 *
 *     bytes   | "ls\0" | "-l\0" | ... arguments | "HOME=/\0" | ... environment |   unused
 */

import { PAGE_SIZE } from "../../arch/x86_64/addresses";
import { readUser, readUserWord } from "../mm/userMemory";
import { SpaceResult } from "../mm/regions";
import { Errno } from "./errno";

/** Bytes of all arguments and the environment, their ends included. */
export const MAX_ARGUMENT_BYTES: u32 = 65_536;

/** One program at a time is started, so one of these is enough. */
export class Arguments {
  readonly bytes: FixedArray<u8, 65536>;
  used: u32;
  argumentCount: u32;
  /** Bytes of the arguments alone. */
  argumentBytes: u32;
  environmentCount: u32;

  clear(): void {
    this.used = 0;
    this.argumentCount = 0;
    this.argumentBytes = 0;
    this.environmentCount = 0;
  }

  /** Adds an argument. All arguments come before the environment. False: no room. */
  addArgument(text: string): bool {
    const bytes = bytesOf(text);
    if (bytes.length >= MAX_ARGUMENT_BYTES - this.used) return false;
    for (const byte of bytes) this.put(byte);
    this.put(0);
    this.argumentCount += 1;
    this.argumentBytes = this.used;
    return true;
  }

  /** The filled part. */
  block(): Slice<u8> {
    return subslice(this.bytes, 0, this.used);
  }

  /** The arguments alone. */
  argumentBlock(): Slice<u8> {
    return subslice(this.bytes, 0, this.argumentBytes);
  }

  private put(byte: u8): void {
    this.bytes[this.used] = byte;
    this.used += 1;
  }

  /** Copies two null-terminated lists of strings out of the program's memory. Null: done, else why not. */
  readFrom(argumentList: u64, environmentList: u64): Errno | null {
    this.clear();
    const first = this.readList(argumentList);
    if (first.problem !== null) return first.problem;
    this.argumentCount = first.count;
    this.argumentBytes = this.used;
    const second = this.readList(environmentList);
    this.environmentCount = second.count;
    return second.problem;
  }

  /** A list at 0 is empty, as in Linux. */
  private readList(list: u64): ListRead {
    listRead.count = 0;
    listRead.problem = null;
    if (list === 0n) return listRead;
    let at = list;
    while (listRead.problem === null) {
      const text = readUserWord(at);
      if (text === null) listRead.problem = Errno.BadAddress;
      else if (text === 0n) break;
      else listRead.problem = this.readString(text);
      if (listRead.problem === null) listRead.count += 1;
      at = wrappingAdd(at, 8n);
    }
    return listRead;
  }

  private readString(address: u64): Errno | null {
    const length = readUserString(subslice(this.bytes, this.used, MAX_ARGUMENT_BYTES), address);
    if (length === null) return Errno.BadAddress;
    if (length >= MAX_ARGUMENT_BYTES - this.used) return Errno.TooBig;
    this.used += length + 1;
    return null;
  }
}

class ListRead {
  count: u32;
  problem: Errno | null;
}
const listRead = new ListRead();

/**
 * Copies a string that ends with a zero byte out of the program's memory. Its length without the end; that of `target`
 * if it does not fit; null if it cannot be read.
 */
export function readUserString(target: Slice<u8>, address: u64): u32 | null {
  let length: u32 = 0;
  while (length < target.length) {
    const start = wrappingAdd(address, u64(length));
    const inPage = u32(PAGE_SIZE - (start % PAGE_SIZE));
    const room = target.length - length;
    const part = subslice(target, length, length + (inPage < room ? inPage : room));
    if (readUser(part, start) !== SpaceResult.Done) return null;
    for (let i: u32 = 0; i < part.length; i += 1) {
      if (part[i] === 0) return length + i;
    }
    length += part.length;
  }
  return target.length;
}
