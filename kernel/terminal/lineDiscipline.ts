/**
 * The line discipline: what lies between keys and the programs that read, and between the programs that write and the
 * screen.
 *
 *     keys --> receive --+--> echo ----------------------------------> output --> screen
 *                        +--> ^C, ^\, ^Z: a signal                        ^
 *                        '--> ring --> take --> program            program's bytes
 *
 *     ring   | read already | lines that are complete | the line that is being typed | free |
 *                           ^ start         committed ^                        count ^
 *
 * In canonical mode a line can be read once it is complete, and until then it can be edited. Otherwise every byte can
 * be read at once.
 *
 * Linux man-pages, termios(3): "Canonical and noncanonical mode".
 */

import { type ByteSink } from "../console/format";
import { Signal } from "../process/signalNumbers";
import { CANONICAL, CR_TO_NL, Control, ECHO, ECHO_CONTROL, ECHO_ERASE, ECHO_KILL } from "./settings";
import { ECHO_KILL_ERASES, ECHO_NL, EXTENDED, IGNORE_CR, INPUT_UTF8, KEEP_ON_SIGNAL, MAKE_SIGNALS } from "./settings";
import { NL_TO_CR, NL_TO_CR_NL, PROCESS_OUTPUT, Settings } from "./settings";

const CAPACITY: u32 = 4096;
const INDEX_MASK: u32 = CAPACITY - 1;
/** Beside a byte of the ring: a line ends with it. With 0 the end is an end of file, which nobody reads. */
const LINE_END: u16 = 0x100;
const END_OF_FILE: u16 = LINE_END;

const BELL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;
const TAB: u8 = 0x09;
const LINE_FEED: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const SPACE: u8 = 0x20;
const CARET: u8 = 0x5e;
const DELETE: u8 = 0x7f;
const TAB_STOP: u32 = 8;
const MOST_COLUMNS: u32 = 10_000;

export class LineDiscipline {
  readonly settings: Settings;
  private readonly ring: FixedArray<u16, 4096>;
  private start: u32;
  private committed: u32;
  private count: u32;
  /** Where the cursor is, and where it was when the line that is being typed began. */
  private column: u32;
  private lineColumn: u32;
  /** What `take` took ended a line. */
  tookLine: bool;

  init(): void {
    zeroStruct(this);
    this.settings.init();
  }

  isCanonical(): bool {
    return this.hasLocal(CANONICAL);
  }

  /** Changes the settings. What has been typed stays. */
  set(settings: Settings): void {
    const wasCanonical = this.isCanonical();
    copyStruct(this.settings, settings);
    if (wasCanonical !== this.isCanonical()) this.committed = this.count;
  }

  /** Bytes that can be read; an end of file counts as one. */
  readable(): u32 {
    return this.committed;
  }

  /** Forgets what has been typed and not been read. */
  flush(): void {
    this.committed = 0;
    this.count = 0;
  }

  // --- Keys ----------------------------------------------------------------------------------------------------------

  /** Takes a byte of input. The signal that it stands for; null: none. */
  receive(key: u8, screen: ByteSink): Signal | null {
    const byte = this.translated(key);
    if (byte === null) return null;
    const signal = this.hasLocal(MAKE_SIGNALS) ? this.signalOf(byte) : null;
    if (signal !== null) {
      if (!this.hasLocal(KEEP_ON_SIGNAL)) this.flush();
      this.echo(byte, screen);
      return signal;
    }
    if (this.isCanonical()) this.edit(byte, screen);
    else if (this.count < CAPACITY) {
      this.echo(byte, screen);
      this.push(byte);
      this.committed = this.count;
    }
    return null;
  }

  /** Null: it is ignored. */
  private translated(byte: u8): u8 | null {
    const flags = this.settings.inputFlags;
    if (byte === CARRIAGE_RETURN) {
      if ((flags & IGNORE_CR) !== 0) return null;
      return (flags & CR_TO_NL) !== 0 ? LINE_FEED : byte;
    }
    return byte === LINE_FEED && (flags & NL_TO_CR) !== 0 ? CARRIAGE_RETURN : byte;
  }

