/**
 * System calls about time. Linux man-pages: clock_gettime(2).
 */

import { elapsedMicroseconds } from "../clock";
import { SpaceResult } from "../mm/regions";
import { writeUserWord } from "../mm/userMemory";
import { Errno, refusal } from "./errno";

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
