/**
 * System calls about time. Linux man-pages: clock_gettime(2), nanosleep(2).
 */

import { elapsedMicroseconds } from "../clock";
import { SpaceResult } from "../mm/regions";
import { readUserWord, writeUserWord } from "../mm/userMemory";
import { Errno, refusal } from "./errno";
import { sleepUntil } from "./scheduler";

/** Wall clock, time since the boot, and their relatives: Tessera knows only the time since the boot. */
const CLOCKS: u64 = 12n;

/** clock_gettime: seconds and nanoseconds since the boot. */
export function readClock(clock: u64, target: u64): u64 {
  if (clock >= CLOCKS) return refusal(Errno.Invalid);
  const now = elapsedMicroseconds();
  const isWritten =
    writeUserWord(target, now / 1_000_000n) === SpaceResult.Done &&
    writeUserWord(wrappingAdd(target, 8n), (now % 1_000_000n) * 1000n) === SpaceResult.Done;
  return isWritten ? 0n : refusal(Errno.BadAddress);
}

/** No program sleeps longer at once: a thousand years, in seconds. */
const LONGEST_SLEEP: u64 = 31_556_952_000n;

/** nanosleep: for the seconds and nanoseconds at `duration`. */
export function sleep(duration: u64): u64 {
  const seconds = readUserWord(duration);
  const nanoseconds = readUserWord(wrappingAdd(duration, 8n));
  if (seconds === null || nanoseconds === null) return refusal(Errno.BadAddress);
  if (seconds > u64(i64.MAX) || nanoseconds >= 1_000_000_000n) return refusal(Errno.Invalid);
  const whole = seconds < LONGEST_SLEEP ? seconds : LONGEST_SLEEP;
  const microseconds = whole * 1_000_000n + (nanoseconds + 999n) / 1000n;
  if (microseconds !== 0n) sleepUntil(elapsedMicroseconds() + microseconds);
  return 0n;
}
