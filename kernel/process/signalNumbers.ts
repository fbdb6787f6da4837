/**
 * The numbers of signals.
 *
 * Linux man-pages, signal(7): "Signal numbering for standard signals".
 */

export enum Signal {
  HangUp = 1,
  Interrupt = 2,
  Quit = 3,
  IllegalInstruction = 4,
  Trap = 5,
  Abort = 6,
  Bus = 7,
  Arithmetic = 8,
  Kill = 9,
  User1 = 10,
  Segmentation = 11,
  User2 = 12,
  Pipe = 13,
  Alarm = 14,
  Terminate = 15,
  Child = 17,
  Continue = 18,
  Stop = 19,
  TerminalStop = 20,
  TerminalInput = 21,
  TerminalOutput = 22,
  Urgent = 23,
  WindowChange = 28,
}

/** Signals are numbered 1 up to, not including, this. */
export const SIGNAL_LIMIT: u32 = 65;

/** The bit of a signal in a set of signals. */
export function signalBit(signal: u32): u64 {
  return 1n << u64(signal - 1);
}
