/**
 * Time that goes on, and waiting.
 */
import { loadNumber, storeNumber } from "./bytes";
import { Call } from "./callNumbers";
import { exchange, systemCall } from "./machine";

const CLOCK_MONOTONIC = 1;
const NANOSECONDS = 1e9;

/** Nanoseconds since some moment of the past. */
export function nanoseconds(): number {
  systemCall(Call.clockGettime, CLOCK_MONOTONIC, exchange());
  return loadNumber(exchange(), 8) * NANOSECONDS + loadNumber(exchange() + 8, 8);
}

/** Lets others run for that time. */
export function sleep(milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  storeNumber(exchange(), 8, seconds);
  storeNumber(exchange() + 8, 8, Math.floor((milliseconds - seconds * 1000) * 1e6));
  systemCall(Call.nanosleep, exchange(), 0);
}
