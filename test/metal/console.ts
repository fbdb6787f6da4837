/** In-kernel tests of what a person sees: formatting, UTF-8, and the screen. */
import { haltForever } from "../../arch/x86_64/halt";
import { writeDecimal, writeHex, writeMessage } from "../../kernel/console/format";
import { printLine, printSerial, setStyle } from "../../kernel/console/console";
import { Style } from "../../kernel/console/style";
import { REPLACEMENT_CHARACTER, Utf8Decoder } from "../../kernel/console/utf8";
import { sameText } from "../../kernel/text";
import { MetalTest } from "./metalTest";

export const CONSOLE_TESTS: FixedArray<MetalTest, 5> = [
  { name: "format", run: testFormat },
  { name: "utf8", run: testUtf8 },
  { name: "levels", run: testLevels },
  { name: "screen-styles", run: showStyles },
  { name: "screen-scroll", run: showScrolling },
];

enum Colour {
  Red = 0,
  Green = 1,
}

class Recorder {
  bytes: FixedArray<u8, 128>;
  length: u32;
}
const recorder = new Recorder();

function record(byte: u8): void {
  recorder.bytes[recorder.length] = byte;
  recorder.length += 1;
}

function expectText(expected: string): void {
  const text = stringOver(subslice(recorder.bytes, 0, recorder.length));
  assert(sameText(text, expected), `got "${text}" instead of "${expected}"`);
  recorder.length = 0;
}

function expectMessage(message: Message, expected: string): void {
  writeMessage(record, message);
  expectText(expected);
}

function testFormat(): void {
  const negative: i32 = -42;
  const smallest: i64 = i64.MIN;
  const largest: u64 = u64.MAX;
  const zero: u32 = 0;
  expectMessage("plain", "plain");
  expectMessage(`${zero} ${negative}`, "0 -42");
  expectMessage(`${smallest}`, "-9223372036854775808");
  expectMessage(`${largest} ${hex(largest)}`, "18446744073709551615 0xffffffffffffffff");
  expectMessage(`${hex(zero)} ${hex(0xbeaf, 8)}`, "0x0 0x0000beaf");
  expectMessage(`${true} ${false} ${char(0x41)} ${Colour.Green}`, "true false A Green");
  expectMessage(`[${alignRight(zero, 4)}|${alignLeft(zero, 4)}]`, "[   0|0   ]");
  expectMessage(`[${alignRight(negative, 5)}|${alignLeft("é", 3)}]`, "[  -42|é  ]");
  expectMessage(`[${alignRight(largest, 3)}|${alignLeft(true, 6)}]`, "[18446744073709551615|true  ]");
  writeDecimal(record, 42n, 6);
  expectText("000042");
  writeHex(record, 0x1_0000_0000n, 1);
  expectText("0x100000000");
}

class CodePoints {
  values: FixedArray<u32, 16>;
  count: u32;
}
const codePoints = new CodePoints();

function recordCodePoint(codePoint: u32): void {
  codePoints.values[codePoints.count] = codePoint;
  codePoints.count += 1;
}

/** Decodes the bytes and holds the result to what is expected. */
function expectCodePoints(bytes: Slice<u8>, expected: Slice<u32>): void {
  const decoder = new Utf8Decoder();
  codePoints.count = 0;
  for (const byte of bytes) decoder.decode(byte, recordCodePoint);
  assert(codePoints.count === expected.length, `${codePoints.count} code points instead of ${expected.length}`);
  for (let index: u32 = 0; index < expected.length; index += 1) {
    assert(codePoints.values[index] === expected[index], `code point ${index} is ${hex(codePoints.values[index])}`);
  }
}

const WELL_FORMED: FixedArray<u8, 10> = [0x41, 0xc3, 0xa9, 0xe2, 0x94, 0x80, 0xf0, 0x9f, 0x98, 0x80];
const WELL_FORMED_POINTS: FixedArray<u32, 4> = [0x41, 0xe9, 0x2500, 0x1f600];
/** A lone continuation, a sequence cut off by a letter, an overlong slash, a surrogate, too large, no UTF-8 at all. */
const MALFORMED: FixedArray<u8, 14> = [
  0x80, 0xe2, 0x94, 0x41, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0xff,
];
const MALFORMED_POINTS: FixedArray<u32, 7> = [
  REPLACEMENT_CHARACTER,
  REPLACEMENT_CHARACTER,
  0x41,
  REPLACEMENT_CHARACTER,
  REPLACEMENT_CHARACTER,
  REPLACEMENT_CHARACTER,
  REPLACEMENT_CHARACTER,
];

function testUtf8(): void {
  expectCodePoints(WELL_FORMED, WELL_FORMED_POINTS);
  expectCodePoints(MALFORMED, MALFORMED_POINTS);
}

/** The test on the host looks at which lines appear. */
function testLevels(): void {
  log.debug("a debug line");
  log.info("an info line");
  log.warn("a warn line");
  log.error("an error line");
}

/** Every style, box drawing, Latin-1, and a character that the font lacks. Halts, for a look at the screen. */
function showStyles(): void {
  for (const style of STYLES) {
    setStyle(style);
    printLine(`style ${style} ABC xyz 0123456789`);
  }
  setStyle(Style.Plain);
  printLine("box ┌──┬──┐ Latin-1 äöüß lacking \u{1f600} tab\tend");
  printLine("screen done");
  printSerial("look now\n");
  haltForever();
}

const STYLES: FixedArray<Style, 8> = [
  Style.Plain,
  Style.Dim,
  Style.Heading,
  Style.Accent,
  Style.Good,
  Style.Warning,
  Style.Error,
  Style.Fatal,
];

/** More lines than any screen has; the last one must be at the bottom. Halts, for a look at the screen. */
function showScrolling(): void {
  for (let line: u32 = 0; line < 300; line += 1) printLine(`scrolled line ${line}`);
  printLine("screen done");
  printSerial("look now\n");
  haltForever();
}
