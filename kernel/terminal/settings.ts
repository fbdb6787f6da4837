/**
 * What programs may set about a terminal: Linux's struct termios, as the kernel knows it.
 *
 *      0  input flags    4  output flags    8  control flags    12  local flags    16  line discipline
 *     17  control characters: which byte means "erase", "end of file", ...
 *
 * Linux man-pages, termios(3); numbers as in asm-generic/termbits.h.
 */

/** Input: what becomes of carriage return and line feed. */
export const IGNORE_CR: u32 = 0o200;
export const CR_TO_NL: u32 = 0o400;
export const NL_TO_CR: u32 = 0o100;
/** Input is UTF-8: erasing takes a whole character. */
export const INPUT_UTF8: u32 = 0o40000;

/** Output: whether it is changed at all, and line feed to carriage return and line feed. */
export const PROCESS_OUTPUT: u32 = 0o1;
export const NL_TO_CR_NL: u32 = 0o4;

/** 38400 baud, 8 bits, receiver on: what Linux says of a console. */
const CONSOLE_LINE: u32 = 0o277;

/** Local: how input is treated. */
export const MAKE_SIGNALS: u32 = 0o1;
export const CANONICAL: u32 = 0o2;
export const ECHO: u32 = 0o10;
export const ECHO_ERASE: u32 = 0o20;
export const ECHO_KILL: u32 = 0o40;
export const ECHO_NL: u32 = 0o100;
export const KEEP_ON_SIGNAL: u32 = 0o200;
export const ECHO_CONTROL: u32 = 0o1000;
export const ECHO_KILL_ERASES: u32 = 0o4000;
export const EXTENDED: u32 = 0o100000;

/** Indices of control characters. A control character that is 0 is off. */
export enum Control {
  Interrupt = 0,
  Quit = 1,
  Erase = 2,
  Kill = 3,
  EndOfFile = 4,
  Time = 5,
  Minimum = 6,
  Start = 8,
  Stop = 9,
  Suspend = 10,
  EndOfLine = 11,
  Reprint = 12,
  EraseWord = 14,
  Literal = 15,
  EndOfLine2 = 16,
}

export class Settings {
  inputFlags: u32;
  outputFlags: u32;
  controlFlags: u32;
  localFlags: u32;
  discipline: u8;
  readonly characters: FixedArray<u8, 19>;

  /** What a terminal starts with: lines, echo, signals. */
  init(): void {
    zeroStruct(this);
    this.inputFlags = CR_TO_NL | INPUT_UTF8;
    this.outputFlags = PROCESS_OUTPUT | NL_TO_CR_NL;
    this.controlFlags = CONSOLE_LINE;
    this.localFlags =
      MAKE_SIGNALS | CANONICAL | ECHO | ECHO_ERASE | ECHO_KILL | ECHO_CONTROL | ECHO_KILL_ERASES | EXTENDED;
    this.characters[Control.Interrupt] = 0x03;
    this.characters[Control.Quit] = 0x1c;
    this.characters[Control.Erase] = 0x7f;
    this.characters[Control.Kill] = 0x15;
    this.characters[Control.EndOfFile] = 0x04;
    this.characters[Control.Minimum] = 1;
    this.characters[Control.Start] = 0x11;
    this.characters[Control.Stop] = 0x13;
    this.characters[Control.Suspend] = 0x1a;
    this.characters[Control.Reprint] = 0x12;
    this.characters[Control.EraseWord] = 0x17;
    this.characters[Control.Literal] = 0x16;
  }
}
staticAssert(sizeOf<Settings>() === 36n);
staticAssert(offsetOf<Settings>("characters") === 17n);
