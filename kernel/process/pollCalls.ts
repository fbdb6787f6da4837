/**
 * System calls that wait for one of several open files.
 *
 * Linux man-pages: poll(2).
 */

import { type OpenFile } from "../files/openFile";
import { MAX_DESCRIPTORS } from "../files/descriptors";
import { elapsedMicroseconds } from "../clock";
import { SpaceResult } from "../mm/regions";
import { readUserObject, writeUserObject } from "../mm/userMemory";
import { terminal } from "../terminal/terminal";
import { Errno, refusal } from "./errno";
import { type Process } from "./process";
import { NEVER, waitForAny } from "./scheduler";
import { isInterrupted } from "./signals";
import { readDuration } from "./timeCalls";

/** struct pollfd. */
class PollRequest {
  descriptor: u32;
  wanted: u16;
  found: u16;
}
staticAssert(sizeOf<PollRequest>() === 8n);

const CAN_READ: u16 = 0x01;
const CAN_WRITE: u16 = 0x04;
const HAS_FAILED: u16 = 0x08;
const HAS_ENDED: u16 = 0x10;
const NOT_OPEN: u16 = 0x20;
/** Told whether anybody wants to know or not. */
const ALWAYS_TOLD: u16 = HAS_FAILED | HAS_ENDED | NOT_OPEN;

const MICROSECONDS_PER_MILLISECOND: u64 = 1000n;

const request = new PollRequest();

/** poll: how many of the files at `requests` are ready; 0: time is up. A negative time has no end. */
export function pollFiles(process: Process, requests: u64, count: u64, milliseconds: u64): u64 {
  const time = i32.wrap(milliseconds);
  const deadline = time < 0 ? NEVER : elapsedMicroseconds() + u64(time) * MICROSECONDS_PER_MILLISECOND;
  return pollUntil(process, requests, count, deadline);
}

/** ppoll, with a time in seconds and nanoseconds, or none. Blocking signals for its time is not supported. */
export function pollFilesFor(process: Process, requests: u64, count: u64, timeAddress: u64, mask: u64): u64 {
  if (mask !== 0n) return refusal(Errno.NoSystemCall);
  if (timeAddress === 0n) return pollUntil(process, requests, count, NEVER);
  const duration = readDuration(timeAddress);
  if (duration.problem !== null) return refusal(duration.problem);
  return pollUntil(process, requests, count, elapsedMicroseconds() + duration.microseconds);
}

function pollUntil(process: Process, requests: u64, count: u64, deadline: u64): u64 {
  if (count > u64(MAX_DESCRIPTORS)) return refusal(Errno.Invalid);
  while (true) {
    const ready = askAll(process, requests, count);
    if (ready === null) return refusal(Errno.BadAddress);
    if (ready !== 0 || elapsedMicroseconds() >= deadline) return u64(ready);
    if (isInterrupted(process)) return refusal(Errno.Interrupted);
    waitForAny(deadline);
  }
}

/** Asks each file, and says what it found there. How many are ready; null: the list cannot be read or written. */
function askAll(process: Process, requests: u64, count: u64): u32 | null {
  let ready: u32 = 0;
  for (let i: u64 = 0n; i < count; i += 1n) {
    const at = wrappingAdd(requests, i * sizeOf<PollRequest>());
    if (readUserObject(request, at) !== SpaceResult.Done) return null;
    request.found = askOne(process, request.descriptor) & (request.wanted | ALWAYS_TOLD);
    if (request.found !== 0) ready += 1;
    if (writeUserObject(at, request, sizeOf<PollRequest>()) !== SpaceResult.Done) return null;
  }
  return ready;
}

/** A negative descriptor stands for nothing. */
function askOne(process: Process, descriptor: u32): u16 {
  if (descriptor > u32(i32.MAX)) return 0;
  const file = process.descriptors.file(u64(descriptor));
  return file === null ? NOT_OPEN : stateOf(file);
}

function stateOf(file: OpenFile): u16 {
  const pipe = file.pipe;
  if (pipe !== null && file.mayWrite()) {
    return (pipe.hasRoom() ? CAN_WRITE : 0) | (pipe.readers === 0 ? HAS_FAILED : 0);
  }
  if (pipe !== null) return (pipe.count !== 0 ? CAN_READ : 0) | (pipe.writers === 0 ? HAS_ENDED : 0);
  if (file.node.isTerminal() && terminal.discipline.readable() === 0) return CAN_WRITE;
  return CAN_READ | CAN_WRITE;
}
