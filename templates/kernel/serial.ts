/**
 * The first serial port, as QEMU and most PCs have it. QEMU's needs no setting up.
 *
 * "PC16550D Universal Asynchronous Receiver/Transmitter with FIFOs" (National Semiconductor), "Registers".
 */

const DATA: u16 = 0x3f8;
const LINE_STATUS: u16 = 0x3fd;
const CAN_TAKE_A_BYTE: u8 = 0x20;

/** Sends one byte, as soon as the port can take it. */
export function writeSerial(byte: u8): void {
  while ((in8(LINE_STATUS) & CAN_TAKE_A_BYTE) === 0) pause();
  out8(DATA, byte);
}
