/**
 * The way back to the firmware: three ways to pull the processor's reset line, one after the other, for a machine may
 * lack any of them.
 *
 *     port 0xcf9   bit 1: a full reset, bit 2: now       the chipset's reset control register
 *     the keyboard controller's reset line
 *     a fault that nothing can take: an empty IDT
 *
 * Intel ICH9 Family Datasheet, "RST_CNT - Reset Control Register"; Intel SDM Vol. 3A, "Interrupt 8 - Double Fault
 * Exception".
 */

import { haltForever } from "./halt";
import { pulseReset } from "./keyboardController";
import { drainSerial } from "./serial";

const RESET_CONTROL: u16 = 0xcf9;
const FULL_RESET: u8 = 0x02;
const NOW: u8 = 0x04;

/** Restarts the machine. */
export function resetMachine(): never {
  drainSerial();
  out8(RESET_CONTROL, FULL_RESET);
  out8(RESET_CONTROL, FULL_RESET | NOW);
  pulseReset();
  lidt(0n, 0);
  int3();
  haltForever();
}
