/**
 * System calls about the process that makes them: what it is called, what it may use, and what it has used.
 *
 * Linux man-pages: prctl(2), prlimit(2), getrusage(2), times(2), sched_setaffinity(2), umask(2), set_robust_list(2).
 */

import { elapsedMicroseconds, microseconds } from "../clock";
import { MAX_DESCRIPTORS } from "../files/descriptors";
import { SpaceResult } from "../mm/regions";
import { WordWriter, readUser, writeUser } from "../mm/userMemory";
import { Errno, refusal } from "./errno";
import { type Process, findProcess } from "./process";
import { STACK_BYTES } from "./program";
import { NAME_BYTES } from "./programName";
import { ticksOfCurrent } from "./scheduler";

const SET_NAME: u64 = 15n;
const GET_NAME: u64 = 16n;

const nameBytes = new FixedArray<u8, 16>();
staticAssert(NAME_BYTES === 16);

/** prctl: the name that others see. */
export function controlProcess(process: Process, what: u64, address: u64): u64 {
  if (what === GET_NAME) {
    const isWritten = writeUser(address, process.name.padded()) === SpaceResult.Done;
    return isWritten ? 0n : refusal(Errno.BadAddress);
  }
  if (what !== SET_NAME) return refusal(Errno.Invalid);
  if (readUser(nameBytes, address) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  process.name.rename(nameBytes);
  return 0n;
}

// --- Limits ----------------------------------------------------------------------------------------------------------

const LIMITS: u64 = 16n;
const NO_LIMIT: u64 = u64.MAX;

/** What has a limit that is not without end. */
enum Limit {
  Stack = 3,
  CoreFile = 4,
  Descriptors = 7,
}

/** prlimit64 and getrlimit: limits can be read. They are what the kernel makes them, and nobody changes them. */
export function limitResource(wanted: u64, resource: u64, newLimit: u64, oldLimit: u64): u64 {
  if (resource >= LIMITS) return refusal(Errno.Invalid);
  if (wanted !== 0n && findProcess(u32.wrap(wanted)) === null) return refusal(Errno.NoProcess);
  if (newLimit !== 0n) return refusal(Errno.NoPermission);
  if (oldLimit === 0n) return 0n;
  const limit = limitOf(resource);
  const writer = new WordWriter();
  writer.at = oldLimit;
  writer.word(limit);
  writer.word(limit);
  return writer.hasFailed ? refusal(Errno.BadAddress) : 0n;
}

function limitOf(resource: u64): u64 {
  if (resource === u64(Limit.Stack)) return STACK_BYTES;
  if (resource === u64(Limit.Descriptors)) return u64(MAX_DESCRIPTORS);
  return resource === u64(Limit.CoreFile) ? 0n : NO_LIMIT;
}

// --- What it has used ------------------------------------------------------------------------------------------------

const OF_ITSELF: u64 = 0n;
const OF_THREAD: u64 = 1n;
const OF_CHILDREN: u64 = u64.MAX;
/** Words of the answer behind the two times: none of them is counted. */
const UNCOUNTED_WORDS: u32 = 14;
/** times: what it counts in. */
const CLOCK_TICK_MICROSECONDS: u64 = 10_000n;

/** getrusage: the time that it had the processor, all of it as its own: the kernel's part is not told apart. */
export function readUsage(process: Process, whose: u64, target: u64): u64 {
  const isOwn = whose === OF_ITSELF || whose === OF_THREAD;
  if (!isOwn && whose !== OF_CHILDREN) return refusal(Errno.Invalid);
  return writeUsage(target, isOwn ? ticksOfCurrent() : process.childTicks);
}

/** Writes what a process has used that ran for so many ticks of the time-stamp counter. */
export function writeUsage(target: u64, ticks: u64): u64 {
  const time = microseconds(ticks);
  const writer = new WordWriter();
  writer.at = target;
  writer.word(time / 1_000_000n);
  writer.word(time % 1_000_000n);
  writer.word(0n);
  writer.word(0n);
  for (let i: u32 = 0; i < UNCOUNTED_WORDS; i += 1) writer.word(0n);
  return writer.hasFailed ? refusal(Errno.BadAddress) : 0n;
}

/** times: the same in hundredths of a second, and the time since the boot. */
export function readTimes(process: Process, target: u64): u64 {
  const now = elapsedMicroseconds() / CLOCK_TICK_MICROSECONDS;
  if (target === 0n) return now;
  const writer = new WordWriter();
  writer.at = target;
  writer.word(microseconds(ticksOfCurrent()) / CLOCK_TICK_MICROSECONDS);
  writer.word(0n);
  writer.word(microseconds(process.childTicks) / CLOCK_TICK_MICROSECONDS);
  writer.word(0n);
  return writer.hasFailed ? refusal(Errno.BadAddress) : now;
}

// --- The rest --------------------------------------------------------------------------------------------------------

/** Bytes of a set of processors: there is one, number 0. */
const PROCESSOR_SET_BYTES: u64 = 8n;
const ROBUST_LIST_BYTES: u64 = 24n;
const FILE_MASK: u64 = 0o777n;

/** sched_getaffinity: on which processors it may run. */
export function readAffinity(wanted: u64, bytes: u64, target: u64): u64 {
  if (bytes < PROCESSOR_SET_BYTES || bytes % PROCESSOR_SET_BYTES !== 0n) return refusal(Errno.Invalid);
  if (wanted !== 0n && findProcess(u32.wrap(wanted)) === null) return refusal(Errno.NoProcess);
  const writer = new WordWriter();
  writer.at = target;
  writer.word(1n);
  return writer.hasFailed ? refusal(Errno.BadAddress) : PROCESSOR_SET_BYTES;
}

/** umask: files are not made yet, so it is only remembered. */
export function setFileMask(process: Process, mask: u64): u64 {
  const old = u64(process.fileMask);
  process.fileMask = u32(mask & FILE_MASK);
  return old;
}

/** set_robust_list: locks that a thread would leave behind. No other thread has them, so there is nothing to do. */
export function setRobustList(bytes: u64): u64 {
  return bytes === ROBUST_LIST_BYTES ? 0n : refusal(Errno.Invalid);
}
