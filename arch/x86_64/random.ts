/**
 * What the processor can tell that nobody can guess: RDSEED, RDRAND, and where there is neither, the time-stamp
 * counter, which at least nobody knows exactly.
 *
 * Intel SDM Vol. 1, "Random Number Generator Instructions".
 */

import { detectCpu } from "./cpu";
import { latchPit, readPit } from "./pit";

declare function random_word(): u64;
declare function seed_word(): u64;

/** Where random numbers come from. */
export enum RandomSource {
  /** The time of device accesses: hard to guess on a machine, and the same each time where time is simulated. */
  TimeStamps,
  Rdrand,
  Rdseed,
}

/** How often the processor is asked before it counts as silent. */
const ATTEMPTS: u32 = 100;
/** Accesses to a device whose times make one word. */
const TIMED_ACCESSES: u32 = 64;

/** The best source that this processor has. */
export function randomSource(): RandomSource {
  const cpu = detectCpu();
  if (cpu.hasRdseed) return RandomSource.Rdseed;
  return cpu.hasRdrand ? RandomSource.Rdrand : RandomSource.TimeStamps;
}

/** A word from the best source, to seed a generator with. */
export function seedWord(): u64 {
  const cpu = detectCpu();
  for (let i: u32 = 0; i < ATTEMPTS; i += 1) {
    const seed = cpu.hasRdseed ? seed_word() : 0n;
    if (seed !== 0n) return seed;
    const word = cpu.hasRdrand ? random_word() : 0n;
    if (word !== 0n) return word;
  }
  return timedWord();
}

/** The low bits of the time, again and again, each time behind an access to a device that takes as long as it takes. */
function timedWord(): u64 {
  let word: u64 = rdtsc();
  for (let i: u32 = 0; i < TIMED_ACCESSES; i += 1) {
    latchPit();
    word = (word << 7n) ^ (word >> 57n) ^ (u64(readPit()) << 32n) ^ rdtsc();
  }
  return word;
}
