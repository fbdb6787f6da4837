/**
 * The framebuffer console against a model: screens of random sizes, pitches and colour layouts, fed random text. The
 * model keeps whole lines and moves them when it scrolls; then every pixel is compared, and the memory beside the
 * picture must be as it was.
 */
import { virtAddr } from "../../../arch/x86_64/addresses";
import { FramebufferInfo } from "../../../boot/bootInfo";
import { GLYPH_HEIGHT, glyphOf, glyphRow, GLYPH_WIDTH } from "../../../kernel/console/font";
import {
  attachFramebuffer,
  BACKGROUND_COLOUR,
  FATAL_BACKGROUND_COLOUR,
  putFramebuffer,
  STYLE_COLOURS,
} from "../../../kernel/console/framebufferConsole";
import { STYLE_COUNT, STYLE_MARK } from "../../../kernel/console/style";
import { Random } from "./random";

const SCREENS: u32 = 60;
const UNTOUCHED: u32 = 0x5a5a5a5a;
const FATAL: u32 = 7;
const BLANK: u32 = 0x20;
const MAX_COLUMNS: u32 = 240;
const MAX_ROWS: u32 = 135;

class Buffer {
  /** Nothing may be written in front of the picture either. */
  front: FixedArray<u32, 4096>;
  pixels: FixedArray<u32, 260000>;
}
const buffer = new Buffer();

class Cell {
  codePoint: u32;
  style: u32;
}

class Model {
  cells: FixedArray<Cell, 32400>;
  columns: u32;
  rows: u32;
  scale: u32;
  row: u32;
  column: u32;
  style: u32;
}
const model = new Model();
const random = new Random();

export function main(): void {
  let refused: u32 = 0;
  let characters: u64 = 0n;
  for (let screen: u32 = 0; screen < SCREENS; screen += 1) {
    const info = new FramebufferInfo();
    chooseScreen(info);
    fillBuffer();
    if (!attachFramebuffer(info, virtAddr(addressOf(buffer.pixels)))) {
      refused += 1;
      checkUntouched();
      continue;
    }
    assert(info.pitch >= info.width * 4, "lines that overlap must be refused");
    startModel(info);
    characters += sayRandomText();
    checkScreen(info);
  }
  log.info(`screens=${SCREENS} refused=${refused} characters=${characters}`);
}

// --- Screens ---------------------------------------------------------------------------------------------------------

function chooseScreen(info: FramebufferInfo): void {
  const isWide = random.below(4n) === 0n;
  info.present = true;
  info.bitsPerPixel = 32;
  info.width = isWide ? between(1921, 4200) : between(1, 400);
  info.height = isWide ? between(20, 60) : between(1, 250);
  const isBroken = random.below(16n) === 0n;
  info.pitch = isBroken ? (info.width - 1) * 4 : (info.width + between(0, 40)) * 4;
  const isBgr = random.below(2n) === 0n;
  info.redShift = isBgr ? 0 : 16;
  info.greenShift = 8;
  info.blueShift = isBgr ? 16 : 0;
}

function between(smallest: u32, largest: u32): u32 {
  return smallest + u32(random.below(u64(largest - smallest + 1)));
}

function fillBuffer(): void {
  fillMemory(addressOf(buffer), 0x5a, sizeOf<Buffer>());
}

function checkUntouched(): void {
  for (let i: u32 = 0; i < buffer.pixels.length; i += 1) assert(buffer.pixels[i] === UNTOUCHED);
}

// --- Text ------------------------------------------------------------------------------------------------------------

function startModel(info: FramebufferInfo): void {
  zeroStruct(model);
  model.scale = 1;
  while (info.width > MAX_COLUMNS * GLYPH_WIDTH * model.scale) model.scale += 1;
  while (info.height > MAX_ROWS * GLYPH_HEIGHT * model.scale) model.scale += 1;
  model.columns = (info.width - 16 * model.scale) / (GLYPH_WIDTH * model.scale);
  model.rows = (info.height - 16 * model.scale) / (GLYPH_HEIGHT * model.scale);
  for (const cell of model.cells) cell.codePoint = BLANK;
}

/** Says random characters, ends the line, and returns how many they were. */
function sayRandomText(): u64 {
  const count = random.below(1500n);
  for (let i: u64 = 0n; i < count; i += 1n) sayRandomCharacter();
  sayLineFeed();
  return count;
}

