/**
 * The time-stamp counter, and how fast it counts.
 *
 * Intel SDM Vol. 3B, "Determining the Processor Base Frequency": CPUID leaf 0x15 gives the crystal's frequency and the
 * ratio of the counter to it. Where the processor does not say, the counter is measured against the interval timer.
 */
import { hasPitExpired, latchPit, PIT_FREQUENCY, readPit, startPit } from "./pit";

const BASIC_LEAVES = 0;
const TIME_STAMP_COUNTER_LEAF = 0x15;
/** Attempts at reading both clocks at one moment. */
const SAMPLES = 3;
/** A virtual machine may be put aside for longer than the timer counts: then the measurement is made again. */
const ATTEMPTS: u32 = 5;
/** Reads of the timer before it counts as missing, when it does not count and when it counts too slowly. */
const MAX_IDLE_POLLS: u32 = 5_000;
const MAX_POLLS: u32 = 200_000;

/** Both clocks at one moment. */
class ClockPair {
  timestamp: u64;
  pitCount: u16;
}

/** The counter when the kernel was entered: boot/ keeps it. */
export function entryTimestamp(): u64 {
  return peek64(addressOfSymbol("boot_entry_ticks"));
}

/** Ticks since the processor was reset. */
export function readTimestamp(): u64 {
  return rdtsc();
}

/** Ticks of the counter a second, as the processor states it; 0 when it does not. */
export function statedFrequency(): u64 {
  const result = new CpuidResult();
  cpuid(BASIC_LEAVES, 0, result);
  if (result.eax < TIME_STAMP_COUNTER_LEAF) return 0n;
  cpuid(TIME_STAMP_COUNTER_LEAF, 0, result);
  if (result.eax === 0) return 0n;
  return (u64(result.ecx) * u64(result.ebx)) / u64(result.eax);
}

/** Ticks of the counter a second, measured over `pitTicks` (1 to 60000) of the interval timer; 0 when there is none. */
export function measuredFrequency(pitTicks: u16): u64 {
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt += 1) {
    const frequency = measureOnce(pitTicks);
    if (frequency === 0n || !hasPitExpired()) return frequency;
  }
  return 0n;
}

function measureOnce(pitTicks: u16): u64 {
  const start = new ClockPair();
  const now = new ClockPair();
  startPit();
  sampleClocks(start);
  for (let poll: u32 = 0; poll < MAX_POLLS; poll += 1) {
    latchPit();
    const elapsed = wrappingSub(start.pitCount, readPit());
    if (elapsed === 0 && poll > MAX_IDLE_POLLS) return 0n;
    if (elapsed < pitTicks) continue;
    sampleClocks(now);
    return frequencyBetween(start, now);
  }
  return 0n;
}

function frequencyBetween(start: ClockPair, end: ClockPair): u64 {
  const pitTicks = wrappingSub(start.pitCount, end.pitCount);
  if (pitTicks === 0) return 0n;
  return ((end.timestamp - start.timestamp) * PIT_FREQUENCY) / u64(pitTicks);
}

/** Takes the closest of several attempts: an interruption between the two reads makes one of them late. */
function sampleClocks(pair: ClockPair): void {
  let smallestGap = u64.MAX;
  for (let sample: u32 = 0; sample < SAMPLES; sample += 1) {
    const before = rdtsc();
    latchPit();
    const after = rdtsc();
    const count = readPit();
    if (after - before >= smallestGap) continue;
    smallestGap = after - before;
    pair.timestamp = before;
    pair.pitCount = count;
  }
}