  private signalOf(byte: u8): Signal | null {
    if (this.isControl(byte, Control.Interrupt)) return Signal.Interrupt;
    if (this.isControl(byte, Control.Quit)) return Signal.Quit;
    return this.isControl(byte, Control.Suspend) ? Signal.TerminalStop : null;
  }

  private edit(byte: u8, screen: ByteSink): void {
    if (this.isControl(byte, Control.Erase)) this.eraseCharacter(screen);
    else if (this.isControl(byte, Control.Kill)) this.eraseLine(byte, screen);
    else if (this.isControl(byte, Control.EraseWord) && this.hasLocal(EXTENDED)) this.eraseWord(screen);
    else if (this.isControl(byte, Control.Reprint) && this.hasLocal(EXTENDED)) this.reprint(byte, screen);
    else if (this.isControl(byte, Control.EndOfFile)) this.endLine(END_OF_FILE);
    else if (this.isLineEnd(byte)) {
      if (this.hasLocal(ECHO) || (byte === LINE_FEED && this.hasLocal(ECHO_NL))) this.output(byte, screen);
      this.endLine(byte | LINE_END);
    } else if (this.count + 1 < CAPACITY) {
      if (this.count === this.committed) this.lineColumn = this.column;
      this.echo(byte, screen);
      this.push(byte);
    } else if (this.hasLocal(ECHO)) {
      this.output(BELL, screen);
    }
  }

  private isLineEnd(byte: u8): bool {
    if (byte === LINE_FEED) return true;
    return this.isControl(byte, Control.EndOfLine) || this.isControl(byte, Control.EndOfLine2);
  }

  private endLine(item: u16): void {
    if (this.count === CAPACITY) return;
    this.push(item);
    this.committed = this.count;
  }

  private push(item: u16): void {
    this.ring[(this.start + this.count) & INDEX_MASK] = item;
    this.count += 1;
  }

  private isControl(byte: u8, control: Control): bool {
    return byte !== 0 && byte === this.settings.characters[control];
  }

  private hasLocal(flag: u32): bool {
    return (this.settings.localFlags & flag) !== 0;
  }

  // --- Erasing -------------------------------------------------------------------------------------------------------

  private eraseCharacter(screen: ByteSink): void {
    if (this.count === this.committed) return;
    this.shorten(this.beforeCharacter(this.count), screen);
  }

  /** A word and the blanks behind it. */
  private eraseWord(screen: ByteSink): void {
    let end = this.count;
    while (end > this.committed && !isWordByte(this.byteAt(end - 1))) end -= 1;
    while (end > this.committed && isWordByte(this.byteAt(end - 1))) end -= 1;
    this.shorten(end, screen);
  }

  private eraseLine(byte: u8, screen: ByteSink): void {
    if (this.hasLocal(ECHO_KILL_ERASES)) {
      this.shorten(this.committed, screen);
      return;
    }
    this.count = this.committed;
    this.echo(byte, screen);
    if (this.hasLocal(ECHO_KILL)) this.output(LINE_FEED, screen);
  }

  /** Leaves so much of the ring, and takes the rest off the screen. */
  private shorten(count: u32, screen: ByteSink): void {
    let columns = this.columnBehind(this.count) - this.columnBehind(count);
    this.count = count;
    if (!this.hasLocal(ECHO) || !this.hasLocal(ECHO_ERASE)) return;
    for (; columns > 0; columns -= 1) {
      this.output(BACKSPACE, screen);
      this.output(SPACE, screen);
      this.output(BACKSPACE, screen);
    }
  }

  private reprint(byte: u8, screen: ByteSink): void {
    if (!this.hasLocal(ECHO)) return;
    this.echo(byte, screen);
    this.output(LINE_FEED, screen);
    this.lineColumn = this.column;
    for (let i = this.committed; i < this.count; i += 1) this.echo(this.byteAt(i), screen);
  }

