/**
 * Descriptors 0, 1 and 2: text in, text out, keys, and the size of the window.
 *
 * Output is not held back: each call writes. Who has much to say builds it as one string.
 */
import { decode, encode, loadBytes, loadNumber, storeBytes, storeNumber } from "./bytes";
import { Call } from "./callNumbers";
import { exchange, EXCHANGE_BYTES, peek, systemCall } from "./machine";

const INPUT = 0;
const OUTPUT = 1;
const ERRORS = 2;

/** Writes text as it is. */
export function print(text: string): void {
  writeBytes(OUTPUT, encode(text));
}

export function printLine(text = ""): void {
  print(`${text}\n`);
}

/** A line on the error output. */
export function printError(text: string): void {
  writeBytes(ERRORS, encode(`${text}\n`));
}

function writeBytes(descriptor: number, bytes: string): void {
  for (let start = 0; start < bytes.length; start += EXCHANGE_BYTES) {
    const size = storeBytes(exchange(), bytes.slice(start, start + EXCHANGE_BYTES));
    if (!writeExchange(descriptor, size)) return;
  }
}

/** Writes until all is written. False when nobody takes it. */
function writeExchange(descriptor: number, size: number): boolean {
  let written = 0;
  while (written < size) {
    const answer = systemCall(Call.write, descriptor, exchange() + written, size - written);
    if (answer <= 0) return false;
    written += answer;
  }
  return true;
}

const READ_BYTES = 4096;

/** Bytes that were read and that nobody has taken. */
let pending = "";

/** The next line without its end. Null at the end of the input. Waits. */
export function readLine(): string | null {
  let end = pending.indexOf("\n");
  while (end < 0) {
    if (!readMore(READ_BYTES)) {
      if (pending.length === 0) return null;
      pending += "\n";
    }
    end = pending.indexOf("\n");
  }
  const line = pending.slice(0, end);
  pending = pending.slice(end + 1);
  return decode(line);
}

/** All lines up to the end of the input. */
export function readLines(): string[] {
  const lines: string[] = [];
  for (let line = readLine(); line !== null; line = readLine()) lines.push(line);
  return lines;
}

/**
 * One byte of what is typed, as a character; null at the end of the input. Waits. The rest is left to the next reader.
 */
export function readByte(): string | null {
  if (pending.length === 0 && !readMore(1)) return null;
  const byte = pending.charAt(0);
  pending = pending.slice(1);
  return byte;
}

function readMore(most: number): boolean {
  const size = systemCall(Call.read, INPUT, exchange(), most);
  if (size <= 0) return false;
  pending += loadBytes(exchange(), size);
  return true;
}

const POLLIN = 1;

/** Whether there is something to read within that time. Also true at the end of the input. */
export function inputWithin(milliseconds: number): boolean {
  if (pending.length > 0) return true;
  storeNumber(exchange(), 4, INPUT);
  storeNumber(exchange() + 4, 2, POLLIN);
  storeNumber(exchange() + 6, 2, 0);
  return systemCall(Call.poll, exchange(), 1, milliseconds) > 0;
}

const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TIOCGWINSZ = 0x5413;

/** struct termios of the kernel ABI: the local flags, and the control characters. */
const TERMIOS_BYTES = 36;
const LOCAL_FLAGS = 12;
const CHARACTERS = 17;
const VTIME = 5;
const VMIN = 6;
const ISIG = 0x1;
const ICANON = 0x2;
const ECHO = 0x8;

/** Whether somebody sits there, rather than a pipe or a file. */
export function isTerminal(): boolean {
  return systemCall(Call.ioctl, INPUT, TCGETS, exchange()) === 0;
}

/** How a terminal was, to make it so again. */
export type TerminalMode = string;

/** Keys are read one by one from now on, unseen, ^C too. How the terminal was before; null when it is no terminal. */
export function readKeys(): TerminalMode | null {
  if (systemCall(Call.ioctl, INPUT, TCGETS, exchange()) < 0) return null;
  const before = loadBytes(exchange(), TERMIOS_BYTES);
  const flags = loadNumber(exchange() + LOCAL_FLAGS, 4);
  storeNumber(exchange() + LOCAL_FLAGS, 4, flags - (flags & (ISIG | ICANON | ECHO)));
  storeNumber(exchange() + CHARACTERS + VTIME, 1, 0);
  storeNumber(exchange() + CHARACTERS + VMIN, 1, 1);
  return systemCall(Call.ioctl, INPUT, TCSETS, exchange()) < 0 ? null : before;
}

export function restoreTerminal(mode: TerminalMode): void {
  storeBytes(exchange(), mode);
  systemCall(Call.ioctl, INPUT, TCSETS, exchange());
}

export interface WindowSize {
  rows: number;
  columns: number;
}

/** The window of the terminal; 24 by 80 when there is none or nobody knows. */
export function windowSize(): WindowSize {
  const known = systemCall(Call.ioctl, OUTPUT, TIOCGWINSZ, exchange()) === 0;
  const rows = known ? peek(exchange()) + peek(exchange() + 1) * 256 : 0;
  const columns = known ? peek(exchange() + 2) + peek(exchange() + 3) * 256 : 0;
  return rows > 0 && columns > 0 ? { rows, columns } : { rows: 24, columns: 80 };
}
