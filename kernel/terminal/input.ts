/**
 * Where keys come from: interrupts of the serial port and of the keyboard.
 *
 *     serial port --> PIC input 4 --> vector 0x24 --+
 *     keyboard    --> PIC input 1 --> vector 0x21 --+--> trap_dispatch --> takeInputInterrupt --> terminal.ts
 *
 * Like the tick, they come only while a program runs or the kernel sleeps. Whoever waited for a key runs at once. A
 * machine may lack either device.
 */

import { KEYBOARD_INPUT, readScanCode, startKeyboard } from "../../arch/x86_64/keyboardController";
import { FIRST_PIC_VECTOR, endInterrupt, unmaskInterrupt } from "../../arch/x86_64/pic";
import { SERIAL_INPUT, readSerial, startSerialInput } from "../../arch/x86_64/serial";
import { letOthersRun } from "../process/scheduler";
import { Keyboard } from "./keyboard";
import { receiveKey } from "./terminal";

/** Bytes taken at one interrupt: more than any device keeps, so that one that is broken does not hold the kernel. */
const MOST_BYTES: u32 = 4096;

const keyboard = new Keyboard();

/** The devices that were found, and asked to interrupt. */
class Devices {
  hasSerial: bool;
  hasKeyboard: bool;
}
const devices = new Devices();

/** From now on keys reach the terminal. */
export function startInput(): void {
  devices.hasSerial = startSerialInput();
  devices.hasKeyboard = startKeyboard();
  if (devices.hasSerial) unmaskInterrupt(SERIAL_INPUT);
  if (devices.hasKeyboard) unmaskInterrupt(KEYBOARD_INPUT);
}

/** For the trap handler: true when the interrupt was that of a device of the terminal. */
export function takeInputInterrupt(vector: u32): bool {
  if (devices.hasSerial && vector === FIRST_PIC_VECTOR + SERIAL_INPUT) {
    endInterrupt(SERIAL_INPUT);
    takeSerial();
  } else if (devices.hasKeyboard && vector === FIRST_PIC_VECTOR + KEYBOARD_INPUT) {
    endInterrupt(KEYBOARD_INPUT);
    takeKeys();
  } else {
    return false;
  }
  letOthersRun();
  return true;
}

function takeSerial(): void {
  for (let count: u32 = 0; count < MOST_BYTES; count += 1) {
    const byte = readSerial();
    if (byte === null) return;
    receiveKey(byte);
  }
}

function takeKeys(): void {
  for (let count: u32 = 0; count < MOST_BYTES; count += 1) {
    const code = readScanCode();
    if (code === null) return;
    for (const byte of keyboard.take(code)) receiveKey(byte);
  }
}
