/**
 * A line that can be edited while it is typed, and lines from before.
 *
 *     left, right, ^A, ^E     moves the cursor             backspace, delete    takes a character away
 *     up, down                earlier lines, later ones    ^U, ^W               the line, the word before the cursor
 *     enter                   done                         ^C                   another line
 *     ^D in an empty line     the end of the input         ^L                   empties the screen
 *
 * The terminal hands over each key and shows nothing itself meanwhile. What is no terminal is read line by line.
 */
import { decode } from "./bytes";
import { print, printLine, readByte, readKeys, readLine, restoreTerminal } from "./terminal";

const ESCAPE = "\x1b";
const CONTROL_C = "\x03";
const KEPT = 100;

/** Lines that were entered, the oldest first. */
const history: string[] = [];

/** Asks for a line. Null at the end of the input. */
export function editLine(prompt: string): string | null {
  const mode = readKeys();
  if (mode === null) return readLine();
  const line = new EditedLine(prompt).read();
  restoreTerminal(mode);
  if (line !== null && line.trim() !== "" && line !== history.at(-1)) history.push(line);
  if (history.length > KEPT) history.shift();
  return line;
}

class EditedLine {
  private readonly prompt: string;
  private text = "";
  /** How many characters stand before the cursor. */
  private cursor = 0;
  /** Which line of the history is shown; its length for the new one. */
  private shown = history.length;

  constructor(prompt: string) {
    this.prompt = prompt;
  }

  read(): string | null {
    print(this.prompt);
    for (;;) {
      const key = readKey();
      if (key === null || (key === "eof" && this.text === "")) return this.leave(null);
      if (key === "\r" || key === "\n") return this.leave(this.text);
      if (key === CONTROL_C) this.startAgain();
      else this.obey(key);
    }
  }

  private leave(answer: string | null): string | null {
    printLine();
    return answer;
  }

  private startAgain(): void {
    print(`^C\n${this.prompt}`);
    this.text = "";
    this.cursor = 0;
    this.shown = history.length;
  }

  private obey(key: string): void {
    switch (key) {
      case "left":
        return this.move(this.before());
      case "right":
        return this.move(this.after());
      case "home":
        return this.move(0);
      case "end":
        return this.move(this.text.length);
      case "up":
        return this.recall(this.shown - 1);
      case "down":
        return this.recall(this.shown + 1);
      case "backspace":
        return this.remove(this.before(), this.cursor);
      case "delete":
      case "eof":
        return this.remove(this.cursor, this.after());
      case "line":
        return this.remove(0, this.cursor);
      case "word":
        return this.remove(this.wordStart(), this.cursor);
      case "clear":
        print("\x1b[2J\x1b[H");
        return this.show();
      default:
        return this.insert(key);
    }
  }

  private move(cursor: number): void {
    this.cursor = Math.max(0, Math.min(cursor, this.text.length));
    this.show();
  }

  private recall(index: number): void {
    if (index < 0 || index > history.length) return;
    this.shown = index;
    this.replace(history[index] ?? "");
  }

  private replace(text: string): void {
    this.text = text;
    this.move(text.length);
  }

  private insert(key: string): void {
    const isCharacter = key.length === 1 ? key >= " " : key.charCodeAt(0) > 0x7f;
    if (!isCharacter) return;
    const isAtEnd = this.cursor === this.text.length;
    this.text = this.text.slice(0, this.cursor) + key + this.text.slice(this.cursor);
    this.cursor += key.length;
    if (isAtEnd) print(key);
    else this.show();
  }

  /** Where the character before the cursor begins. Some have two units of UTF-16. */
  private before(): number {
    return this.cursor - (isSecondUnit(this.text, this.cursor - 1) ? 2 : 1);
  }

  /** Where the character behind the cursor ends. */
  private after(): number {
    return this.cursor + (isSecondUnit(this.text, this.cursor + 1) ? 2 : 1);
  }

  private remove(start: number, end: number): void {
    if (start < 0 || start >= this.text.length) return;
    this.text = this.text.slice(0, start) + this.text.slice(end);
    this.move(start);
  }

  private wordStart(): number {
    let at = this.cursor;
    while (at > 0 && this.text.charAt(at - 1) === " ") at -= 1;
    while (at > 0 && this.text.charAt(at - 1) !== " ") at -= 1;
    return at;
  }

  /** Writes the line anew, and puts the cursor where it belongs ("EL" and "CUB" of ECMA-48). */
  private show(): void {
    const behind = this.text.length - this.cursor;
    print(`\r${this.prompt}${this.text}\x1b[K${behind > 0 ? `\x1b[${behind}D` : ""}`);
  }
}

function isSecondUnit(text: string, at: number): boolean {
  const unit = at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Control characters that have a name. */
const CONTROLS = new Map<string, string>([
  ["\x01", "home"],
  ["\x05", "end"],
  ["\x02", "left"],
  ["\x06", "right"],
  ["\x10", "up"],
  ["\x0e", "down"],
  ["\x08", "backspace"],
  ["\x7f", "backspace"],
  ["\x04", "eof"],
  ["\x15", "line"],
  ["\x17", "word"],
  ["\x0c", "clear"],
]);

/** What follows ESC [ for keys that have no character. */
const SEQUENCES = new Map<string, string>([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["H", "home"],
  ["F", "end"],
  ["3~", "delete"],
]);

/** A character or the name of a key; null at the end of the input. */
function readKey(): string | null {
  const byte = readByte();
  if (byte === null) return null;
  if (byte === ESCAPE) return readSequence();
  if (byte >= "\x80") return readCharacter(byte);
  return CONTROLS.get(byte) ?? byte;
}

/** A character of several bytes in UTF-8, of which the first has been read. */
function readCharacter(first: string): string {
  let bytes = first;
  const size = first >= "\xf0" ? 4 : first >= "\xe0" ? 3 : 2;
  while (bytes.length < size) bytes += readByte() ?? "?";
  return decode(bytes);
}

/** ESC [ parameters letter, or ESC [ number ~. What is not known is "unknown", which does nothing. */
function readSequence(): string {
  if (readByte() !== "[") return "unknown";
  let sequence = "";
  for (;;) {
    const byte = readByte();
    if (byte === null) return "unknown";
    sequence += byte;
    if (byte >= "@" && byte <= "~") return SEQUENCES.get(sequence) ?? "unknown";
  }
}
