/**
 * The first serial port: what Tessera says leaves the machine here, from the first line to the last panic.
 *
 *     base+0  data (DLAB=1: divisor low)     base+4  modem control
 *     base+1  interrupts (DLAB=1: high)      base+5  line status
 *     base+2  FIFO control                   base+7  scratch
 *     base+3  line control, bit 7 = DLAB
 *
 * "PC16550D Universal Asynchronous Receiver/Transmitter with FIFOs" (National Semiconductor), "Registers".
 *
 * A machine may have no port at all: then the bus reads as all ones, the loopback test fails, and writing does nothing.
 * A port that stops taking bytes is given up after a bounded wait, so that nothing here can ever hang the boot.
 */

const COM1: u16 = 0x3f8;
const DATA: u16 = COM1;
const INTERRUPT_ENABLE: u16 = COM1 + 1;
const FIFO_CONTROL: u16 = COM1 + 2;
const LINE_CONTROL: u16 = COM1 + 3;
const MODEM_CONTROL: u16 = COM1 + 4;
const LINE_STATUS: u16 = COM1 + 5;

const DIVISOR_LATCH_ACCESS: u8 = 0x80;
const EIGHT_DATA_BITS_ONE_STOP_NO_PARITY: u8 = 0x03;
/** 1.8432 MHz / 16 / 115200. */
const DIVISOR_115200: u8 = 1;
/** Enable, clear both, interrupt at 14 bytes. */
const FIFO_ON: u8 = 0xc7;
/** Interrupt at each byte. */
const FIFO_EVERY_BYTE: u8 = 0x01;
/** Interrupt when bytes have arrived. */
const RECEIVE_INTERRUPT: u8 = 0x01;
const READY_AND_REQUEST_TO_SEND: u8 = 0x03;
const LOOPBACK: u8 = 0x10;
/** OUT2 gates the interrupt line of PC ports. */
const OUT2: u8 = 0x08;

const DATA_READY: u8 = 0x01;
const TRANSMIT_HOLDING_EMPTY: u8 = 0x20;
/** Nothing is left in the FIFO nor on the line. */
const TRANSMITTER_EMPTY: u8 = 0x40;

const PROBE_BYTE: u8 = 0xae;
/** Bytes the transmit FIFO takes once the port reports it empty. */
const FIFO_DEPTH: u32 = 16;
/** Reads of the line status before the port counts as dead: some 10 s, for a terminal may be slow to take output. */
const MAX_POLLS: u32 = 10_000_000;
/** The same for the presence test, where a byte needs 87 microseconds. */
const MAX_LOOPBACK_POLLS: u32 = 10_000;

class SerialPort {
  present: bool;
  /** Bytes that may still be sent without asking for the line status. */
  room: u32;
}
const port = new SerialPort();

/** Sets 115200 baud, 8N1, FIFOs on, interrupts off. Returns whether a port answers. */
export function initSerial(): bool {
  out8(INTERRUPT_ENABLE, 0);
  out8(LINE_CONTROL, DIVISOR_LATCH_ACCESS);
  out8(DATA, DIVISOR_115200);
  out8(INTERRUPT_ENABLE, 0);
  out8(LINE_CONTROL, EIGHT_DATA_BITS_ONE_STOP_NO_PARITY);
  out8(FIFO_CONTROL, FIFO_ON);
  port.present = answersLoopback();
  port.room = 0;
  out8(MODEM_CONTROL, READY_AND_REQUEST_TO_SEND | OUT2);
  return port.present;
}

/** Sends one byte; drops it when there is no port. */
export function writeSerial(byte: u8): void {
  if (!port.present) return;
  if (port.room === 0) {
    if (!waitUntilEmpty()) {
      port.present = false;
      return;
    }
    port.room = FIFO_DEPTH;
  }
  port.room -= 1;
  out8(DATA, byte);
}

/** Input of the interrupt controllers that the port interrupts at. */
export const SERIAL_INPUT: u32 = 4;

/** From now on the port interrupts when bytes arrive. False: there is no port. */
export function startSerialInput(): bool {
  if (!port.present) return false;
  out8(FIFO_CONTROL, FIFO_EVERY_BYTE);
  out8(INTERRUPT_ENABLE, RECEIVE_INTERRUPT);
  return true;
}

/** A byte that has arrived. Null: none has. */
export function readSerial(): u8 | null {
  const status = in8(LINE_STATUS);
  return status !== u8.MAX && (status & DATA_READY) !== 0 ? in8(DATA) : null;
}

/** Waits until all that was written has left the port: before a machine ends that keeps bytes back. */
export function drainSerial(): void {
  if (!port.present) return;
  for (let poll: u32 = 0; poll < MAX_POLLS; poll += 1) {
    if ((in8(LINE_STATUS) & TRANSMITTER_EMPTY) !== 0) return;
    pause();
  }
}

/** In loopback what is sent comes back at once, without reaching the line. */
function answersLoopback(): bool {
  out8(MODEM_CONTROL, LOOPBACK | READY_AND_REQUEST_TO_SEND);
  out8(DATA, PROBE_BYTE);
  for (let poll: u32 = 0; poll < MAX_LOOPBACK_POLLS; poll += 1) {
    const status = in8(LINE_STATUS);
    if (status === u8.MAX) return false;
    if ((status & DATA_READY) !== 0) return in8(DATA) === PROBE_BYTE;
  }
  return false;
}

function waitUntilEmpty(): bool {
  for (let poll: u32 = 0; poll < MAX_POLLS; poll += 1) {
    if ((in8(LINE_STATUS) & TRANSMIT_HOLDING_EMPTY) !== 0) return true;
    pause();
  }
  return false;
}
