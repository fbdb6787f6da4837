/**
 * System calls about time. Linux man-pages: clock_gettime(2), gettimeofday(2), nanosleep(2), clock_nanosleep(2).
 */

import { elapsedMicroseconds } from "../clock";
import { WordWriter, readUserWord, writeUserWord } from "../mm/userMemory";
import { Errno, answerOf, refusal } from "./errno";
import { type Process, WaitReason } from "./process";
import { waitUntil } from "./scheduler";
import { isInterrupted } from "./signals";

/** Wall clock, time since the boot, and their relatives: Tessera knows only the time since the boot. */
const CLOCKS: u64 = 12n;

/** clock_gettime: seconds and nanoseconds since the boot. */
export function readClock(clock: u64, target: u64): u64 {
  if (clock >= CLOCKS) return refusal(Errno.Invalid);
  const now = elapsedMicroseconds();
  return writePair(target, now / 1_000_000n, (now % 1_000_000n) * 1000n);
}

/** clock_getres: a clock counts microseconds. */
export function readClockStep(clock: u64, target: u64): u64 {
  if (clock >= CLOCKS) return refusal(Errno.Invalid);
  return target === 0n ? 0n : writePair(target, 0n, 1000n);
}

/** gettimeofday: seconds and microseconds, and a time zone, both where they are wanted. */
export function readTimeOfDay(target: u64, zone: u64): u64 {
  const now = elapsedMicroseconds();
  if (target !== 0n && writePair(target, now / 1_000_000n, now % 1_000_000n) !== 0n) return refusal(Errno.BadAddress);
  return zone === 0n ? 0n : answerOf(writeUserWord(zone, 0n));
}

function writePair(target: u64, first: u64, second: u64): u64 {
  const writer = new WordWriter();
  writer.at = target;
  writer.word(first);
  writer.word(second);
  return writer.hasFailed ? refusal(Errno.BadAddress) : 0n;
}

/** No program sleeps longer at once: a thousand years, in seconds. */
const LONGEST_SLEEP: u64 = 31_556_952_000n;

/** What `readDuration` has read. */
class Duration {
  microseconds: u64;
  /** Null: it makes sense. */
  problem: Errno | null;
}
const lastDuration = new Duration();

/** nanosleep: for the seconds and nanoseconds at `address`. What a signal leaves of them goes to `rest`. */
export function sleep(process: Process, address: u64, rest: u64): u64 {
  const duration = readDuration(address);
  if (duration.problem !== null) return refusal(duration.problem);
  return sleepUntil(process, elapsedMicroseconds() + duration.microseconds, rest);
}

/** clock_nanosleep: the same by a clock of choice, or until that clock has a time. All clocks are one. */
export function sleepByClock(process: Process, clock: u64, flags: u64, address: u64, rest: u64): u64 {
  if (clock >= CLOCKS || (flags & ~TIMER_ABSOLUTE) !== 0n) return refusal(Errno.Invalid);
  if (flags === 0n) return sleep(process, address, rest);
  const time = readDuration(address);
  if (time.problem !== null) return refusal(time.problem);
  return sleepUntil(process, time.microseconds, 0n);
}

/** clock_nanosleep: not how long, but until when. */
const TIMER_ABSOLUTE: u64 = 1n;

function sleepUntil(process: Process, time: u64, rest: u64): u64 {
  while (elapsedMicroseconds() < time) {
    if (isInterrupted(process)) return tellRest(time, rest);
    waitUntil(WaitReason.Time, time);
  }
  return 0n;
}

function tellRest(time: u64, rest: u64): u64 {
  const now = elapsedMicroseconds();
  const left = now < time ? time - now : 0n;
  if (rest === 0n) return refusal(Errno.Interrupted);
  const answer = writePair(rest, left / 1_000_000n, (left % 1_000_000n) * 1000n);
  return answer === 0n ? refusal(Errno.Interrupted) : answer;
}

/** Reads seconds and nanoseconds out of the program's memory. */
export function readDuration(address: u64): Duration {
  const duration = lastDuration;
  const seconds = readUserWord(address);
  const nanoseconds = readUserWord(wrappingAdd(address, 8n));
  duration.problem = null;
  if (seconds === null || nanoseconds === null) {
    duration.problem = Errno.BadAddress;
  } else if (seconds > u64(i64.MAX) || nanoseconds >= 1_000_000_000n) {
    duration.problem = Errno.Invalid;
  } else {
    const whole = seconds < LONGEST_SLEEP ? seconds : LONGEST_SLEEP;
    duration.microseconds = whole * 1_000_000n + (nanoseconds + 999n) / 1000n;
  }
  return duration;
}