  /** How much is left without the character that ends there. */
  private beforeCharacter(end: u32): u32 {
    let at = end - 1;
    if ((this.settings.inputFlags & INPUT_UTF8) === 0) return at;
    while (at > this.committed && isContinuation(this.byteAt(at))) at -= 1;
    return at;
  }

  /** Where the cursor is behind so much of the line that is being typed. */
  private columnBehind(end: u32): u32 {
    let column = this.lineColumn;
    for (let i = this.committed; i < end; i += 1) {
      const byte = this.byteAt(i);
      column = this.isShownAsControl(byte) ? column + 2 : columnAfterTyped(column, byte);
    }
    return column;
  }

  private byteAt(index: u32): u8 {
    return u8.wrap(this.ring[(this.start + index) & INDEX_MASK]);
  }

  // --- The screen ----------------------------------------------------------------------------------------------------

  /** Sends a byte that a program wrote, or an echo, to the screen. */
  output(byte: u8, screen: ByteSink): void {
    const flags = this.settings.outputFlags;
    if (byte === LINE_FEED && (flags & PROCESS_OUTPUT) !== 0 && (flags & NL_TO_CR_NL) !== 0) {
      screen(CARRIAGE_RETURN);
      this.column = 0;
    }
    screen(byte);
    this.column = columnAfter(this.column, byte);
  }

  private echo(byte: u8, screen: ByteSink): void {
    if (!this.hasLocal(ECHO)) return;
    if (this.isShownAsControl(byte)) {
      this.output(CARET, screen);
      this.output(byte ^ 0x40, screen);
    } else {
      this.output(byte, screen);
    }
  }

  private isShownAsControl(byte: u8): bool {
    if (!this.hasLocal(ECHO_CONTROL) || byte === TAB || byte === LINE_FEED) return false;
    return byte < SPACE || byte === DELETE;
  }

  // --- Programs that read --------------------------------------------------------------------------------------------

  /** Moves bytes to a reader: not beyond the end of a line in canonical mode. How many; `tookLine` says whether. */
  take(target: Slice<u8>): u32 {
    let taken: u32 = 0;
    this.tookLine = false;
    while (taken < target.length && this.committed > 0 && !this.tookLine) {
      const item = this.pop();
      this.tookLine = this.isCanonical() && (item & LINE_END) !== 0;
      if (this.tookLine && item === END_OF_FILE) break;
      target[taken] = u8.wrap(item);
      taken += 1;
    }
    if (!this.tookLine && taken > 0) this.takeEndOfFile();
    return taken;
  }

  /** An end of file right behind what was taken ends that, and nothing else. */
  private takeEndOfFile(): void {
    if (this.committed === 0 || !this.isCanonical() || this.ring[this.start] !== END_OF_FILE) return;
    void this.pop();
    this.tookLine = true;
  }

  private pop(): u16 {
    const item = this.ring[this.start];
    this.start = (this.start + 1) & INDEX_MASK;
    this.committed -= 1;
    this.count -= 1;
    return item;
  }
}

/** Where the cursor is behind a byte that a program or an echo sent. Lines that never end are counted up to a limit. */
function columnAfter(column: u32, byte: u8): u32 {
  if (byte === CARRIAGE_RETURN) return 0;
  if (byte === BACKSPACE) return column === 0 ? 0 : column - 1;
  return column < MOST_COLUMNS ? columnAfterTyped(column, byte) : column;
}

/** The same for a byte of a line that is being typed: never to the left. */
function columnAfterTyped(column: u32, byte: u8): u32 {
  if (byte === TAB) return (column / TAB_STOP + 1) * TAB_STOP;
  return byte < SPACE || byte === DELETE || isContinuation(byte) ? column : column + 1;
}

/** A byte of a UTF-8 sequence that is not its first. */
function isContinuation(byte: u8): bool {
  return (byte & 0xc0) === 0x80;
}

/** What words consist of, for erasing them: letters, digits, underscores and everything beyond ASCII. */
function isWordByte(byte: u8): bool {
  const lower = byte | 0x20;
  if (lower >= 0x61 && lower <= 0x7a) return true;
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte >= 0x80;
}
