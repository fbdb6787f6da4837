/**
 * The terminal: the keys of the serial line and of the keyboard, and the output of programs to the serial line and the
 * screen. There is one.
 *
 *     serial port, keyboard --> receiveKey --> line discipline --> readTerminal --> program
 *     serial port, screen   <----------------- line discipline <-- writeTerminal <-- program
 *
 * ^C and its like go to the foreground process group. Linux man-pages: termios(3), ioctl_tty(2).
 */

import { elapsedMicroseconds } from "../clock";
import { putTerminal, showTerminal } from "../console/console";
import { columnsOfScreen, rowsOfScreen } from "../console/framebufferConsole";
import { SpaceResult } from "../mm/regions";
import { writeUser } from "../mm/userMemory";
import { Errno, refusal } from "../process/errno";
import { type Process } from "../process/process";
import { NEVER, WaitQueue, currentProcess, waitIn, wakeQueue } from "../process/scheduler";
import { isInterrupted, signalGroup } from "../process/signals";
import { LineDiscipline } from "./lineDiscipline";
import { Control, type Settings } from "./settings";

/** What a terminal that cannot say it is taken for: a VT100. */
const ROWS: u32 = 24;
const COLUMNS: u32 = 80;

const MICROSECONDS_PER_TENTH: u64 = 100_000n;

export class Terminal {
  readonly discipline: LineDiscipline;
  /** The process group that ^C goes to, and the session that the terminal belongs to; 0: none. */
  foreground: u32;
  session: u32;
  rows: u32;
  columns: u32;
  /** Processes that wait for keys. */
  readonly readers: WaitQueue;
}
export const terminal = new Terminal();

const chunk = new FixedArray<u8, 256>();

/** Makes the terminal that of a first process. */
export function useTerminal(process: Process): void {
  terminal.discipline.init();
  terminal.foreground = process.group;
  terminal.session = process.session;
  terminal.rows = rowsOfScreen() ?? ROWS;
  terminal.columns = columnsOfScreen() ?? COLUMNS;
}

/** A byte of input: one that the keyboard stands for, or that the serial line brought. For interrupts. */
export function receiveKey(byte: u8): void {
  const signal = terminal.discipline.receive(byte, putTerminal);
  if (signal !== null) void signalGroup(terminal.foreground, u32(signal));
  if (terminal.discipline.readable() > 0) wakeQueue(terminal.readers);
  showTerminal();
}

/** Writes bytes of a program. */
export function writeTerminal(bytes: Slice<u8>): void {
  for (const byte of bytes) terminal.discipline.output(byte, putTerminal);
  showTerminal();
}

/** Changes the settings; those who wait look again. */
export function setTerminal(settings: Settings): void {
  terminal.discipline.set(settings);
  wakeQueue(terminal.readers);
}

/** read: at most `bytes` bytes to `address`. In canonical mode a line, else what VMIN and VTIME say. */
export function readTerminal(address: u64, bytes: u64, blocks: bool): u64 {
  if (bytes === 0n) return 0n;
  const problem = awaitKeys(bytes, blocks);
  if (problem !== null) return refusal(problem);
  let taken: u64 = 0n;
  while (taken < bytes && terminal.discipline.readable() > 0) {
    const left = bytes - taken;
    const room = subslice(chunk, 0, left < u64(chunk.length) ? u32(left) : chunk.length);
    const count = terminal.discipline.take(room);
    if (writeUser(wrappingAdd(address, taken), subslice(chunk, 0, count)) !== SpaceResult.Done) {
      return refusal(Errno.BadAddress);
    }
    taken += u64(count);
    if (terminal.discipline.tookLine) break;
  }
  return taken;
}

/** Waits until there is something to read, or as long as the settings say. Null: that is over; else why not. */
function awaitKeys(bytes: u64, blocks: bool): Errno | null {
  const discipline = terminal.discipline;
  let deadline = firstDeadline();
  let seen: u32 = discipline.readable();
  while (seen < wantedKeys(bytes)) {
    if (!blocks) return seen === 0 ? Errno.TryAgain : null;
    if (elapsedMicroseconds() >= deadline) return null;
    if (isInterrupted(currentProcess())) return seen === 0 ? Errno.Interrupted : null;
    waitIn(terminal.readers, deadline);
    const now = discipline.readable();
    if (now > seen && isTimedBetweenKeys()) deadline = elapsedMicroseconds() + keyTime();
    seen = now;
  }
  return null;
}

/** How many bytes there must be before a read of `bytes` ends. */
function wantedKeys(bytes: u64): u32 {
  if (terminal.discipline.isCanonical()) return 1;
  const minimum = u32(terminal.discipline.settings.characters[Control.Minimum]);
  if (minimum === 0) return keyTime() === 0n ? 0 : 1;
  return bytes < u64(minimum) ? u32(bytes) : minimum;
}

/** VTIME without VMIN limits the whole wait, with it the time from one key to the next. */
function firstDeadline(): u64 {
  const isTimed = !terminal.discipline.isCanonical() && keyTime() !== 0n;
  const isWhole = terminal.discipline.settings.characters[Control.Minimum] === 0;
  if (!isTimed || (!isWhole && terminal.discipline.readable() === 0)) return NEVER;
  return elapsedMicroseconds() + keyTime();
}

function isTimedBetweenKeys(): bool {
  const discipline = terminal.discipline;
  return !discipline.isCanonical() && discipline.settings.characters[Control.Minimum] !== 0 && keyTime() !== 0n;
}

function keyTime(): u64 {
  return u64(terminal.discipline.settings.characters[Control.Time]) * MICROSECONDS_PER_TENTH;
}