function sayRandomCharacter(): void {
  switch (random.below(16n)) {
    case 0n:
      sayStyle(u32(random.below(u64(STYLE_COUNT))));
      break;
    case 1n:
      sayLineFeed();
      break;
    case 2n:
      sayTab();
      break;
    case 3n:
      saySequence(0xc3, u8(0xa0 + between(0, 31)), 0xe0);
      break;
    default:
      sayAscii(between(0x20, 0x7e));
      break;
  }
}

function sayStyle(style: u32): void {
  putFramebuffer(STYLE_MARK + u8(style));
  model.style = style;
}

function sayLineFeed(): void {
  putFramebuffer(0x0a);
  startModelLine();
}

function sayTab(): void {
  putFramebuffer(0x09);
  putModel(BLANK);
  while (model.column % 8 !== 0 && model.column < model.columns) putModel(BLANK);
}

function sayAscii(code: u32): void {
  putFramebuffer(u8(code));
  putModel(code);
}

/** A character of Latin-1: two bytes of UTF-8. */
function saySequence(lead: u8, continuation: u8, firstCode: u32): void {
  putFramebuffer(lead);
  putFramebuffer(continuation);
  putModel(firstCode + continuation - 0xa0);
}

function putModel(codePoint: u32): void {
  if (model.column === model.columns) startModelLine();
  const cell = model.cells[model.row * MAX_COLUMNS + model.column];
  cell.codePoint = codePoint;
  cell.style = model.style;
  model.column += 1;
}

function startModelLine(): void {
  model.column = 0;
  model.row += 1;
  if (model.row < model.rows) return;
  model.row -= 1;
  for (let row: u32 = 0; row < model.rows; row += 1) {
    for (let column: u32 = 0; column < model.columns; column += 1) moveCellUp(row, column);
  }
}

function moveCellUp(row: u32, column: u32): void {
  const target = model.cells[row * MAX_COLUMNS + column];
  const isLast = row + 1 === model.rows;
  target.codePoint = isLast ? BLANK : model.cells[(row + 1) * MAX_COLUMNS + column].codePoint;
  target.style = isLast ? 0 : model.cells[(row + 1) * MAX_COLUMNS + column].style;
}

// --- Pixels ----------------------------------------------------------------------------------------------------------

function checkScreen(info: FramebufferInfo): void {
  for (const word of buffer.front) assert(word === UNTOUCHED, "written in front of the picture");
  const lineWords = info.pitch / 4;
  const end = lineWords * info.height + 4096;
  for (let i: u32 = 0; i < end; i += 1) {
    const y = i / lineWords;
    const x = i % lineWords;
    const isInside = y < info.height && x < info.width;
    const expected = isInside ? expectedPixel(info, x, y) : UNTOUCHED;
    assert(buffer.pixels[i] === expected, `pixel ${x}, ${y}: ${hex(buffer.pixels[i])}, not ${hex(expected)}`);
  }
}

function expectedPixel(info: FramebufferInfo, x: u32, y: u32): u32 {
  const margin = 8 * model.scale;
  if (x < margin || y < margin) return layOut(info, BACKGROUND_COLOUR);
  const column = (x - margin) / (GLYPH_WIDTH * model.scale);
  const row = (y - margin) / (GLYPH_HEIGHT * model.scale);
  if (column >= model.columns || row >= model.rows) return layOut(info, BACKGROUND_COLOUR);
  const cell = model.cells[row * MAX_COLUMNS + column];
  const bit = 7 - (((x - margin) / model.scale) % GLYPH_WIDTH);
  const bits = glyphRow(glyphOf(cell.codePoint), ((y - margin) / model.scale) % GLYPH_HEIGHT);
  if (((bits >> bit) & 1) !== 0) return layOut(info, STYLE_COLOURS[cell.style]);
  return layOut(info, cell.style === FATAL ? FATAL_BACKGROUND_COLOUR : BACKGROUND_COLOUR);
}

/** A colour 0xRRGGBB as this screen wants it: as it is, or with red and blue exchanged. */
function layOut(info: FramebufferInfo, colour: u32): u32 {
  if (info.redShift === 16) return colour;
  return ((colour & 0xff) << 16) | (colour & 0xff00) | (colour >> 16);
}
