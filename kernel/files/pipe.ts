/**
 * Pipes: what one process writes, another reads.
 *
 *     buffer   | free | bytes that nobody has read | free |
 *                     ^ start             start + count ^      both modulo the capacity
 *
 * A reader waits while the pipe is empty, a writer while it is full. Without a writer the pipe ends once it is empty;
 * without a reader it is broken. It goes with its last end.
 *
 * Linux man-pages: pipe(7).
 */

import { allocateByteSlice, allocateObject, freeByteSlice, freeObject } from "../mm/heap";
import { SpaceResult } from "../mm/regions";
import { readUser, writeUser } from "../mm/userMemory";
import { Errno, refusal } from "../process/errno";
import { WaitQueue, currentProcess, waitIn, wakeQueue } from "../process/scheduler";
import { Signal } from "../process/signalNumbers";
import { isInterrupted, sendSignal } from "../process/signals";

const CAPACITY: u32 = 65_536;
/** Up to so many bytes are written whole or not at all: Linux's PIPE_BUF. */
const WHOLE_BYTES: u64 = 4096n;

export class Pipe {
  buffer: Slice<u8>;
  start: u32;
  count: u32;
  /** Open files at either end. */
  readers: u32;
  writers: u32;
  readonly readQueue: WaitQueue;
  readonly writeQueue: WaitQueue;

  /** Whether a write of any size that is written whole would not wait. */
  hasRoom(): bool {
    return u64(CAPACITY - this.count) >= WHOLE_BYTES;
  }
}

/** A pipe with both ends open. Null: out of memory. */
export function createPipe(): Pipe | null {
  const pipe = allocateObject<Pipe>();
  if (pipe === null) return null;
  const buffer = allocateByteSlice(CAPACITY);
  if (buffer === null) {
    freeObject(pipe);
    return null;
  }
  pipe.buffer = buffer;
  pipe.readers = 1;
  pipe.writers = 1;
  return pipe;
}

/** One open file less leads to this end. */
export function closePipeEnd(pipe: Pipe, isWriter: bool): void {
  if (isWriter) pipe.writers -= 1;
  else pipe.readers -= 1;
  if (pipe.writers === 0) wakeQueue(pipe.readQueue);
  if (pipe.readers === 0) wakeQueue(pipe.writeQueue);
  if (pipe.readers !== 0 || pipe.writers !== 0) return;
  freeByteSlice(pipe.buffer);
  freeObject(pipe);
}

/** read: what there is, at most `bytes`; 0: the pipe has ended. */
export function readPipe(pipe: Pipe, address: u64, bytes: u64, blocks: bool): u64 {
  if (bytes === 0n) return 0n;
  while (pipe.count === 0) {
    if (pipe.writers === 0) return 0n;
    if (!blocks) return refusal(Errno.TryAgain);
    if (isInterrupted(currentProcess())) return refusal(Errno.Interrupted);
    waitIn(pipe.readQueue);
  }
  const wanted = bytes < u64(pipe.count) ? u32(bytes) : pipe.count;
  const toEnd = CAPACITY - pipe.start;
  const first = wanted < toEnd ? wanted : toEnd;
  if (!giveBytes(pipe, address, first) || !giveBytes(pipe, wrappingAdd(address, u64(first)), wanted - first)) {
    return refusal(Errno.BadAddress);
  }
  wakeQueue(pipe.writeQueue);
  return u64(wanted);
}

/** Moves bytes out that lie in a row. */
function giveBytes(pipe: Pipe, address: u64, count: u32): bool {
  if (count === 0) return true;
  if (writeUser(address, subslice(pipe.buffer, pipe.start, pipe.start + count)) !== SpaceResult.Done) return false;
  pipe.start = (pipe.start + count) % CAPACITY;
  pipe.count -= count;
  return true;
}

/** write: waits until all is written, unless it may not wait. */
export function writePipe(pipe: Pipe, address: u64, bytes: u64, blocks: bool): u64 {
  let written: u64 = 0n;
  while (written < bytes) {
    const problem = awaitRoom(pipe, bytes, blocks);
    if (problem !== null) return written === 0n ? refusal(problem) : written;
    const moved = takeBytes(pipe, wrappingAdd(address, written), bytes - written);
    if (moved === 0) return written === 0n ? refusal(Errno.BadAddress) : written;
    written += u64(moved);
    wakeQueue(pipe.readQueue);
  }
  return written;
}

/** Waits until there is room. Null: there is; else why not. */
function awaitRoom(pipe: Pipe, bytes: u64, blocks: bool): Errno | null {
  const needed = bytes <= WHOLE_BYTES ? u32(bytes) : 1;
  while (true) {
    if (pipe.readers === 0) {
      sendSignal(currentProcess(), u32(Signal.Pipe));
      return Errno.BrokenPipe;
    }
    if (CAPACITY - pipe.count >= needed) return null;
    if (!blocks) return Errno.TryAgain;
    if (isInterrupted(currentProcess())) return Errno.Interrupted;
    waitIn(pipe.writeQueue);
  }
}

/** Moves bytes in, as many as have room. 0: they cannot be read. */
function takeBytes(pipe: Pipe, address: u64, left: u64): u32 {
  const room = CAPACITY - pipe.count;
  const wanted = left < u64(room) ? u32(left) : room;
  const at = (pipe.start + pipe.count) % CAPACITY;
  const toEnd = CAPACITY - at;
  const first = wanted < toEnd ? wanted : toEnd;
  if (readUser(subslice(pipe.buffer, at, at + first), address) !== SpaceResult.Done) return 0;
  const rest = subslice(pipe.buffer, 0, wanted - first);
  if (readUser(rest, wrappingAdd(address, u64(first))) !== SpaceResult.Done) return 0;
  pipe.count += wanted;
  return wanted;
}
