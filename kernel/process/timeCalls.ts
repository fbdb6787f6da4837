/**
 * System calls about time. Linux man-pages: clock_gettime(2), gettimeofday(2), nanosleep(2).
 */

import { elapsedMicroseconds } from "../clock";
import { SpaceResult } from "../mm/regions";
import { WordWriter, readUserWord, writeUserWord } from "../mm/userMemory";
import { Errno, refusal } from "./errno";
import { WaitReason } from "./process";
import { waitUntil } from "./scheduler";

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
  return zone === 0n || writeUserWord(zone, 0n) === SpaceResult.Done ? 0n : refusal(Errno.BadAddress);
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

/** nanosleep: for the seconds and nanoseconds at `address`. */
export function sleep(address: u64): u64 {
  const duration = readDuration(address);
  if (duration.problem !== null) return refusal(duration.problem);
  if (duration.microseconds !== 0n) waitUntil(WaitReason.Time, elapsedMicroseconds() + duration.microseconds);
  return 0n;
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
