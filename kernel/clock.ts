/**
 * Time since the kernel was entered, from the time-stamp counter.
 *
 * The first measurement of the counter's speed takes 27 microseconds and is good to a few per cent: enough for the
 * lines before paging, too short to be felt. The second one, when memory is up, takes 2 ms and is good to one in a
 * thousand.
 */
import { measuredFrequency, readTimestamp, statedFrequency } from "../arch/x86_64/timestamp";

const COARSE_PIT_TICKS: u16 = 32;
const FINE_PIT_TICKS: u16 = 2400;
/** When nothing tells: a tick counts as a nanosecond. */
const ASSUMED_FREQUENCY: u64 = 1_000_000_000n;
const MICROSECONDS_PER_SECOND: u64 = 1_000_000n;

/** Where the counter's speed comes from. */
export enum ClockSource {
  Assumed = 0,
  Measured = 1,
  Stated = 2,
}

class Clock {
  /** The counter when the kernel was entered. */
  origin: u64;
  /** Ticks a second; 0 until `startClock`. */
  frequency: u64;
  source: ClockSource;
  /** The last time given out: a better measurement must not make time run backwards. */
  latest: u64;
}
const clock = new Clock();

/** Sets time zero to the counter's value `origin` and estimates its speed. */
export function startClock(origin: u64): void {
  clock.origin = origin;
  const stated = statedFrequency();
  if (stated !== 0n) setFrequency(stated, ClockSource.Stated);
  else setMeasured(measuredFrequency(COARSE_PIT_TICKS));
}

/** Measures the speed again, for 2 ms, unless the processor stated it. */
export function refineClock(): void {
  if (clock.source === ClockSource.Measured) setMeasured(measuredFrequency(FINE_PIT_TICKS));
}

/** Ticks since the kernel was entered. */
export function elapsedTicks(): u64 {
  return elapsedAt(readTimestamp());
}

/** Ticks from entry until the counter had this value. */
export function elapsedAt(timestamp: u64): u64 {
  return wrappingSub(timestamp, clock.origin);
}

/** Microseconds since the kernel was entered; never less than the last time. */
export function elapsedMicroseconds(): u64 {
  const now = microseconds(elapsedTicks());
  if (now > clock.latest) clock.latest = now;
  return clock.latest;
}

/** A number of ticks in microseconds. */
export function microseconds(ticks: u64): u64 {
  if (clock.frequency === 0n) return 0n;
  const seconds = ticks / clock.frequency;
  const rest = ticks % clock.frequency;
  return seconds * MICROSECONDS_PER_SECOND + (rest * MICROSECONDS_PER_SECOND) / clock.frequency;
}

/** Ticks of the counter a second. */
export function clockFrequency(): u64 {
  return clock.frequency;
}

export function clockSource(): ClockSource {
  return clock.source;
}

function setMeasured(frequency: u64): void {
  if (frequency === 0n) setFrequency(ASSUMED_FREQUENCY, ClockSource.Assumed);
  else setFrequency(frequency, ClockSource.Measured);
}

function setFrequency(frequency: u64, source: ClockSource): void {
  clock.frequency = frequency;
  clock.source = source;
}
