/**
 * The 8042 keyboard controller of a PC, and the keyboard behind its first port.
 *
 *     port 0x60  data: scan codes, answers; bytes for the keyboard
 *     port 0x64  read: status      bit 0  a byte waits at 0x60     bit 1  it has not taken the last byte yet
 *                                  bit 5  the byte is the mouse's
 *                write: command    0x20 / 0x60  read / write the configuration    0xad / 0xae  first port off / on
 *                                  0xa7  second port off                          0xfe  pulse the reset line
 *     configuration  bit 0 / 1  interrupts of the ports    bit 4 / 5  ports off    bit 6  translate to set 1
 *
 * A machine may have none: then the bus reads as all ones. No wait here is without end.
 *
 * IBM Personal System/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device Controller".
 */

const DATA: u16 = 0x60;
const COMMAND: u16 = 0x64;

const OUTPUT_FULL: u8 = 0x01;
const INPUT_FULL: u8 = 0x02;
const FROM_MOUSE: u8 = 0x20;

const READ_CONFIGURATION: u8 = 0x20;
const WRITE_CONFIGURATION: u8 = 0x60;
const SECOND_PORT_OFF: u8 = 0xa7;
const FIRST_PORT_OFF: u8 = 0xad;
const FIRST_PORT_ON: u8 = 0xae;
const PULSE_RESET: u8 = 0xfe;

const FIRST_INTERRUPT: u8 = 0x01;
const SECOND_INTERRUPT: u8 = 0x02;
const FIRST_CLOCK_OFF: u8 = 0x10;
const TRANSLATE: u8 = 0x40;

/** To the keyboard: report keys. */
const ENABLE_SCANNING: u8 = 0xf4;

/** Reads of the status before the controller counts as dead: some 10 ms. */
const MAX_POLLS: u32 = 10_000;
/** Bytes that may lie in the way before. */
const MAX_STALE_BYTES: u32 = 64;

/** Input of the interrupt controllers that the first port interrupts at. */
export const KEYBOARD_INPUT: u32 = 1;

/** Makes the keyboard report its keys, in scan code set 1, by interrupt. False: there is no controller. */
export function startKeyboard(): bool {
  if (in8(COMMAND) === u8.MAX) return false;
  if (!command(FIRST_PORT_OFF) || !command(SECOND_PORT_OFF)) return false;
  dropStaleBytes();
  const configuration = readConfiguration();
  if (configuration === null) return false;
  const wanted = (configuration | FIRST_INTERRUPT | TRANSLATE) & ~(SECOND_INTERRUPT | FIRST_CLOCK_OFF);
  if (!command(WRITE_CONFIGURATION) || !send(wanted) || !command(FIRST_PORT_ON)) return false;
  return send(ENABLE_SCANNING);
}

/** A scan code, or what the keyboard answers, that has arrived. Null: nothing has. */
export function readScanCode(): u8 | null {
  const status = in8(COMMAND);
  if (status === u8.MAX || (status & OUTPUT_FULL) === 0) return null;
  const byte = in8(DATA);
  return (status & FROM_MOUSE) === 0 ? byte : 0;
}

/** Pulls the processor's reset line. Returns where the controller does not. */
export function pulseReset(): void {
  if (waitUntilTaken()) out8(COMMAND, PULSE_RESET);
}

function readConfiguration(): u8 | null {
  if (!command(READ_CONFIGURATION)) return null;
  for (let poll: u32 = 0; poll < MAX_POLLS; poll += 1) {
    if ((in8(COMMAND) & OUTPUT_FULL) !== 0) return in8(DATA);
  }
  return null;
}

function dropStaleBytes(): void {
  for (let count: u32 = 0; count < MAX_STALE_BYTES && (in8(COMMAND) & OUTPUT_FULL) !== 0; count += 1) void in8(DATA);
}

function command(byte: u8): bool {
  if (!waitUntilTaken()) return false;
  out8(COMMAND, byte);
  return true;
}

function send(byte: u8): bool {
  if (!waitUntilTaken()) return false;
  out8(DATA, byte);
  return true;
}

function waitUntilTaken(): bool {
  for (let poll: u32 = 0; poll < MAX_POLLS; poll += 1) {
    if ((in8(COMMAND) & INPUT_FULL) === 0) return true;
  }
  return false;
}
