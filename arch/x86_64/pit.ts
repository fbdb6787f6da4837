/**
 * The programmable interval timer, which counts down at 1.193182 MHz: channel 2 as a ruler of known length, channel 0
 * as a source of interrupts where there is no local APIC.
 *
 *     port 0x40  channel 0 count, low byte then high byte; its interrupt is input 0 of the PIC
 *     port 0x42  channel 2 count, low byte then high byte
 *     port 0x43  command: channel (7..6), access (5..4; 0 = latch), mode (3..1)
 *     port 0x61  bit 0 gates channel 2, bit 1 connects it to the loudspeaker
 *
 * "8254 Programmable Interval Timer" (Intel), "Mode 0: Interrupt on Terminal Count", "Mode 2: Rate Generator",
 * "Read-Back Command".
 */

/** Counts a second. */
export const PIT_FREQUENCY: u64 = 1_193_182n;

const CHANNEL_0: u16 = 0x40;
const CHANNEL_2: u16 = 0x42;
const COMMAND: u16 = 0x43;
const GATE: u16 = 0x61;

const GATE_ON: u8 = 0x01;
const SPEAKER_ON: u8 = 0x02;
/** Read-back command: the status of channel 2, not its count. */
const READ_BACK_STATUS_2: u8 = 0xe8;
const STATUS_OUTPUT: u8 = 0x80;
const CHANNEL_0_MODE_2: u8 = 0x34;
const CHANNEL_2_MODE_0: u8 = 0xb0;
const LATCH_CHANNEL_2: u8 = 0x80;

/** Starts channel 2 at 65535, counting down once a tick. It expires after 55 ms. */
export function startPit(): void {
  out8(GATE, (in8(GATE) & ~SPEAKER_ON) | GATE_ON);
  out8(COMMAND, CHANNEL_2_MODE_0);
  out8(CHANNEL_2, 0xff);
  out8(CHANNEL_2, 0xff);
}

/** Whether the count has passed zero since `startPit`: then it says nothing about the time any more. */
export function hasPitExpired(): bool {
  out8(COMMAND, READ_BACK_STATUS_2);
  return (in8(CHANNEL_2) & STATUS_OUTPUT) !== 0;
}

/** Freezes the count for the next `readPit`. */
export function latchPit(): void {
  out8(COMMAND, LATCH_CHANNEL_2);
}

/** The count at the last `latchPit`. */
export function readPit(): u16 {
  const low = in8(CHANNEL_2);
  const high = in8(CHANNEL_2);
  return (u16(high) << 8) | low;
}

/** Input of the interrupt controllers that channel 0 interrupts at. */
export const PIT_INPUT: u32 = 0;

/** Makes channel 0 interrupt each time it has counted `ticks`, at least 2. */
export function startPitInterrupts(ticks: u16): void {
  out8(COMMAND, CHANNEL_0_MODE_2);
  out8(CHANNEL_0, u8.wrap(ticks));
  out8(CHANNEL_0, u8(ticks >> 8));
}
