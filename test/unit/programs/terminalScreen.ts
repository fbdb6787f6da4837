/**
 * What programs write, on a screen of 40 x 10 characters: every cell is read back from the pixels, in its colours.
 */
import { virtAddr } from "../../../arch/x86_64/addresses";
import { FramebufferInfo } from "../../../boot/bootInfo";
import { glyphOf, glyphRow, GLYPH_HEIGHT, GLYPH_WIDTH } from "../../../kernel/console/font";
import { BACKGROUND_COLOUR, PROGRAM_COLOURS, STYLE_COLOURS } from "../../../kernel/console/framebufferConsole";
import { attachFramebuffer, putFramebuffer } from "../../../kernel/console/framebufferConsole";
import { putScreenByte, showScreen } from "../../../kernel/console/terminalScreen";
import { Random } from "./random";

const COLUMNS: u32 = 40;
const ROWS: u32 = 10;
const MARGIN: u32 = 8;
const WIDTH: u32 = 336;
const HEIGHT: u32 = 176;
const RANDOM_BYTES: u32 = 200_000;

class Buffer {
  pixels: FixedArray<u32, 59136>;
}
const buffer = new Buffer();
staticAssert(WIDTH * HEIGHT === 59136);
const info = new FramebufferInfo();

export function main(): void {
  const plain = STYLE_COLOURS[0];
  startScreen();
  say("ab\ncd\r\nef");
  expectText(0, 0, "ab  ", plain, BACKGROUND_COLOUR);
  expectText(1, 0, "  cd", plain, BACKGROUND_COLOUR);
  expectText(2, 0, "ef", plain, BACKGROUND_COLOUR);
  expectText(2, 2, " ", BACKGROUND_COLOUR, plain);
  testMoves();
  testClearing();
  testColours();
  testRest();
  sayRandomBytes();
  log.info("the screen is as it should be");
}

function testMoves(): void {
  const plain = STYLE_COLOURS[0];
  startScreen();
  say("\x1b[3;5Hx\x1b[Ay\x1b[2Dz\x1b[2Bw\x1b[10;40Hend");
  // At the end of the last line what follows goes to a new one, and all moves up by one.
  expectText(1, 4, "x", plain, BACKGROUND_COLOUR);
  expectText(0, 4, "zy", plain, BACKGROUND_COLOUR);
  expectText(2, 5, "w", plain, BACKGROUND_COLOUR);
  expectText(8, 39, "e", plain, BACKGROUND_COLOUR);
  expectText(9, 0, "nd", plain, BACKGROUND_COLOUR);
  startScreen();
  say("\x1b[99;99Hx\x1b[99Ay\x1b[5;5Hp\x1b[s\x1b[1;1H\x1b[uq\r\tt\b\bu\x1b[9;1H");
  expectText(9, 39, "x", plain, BACKGROUND_COLOUR);
  expectText(0, 39, "y", plain, BACKGROUND_COLOUR);
  expectText(4, 0, "    pq ut", plain, BACKGROUND_COLOUR);
}

function testClearing(): void {
  const plain = STYLE_COLOURS[0];
  startScreen();
  for (let row: u32 = 0; row < 5; row += 1) say("0123456789\r\n");
  say("\x1b[2;4H\x1b[K\x1b[3;4H\x1b[1K\x1b[4;4H\x1b[2K\x1b[5;4H\x1b[J\x1b[9;1H");
  expectText(0, 0, "0123456789", plain, BACKGROUND_COLOUR);
  expectText(1, 0, "012       ", plain, BACKGROUND_COLOUR);
  expectText(2, 0, "    456789", plain, BACKGROUND_COLOUR);
  expectText(3, 0, "          ", plain, BACKGROUND_COLOUR);
  expectText(4, 0, "012       ", plain, BACKGROUND_COLOUR);
  say("\x1b[41m\x1b[2J\x1b[H\x1b[0m");
  expectText(5, 0, "   ", plain, PROGRAM_COLOURS[1]);
}

