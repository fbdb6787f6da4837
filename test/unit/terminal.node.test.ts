/**
 * The terminal's logic, imported from its source: the line discipline, the keyboard's map, and paths.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { machine } from "../../compiler/machine/session";
import { Signal } from "../../kernel/process/signalNumbers";
import { Keyboard } from "../../kernel/terminal/keyboard";
import { LineDiscipline } from "../../kernel/terminal/lineDiscipline";
import { CANONICAL, Control, ECHO, MAKE_SIGNALS, Settings } from "../../kernel/terminal/settings";
import { LineReader } from "./programs/lineReader";

let discipline: LineDiscipline;
let screen: string;

beforeEach(() => {
  machine.reset();
  discipline = new LineDiscipline();
  discipline.init();
  screen = "";
});

const show = (byte: number): void => void (screen += String.fromCharCode(byte));

/** Types bytes; the signals that they stand for. */
function type(text: string): number[] {
  const signals = [...Buffer.from(text, "utf8")].map((byte) => discipline.receive(byte, show));
  return signals.filter((signal) => signal !== null);
}

/** What a reader of at most so many bytes gets. */
function take(most = 100): string {
  const reader = new LineReader();
  const count = reader.take(discipline, most);
  return Buffer.from(Array.from({ length: count }, (_, i) => reader.bytes[i] ?? 0)).toString("utf8");
}

function change(clear: number, characters: Partial<Record<Control, number>> = {}): void {
  const settings = new Settings();
  settings.init();
  settings.localFlags &= ~clear;
  for (const [index, value] of Object.entries(characters)) settings.characters[Number(index)] = value;
  discipline.set(settings);
}

describe("in canonical mode", () => {
  test("a line can be read once it is complete, and no further than its end", () => {
    type("one");
    expect(discipline.readable()).toBe(0);
    type("\rtwo\r");
    expect(take()).toBe("one\n");
    expect(discipline.tookLine).toBe(true);
    expect(take(2)).toBe("tw");
    expect(discipline.tookLine).toBe(false);
    expect(take()).toBe("o\n");
    expect(screen).toBe("one\r\ntwo\r\n");
  });

  test("erasing takes characters off the line and the screen, however wide they are", () => {
    type("a\tb\x7f\x7f\x7fx\r");
    expect(take()).toBe("x\n");
    expect(screen).toBe(`a\tb${"\b \b".repeat(1 + 7 + 1)}x\r\n`);
  });

  test("a character of UTF-8 goes whole, a control character with both its columns", () => {
    type("ä\x7f\x01\x7fe\r");
    expect(take()).toBe("e\n");
    expect(screen).toBe(Buffer.from("ä", "utf8").toString("latin1") + "\b \b^A\b \b\b \be\r\n");
  });

  test("words and lines are erased", () => {
    type("one two-three  \x17\x17x\r");
    expect(take()).toBe("one x\n");
    type("gone\x15here\r");
    expect(take()).toBe("here\n");
  });

  test("nothing is erased of a line that is complete", () => {
    type("one\r\x7f\x7f\x15\x17two\r");
    expect(take()).toBe("one\n");
    expect(take()).toBe("two\n");
  });

  test("^D ends what there is, and alone the file", () => {
    type("ab\x04");
    expect(take()).toBe("ab");
    expect(discipline.tookLine).toBe(true);
    type("\x04");
    expect(discipline.readable()).toBe(1);
    expect(take()).toBe("");
    type("abc\x04");
    expect(take(3)).toBe("abc");
    expect(discipline.readable()).toBe(0);
  });

  test("a line that is too long keeps its beginning, and can be ended", () => {
    type("a".repeat(5000) + "\r");
    expect(discipline.readable()).toBe(4096);
    expect(screen.endsWith("\x07\r\n")).toBe(true);
    expect(take(5000)).toBe("a".repeat(4095) + "\n");
    type("b\r");
    expect(take()).toBe("b\n");
  });

  test("a reprint shows the line again", () => {
    type("ab\x12c\r");
    expect(screen).toBe("ab^R\r\nabc\r\n");
    expect(take()).toBe("abc\n");
  });
});

