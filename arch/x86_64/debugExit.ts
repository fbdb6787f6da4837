/**
 * The way out of QEMU for tests: a write to the isa-debug-exit device ends it with exit code (value << 1) | 1.
 *
 * QEMU, `-device isa-debug-exit,iobase=0xf4,iosize=0x04`. Without the device the write goes nowhere, and the machine
 * halts.
 */

import { haltForever } from "./halt";
import { drainSerial } from "./serial";

const DEBUG_EXIT_PORT: u16 = 0xf4;

/** Everything worked: QEMU exits with 33. */
export const EXIT_PASSED: u32 = 0x10;
/** A panic or a fatal trap: QEMU exits with 35. */
export const EXIT_FAILED: u32 = 0x11;

/** Ends QEMU with exit code (value << 1) | 1. */
export function exitQemu(value: u32): never {
  drainSerial();
  out32(DEBUG_EXIT_PORT, value);
  haltForever();
}