function testColours(): void {
  const plain = STYLE_COLOURS[0];
  startScreen();
  say("\x1b[31ma\x1b[1;32mb\x1b[0;94;103mc\x1b[39md\x1b[49me\x1b[7mf\x1b[0mg\x1b[38;5;12;44mh\x1b[38;2;1;2;3mi\x1b[mj");
  expectText(0, 0, "a", PROGRAM_COLOURS[1], BACKGROUND_COLOUR);
  expectText(0, 1, "b", PROGRAM_COLOURS[10], BACKGROUND_COLOUR);
  expectText(0, 2, "c", PROGRAM_COLOURS[12], PROGRAM_COLOURS[11]);
  expectText(0, 3, "d", plain, PROGRAM_COLOURS[11]);
  expectText(0, 4, "e", plain, BACKGROUND_COLOUR);
  expectText(0, 5, "f", BACKGROUND_COLOUR, plain);
  expectText(0, 6, "g", plain, BACKGROUND_COLOUR);
  expectText(0, 7, "hi", PROGRAM_COLOURS[12], PROGRAM_COLOURS[4]);
  expectText(0, 9, "j", plain, BACKGROUND_COLOUR);
}

/** Strings for terminals, character sets, unknown sequences, and what is the kernel's own. */
function testRest(): void {
  const plain = STYLE_COLOURS[0];
  startScreen();
  say("a\x1b]0;title\x07b\x1b]8;;x\x1b\\c\x1b(Bd\x1b[?2004he\x1b[12zf\x1b[?25lg\x10h\x7fi");
  expectText(0, 0, "abcdefghi ", plain, BACKGROUND_COLOUR);
  say("\x1b[31m");
  for (const byte of bytesOf("log")) putFramebuffer(byte);
  say("x\x1bcy\x1b[5;5H");
  expectText(0, 0, "y   ", plain, BACKGROUND_COLOUR);
}

/** Nothing that programs write leaves the screen. */
function sayRandomBytes(): void {
  const random = new Random();
  const useful = bytesOf("\x1b\x1b[[;;0123456789?ABCDEFGHJKmfdsu\r\n\b\t");
  startScreen();
  for (let i: u32 = 0; i < RANDOM_BYTES; i += 1) {
    const isUseful = random.below(4n) !== 0n;
    putScreenByte(isUseful ? useful[u32(random.below(u64(useful.length)))] : u8(random.below(256n)));
    if (i % 64 === 0) showScreen();
  }
}

function startScreen(): void {
  info.present = true;
  info.bitsPerPixel = 32;
  info.width = WIDTH;
  info.height = HEIGHT;
  info.pitch = WIDTH * 4;
  info.redShift = 16;
  info.greenShift = 8;
  assert(attachFramebuffer(info, virtAddr(addressOf(buffer.pixels))));
  say("\x1bc");
  assert((WIDTH - 2 * MARGIN) / GLYPH_WIDTH === COLUMNS && (HEIGHT - 2 * MARGIN) / GLYPH_HEIGHT === ROWS);
}

function say(text: string): void {
  for (const byte of bytesOf(text)) putScreenByte(byte);
  showScreen();
}

function expectText(row: u32, column: u32, text: string, front: u32, back: u32): void {
  const bytes = bytesOf(text);
  for (let i: u32 = 0; i < bytes.length; i += 1) expectCell(row, column + i, bytes[i], front, back);
}

function expectCell(row: u32, column: u32, codePoint: u32, front: u32, back: u32): void {
  for (let y: u32 = 0; y < GLYPH_HEIGHT; y += 1) {
    const bits = glyphRow(glyphOf(codePoint), y);
    for (let x: u32 = 0; x < GLYPH_WIDTH; x += 1) {
      const pixel = buffer.pixels[(MARGIN + row * GLYPH_HEIGHT + y) * WIDTH + MARGIN + column * GLYPH_WIDTH + x];
      const wanted = ((bits >> u8(GLYPH_WIDTH - 1 - x)) & 1) !== 0 ? front : back;
      assert(pixel === wanted, `row ${row}, column ${column}: ${hex(pixel, 6)} instead of ${hex(wanted, 6)}`);
    }
  }
}