test("signals leave the line behind, unless they are off", () => {
  expect(type("abc\x03")).toEqual([Signal.Interrupt]);
  expect(type("\x1c\x1a")).toEqual([Signal.Quit, Signal.TerminalStop]);
  type("x\r");
  expect(take()).toBe("x\n");
  expect(screen).toBe("abc^C^\\^Zx\r\n");
  change(MAKE_SIGNALS);
  expect(type("\x03\r")).toEqual([]);
  expect(take()).toBe("\x03\n");
});

test("without canonical mode every byte can be read, and without echo none is shown", () => {
  change(CANONICAL | ECHO);
  type("a\x7f\x04");
  expect(discipline.readable()).toBe(3);
  expect(take()).toBe("a\x7f\x04");
  expect(screen).toBe("");
  type("x".repeat(5000));
  expect(take(5000)).toBe("x".repeat(4096));
});

test("what has been typed stays when the mode changes", () => {
  type("abc");
  change(CANONICAL);
  expect(take(2)).toBe("ab");
  change(0);
  type("d\r");
  expect(take()).toBe("cd\n");
});

test("a control character that is 0 is off", () => {
  change(0, { [Control.Interrupt]: 0, [Control.Erase]: 0 });
  expect(type("\0\x03\x7f\r")).toEqual([]);
  expect(take()).toBe("\0\x03\x7f\n");
});

test("endless lines and hostile settings do not break the count of columns", () => {
  change(0, { [Control.Kill]: 0x0b });
  for (let i = 0; i < 20_000; i++) discipline.output(i % 3 === 0 ? 0x09 : 0x41, show);
  type("a\b\b\b\b\t\x0b\r");
  expect(take()).toBe("\n");
});

describe("the keyboard", () => {
  const keyboard = (): ((...codes: number[]) => string) => {
    const keys = new Keyboard();
    return (...codes) => codes.map((code) => String.fromCharCode(...keys.take(code))).join("");
  };

  test("letters, shifted ones, and those of caps lock", () => {
    const press = keyboard();
    expect(press(0x1e, 0x9e, 0x30, 0xb0)).toBe("ab");
    expect(press(0x2a, 0x1e, 0x02, 0xaa, 0x1e)).toBe("A!a");
    expect(press(0x3a, 0xba, 0x1e, 0x02, 0x36, 0x1e, 0x02, 0xb6)).toBe("A1a!");
    expect(press(0x3a, 0xba, 0x1e)).toBe("a");
  });

  test("both shifts have to go up", () => {
    const press = keyboard();
    expect(press(0x2a, 0x36, 0xaa, 0x1e, 0xb6, 0x1e)).toBe("Aa");
  });

  test("control, alt, and keys with sequences of their own", () => {
    const press = keyboard();
    expect(press(0x1d, 0x2e, 0x9d, 0x2e)).toBe("\x03c");
    expect(press(0x38, 0x1e, 0xb8, 0x1e)).toBe("\x1baa");
    expect(press(0xe0, 0x48, 0xe0, 0xc8, 0xe0, 0x53, 0x48)).toBe("\x1b[A\x1b[3~\x1b[A");
    expect(press(0xe0, 0x2a, 0xe0, 0x4b, 0xe0, 0xaa, 0x1e)).toBe("\x1b[Da");
    expect(press(0x1c, 0x0e, 0x0f, 0x39, 0xe0, 0x35, 0xe0, 0x1c)).toBe("\r\x7f\t /\r");
  });

  test("no code is too strange", () => {
    const press = keyboard();
    for (let code = 0; code < 256; code++) press(0xe0, code, code, 0xff, code);
    expect(press(0xfa, 0x00, 0x9d, 0xb8, 0xaa, 0xb6)).toBe("");
  });
});
