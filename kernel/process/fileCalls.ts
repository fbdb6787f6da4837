/**
 * System calls about files. So far there is one: the console, which descriptors 0, 1 and 2 lead to.
 *
 * Linux man-pages: read(2), write(2), writev(2), ioctl(2).
 */

import { putText } from "../console/console";
import { SpaceResult } from "../mm/regions";
import { readUser, readUserWord } from "../mm/userMemory";
import { Errno, refusal } from "./errno";

const CONSOLE_DESCRIPTORS: u64 = 3n;
/** Linux writes no more at once. */
const MOST_BYTES: u64 = 0x7fff_f000n;
const MOST_VECTORS: u64 = 1024n;
const VECTOR_BYTES: u64 = 16n;

const buffer = new FixedArray<u8, 512>();

/** read: the console has no input yet, which is the end of it. */
export function readBytes(descriptor: u64): u64 {
  return descriptor < CONSOLE_DESCRIPTORS ? 0n : refusal(Errno.BadDescriptor);
}

/** write: how many bytes were written. */
export function writeBytes(descriptor: u64, address: u64, bytes: u64): u64 {
  if (descriptor >= CONSOLE_DESCRIPTORS) return refusal(Errno.BadDescriptor);
  const wanted = bytes < MOST_BYTES ? bytes : MOST_BYTES;
  let written: u64 = 0n;
  while (written < wanted) {
    const left = wanted - written;
    const part = subslice(buffer, 0, left < u64(buffer.length) ? u32(left) : buffer.length);
    if (readUser(part, wrappingAdd(address, written)) !== SpaceResult.Done) break;
    for (const byte of part) putText(byte);
    written += u64(part.length);
  }
  return written === 0n && wanted !== 0n ? refusal(Errno.BadAddress) : written;
}

/** writev: `count` pairs of address and length, one after the other. */
export function writeVector(descriptor: u64, vectors: u64, count: u64): u64 {
  if (descriptor >= CONSOLE_DESCRIPTORS) return refusal(Errno.BadDescriptor);
  if (count > MOST_VECTORS) return refusal(Errno.Invalid);
  let written: u64 = 0n;
  for (let i: u64 = 0n; i < count; i += 1n) {
    const at = wrappingAdd(vectors, i * VECTOR_BYTES);
    const address = readUserWord(at);
    const bytes = readUserWord(wrappingAdd(at, 8n));
    if (address === null || bytes === null) return written === 0n ? refusal(Errno.BadAddress) : written;
    const answer = writeBytes(descriptor, address, bytes);
    if (answer > MOST_BYTES) return written === 0n ? answer : written;
    written += answer;
    if (answer < bytes) break;
  }
  return written;
}

/** ioctl: the console has no settings. */
export function controlTerminal(descriptor: u64): u64 {
  return refusal(descriptor < CONSOLE_DESCRIPTORS ? Errno.NotTerminal : Errno.BadDescriptor);
}
