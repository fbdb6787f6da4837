/**
 * The screen as a console: a grid of character cells drawn into a linear framebuffer of 32-bit pixels.
 *
 *     wanted   what the text says: a ring of rows, so that scrolling moves `top` and nothing else
 *     shown    what the screen shows, row by row from the top
 *
 *          wanted row (top + r) % rows  --differs from-->  shown row r  --> draw those cells
 *
 * The framebuffer is mapped write-combining, where reading is slow: nothing here ever reads it. Only cells that differ
 * are drawn, at the end of a line, so a line that scrolls the screen costs about as much as the text on it.
 *
 * Storage is static. Screens with more cells than MAX_COLUMNS x MAX_ROWS get larger pixels, which suits them anyway.
 */
import { VirtAddr } from "../../arch/x86_64/addresses";
import { FramebufferInfo } from "../../boot/bootInfo";
import { BLANK_GLYPH, GLYPH_HEIGHT, glyphOf, glyphRow, GLYPH_WIDTH } from "./font";
import { isStyleMark, STYLE_COUNT, STYLE_MARK } from "./style";
import { Utf8Decoder } from "./utf8";

const MAX_COLUMNS = 240;
const MAX_ROWS = 135;
/** Pixels kept free around the text, times the scale. */
const MARGIN = 8;
const BYTES_PER_PIXEL = 4;
const TAB_STOP = 8;

const LINE_FEED: u32 = 0x0a;
const TAB: u32 = 0x09;

/**
 * A cell: glyph in bits 9..0, colour of the glyph from bit 10 on and of what is behind it from bit 15 on, as indices
 * into the palette. Zero is a blank in the plain style.
 */
const CELL_FOREGROUND_SHIFT = 10;
const CELL_BACKGROUND_SHIFT = 15;
const CELL_GLYPH_MASK: u32 = 0x3ff;
const CELL_COLOUR_MASK: u32 = 0x1f;

/** 0xRRGGBB, in the order of Style. */
export const STYLE_COLOURS: FixedArray<u32, 8> = [
  0xc9d1d9, 0x7d8590, 0x79e2f2, 0x58a6ff, 0x56d364, 0xe3b341, 0xff7b72, 0xffffff,
];
export const BACKGROUND_COLOUR: u32 = 0x0d1117;
export const FATAL_BACKGROUND_COLOUR: u32 = 0x8e1519;
const FATAL_STYLE = 7;
staticAssert(STYLE_COUNT === 8);

/** What programs choose from: black, red, green, yellow, blue, magenta, cyan, white, and all of them brighter. */
export const PROGRAM_COLOURS: FixedArray<u32, 16> = [
  0x21262d, 0xf85149, 0x3fb950, 0xd29922, 0x388bfd, 0xbc8cff, 0x39c5cf, 0xb1bac4, 0x6e7681, 0xff7b72, 0x56d364,
  0xe3b341, 0x79c0ff, 0xd2a8ff, 0x79e2f2, 0xffffff,
];

/** The palette: the colours of styles, the program's, and the two that lie behind text. */
const FIRST_PROGRAM_COLOUR: u32 = 8;
const BACKGROUND_INDEX: u32 = 24;
const FATAL_BACKGROUND_INDEX: u32 = 25;

/** The colours of a cell. */
export class CellColours {
  /** Of PROGRAM_COLOURS. Null: the plain style's. */
  foreground: u32 | null;
  /** Of PROGRAM_COLOURS. Null: the screen's own. */
  background: u32 | null;
  isReversed: bool;
}

class Screen {
  attached: bool;
  drawing: bool;
  /** Drawing waits while above zero. */
  holds: u32;
  /** Where the first pixel of the first cell lies. */
  origin: u64;
  pitch: u32;
  scale: u32;
  columns: u32;
  rows: u32;
  /** The ring's first row. */
  top: u32;
  row: u32;
  column: u32;
  /** The colours of what comes next, as bits of a cell. */
  colours: u32;
  /** Rows of the screen whose cells may differ: from, up to but not including. */
  dirtyStart: u32;
  dirtyEnd: u32;
  /** In the framebuffer's own layout. */
  palette: FixedArray<u32, 26>;
  decoder: Utf8Decoder;
}
const screen = new Screen();

const wanted = new FixedArray<u32, 32400>();
const shown = new FixedArray<u32, 32400>();
staticAssert(MAX_COLUMNS * MAX_ROWS === 32400);

/**
 * Starts drawing to a framebuffer mapped at `address`, after clearing it. False, and nothing changes, when its pixels are
 * not 32 bits or it is too small for a line of text.
 */
export function attachFramebuffer(info: FramebufferInfo, address: VirtAddr): bool {
  if (!isDrawable(info)) return false;
  const scale = scaleFor(info.width, info.height);
  const margin = MARGIN * scale;
  if (info.width < 2 * margin + GLYPH_WIDTH * scale || info.height < 2 * margin + GLYPH_HEIGHT * scale) return false;
  screen.scale = scale;
  screen.pitch = info.pitch;
  screen.columns = atMost((info.width - 2 * margin) / (GLYPH_WIDTH * scale), MAX_COLUMNS);
  screen.rows = atMost((info.height - 2 * margin) / (GLYPH_HEIGHT * scale), MAX_ROWS);
  screen.origin = address + u64(margin) * u64(info.pitch) + u64(margin * BYTES_PER_PIXEL);
  startEmpty();
  choosePalette(info);
  screen.drawing = true;
  clearScreen(info, address);
  screen.drawing = false;
  screen.attached = true;
  return true;
}

/** Whether a framebuffer is of the one kind this console draws to, and makes sense. */
function isDrawable(info: FramebufferInfo): bool {
  if (!info.present || info.bitsPerPixel !== BYTES_PER_PIXEL * 8) return false;
  return info.width > 0 && info.height > 0 && info.width <= info.pitch / BYTES_PER_PIXEL;
}

export function detachFramebuffer(): void {
  screen.attached = false;
}

/** Whether a cell is being drawn right now: then a fault comes from the framebuffer itself. */
export function isDrawing(): bool {
  return screen.drawing;
}

/** Drawing waits until `releaseFramebuffer`. */
export function holdFramebuffer(): void {
  screen.holds += 1;
}

/** Draws what has been said since `holdFramebuffer`. */
export function releaseFramebuffer(): void {
  screen.holds = 0;
  drawChanges();
}

/** Takes one byte of the console stream. */
export function putFramebuffer(byte: u8): void {
  if (!screen.attached) return;
  if (isStyleMark(byte)) screen.colours = coloursOfStyle(byte - STYLE_MARK);
  else screen.decoder.decode(byte, putCodePoint);
}

function putCodePoint(codePoint: u32): void {
  if (codePoint === LINE_FEED) {
    startLine();
    drawChanges();
  } else if (codePoint === TAB) {
    do putGlyph(BLANK_GLYPH, screen.colours);
    while (screen.column % TAB_STOP !== 0 && screen.column < screen.columns);
  } else {
    putGlyph(glyphOf(codePoint), screen.colours);
  }
}

function putGlyph(glyph: u32, colours: u32): void {
  if (screen.column === screen.columns) startLine();
  wanted[ringIndex(screen.row, screen.column)] = glyph | colours;
  markDirty(screen.row);
  screen.column += 1;
}

function startLine(): void {
  screen.column = 0;
  goDown();
}

/** To the next row, with a new one where there is none. */
function goDown(): void {
  if (screen.row + 1 < screen.rows) {
    screen.row += 1;
    return;
  }
  screen.top = (screen.top + 1) % screen.rows;
  for (let column: u32 = 0; column < screen.columns; column += 1) wanted[ringIndex(screen.row, column)] = 0;
  screen.dirtyStart = 0;
  screen.dirtyEnd = screen.rows;
}

// --- For programs, which move about (terminalScreen.ts) --------------------------------------------------------------

/** Rows and columns of text. Null: there is no screen. */
export function rowsOfScreen(): u32 | null {
  return screen.attached ? screen.rows : null;
}

export function columnsOfScreen(): u32 | null {
  return screen.attached ? screen.columns : null;
}

/** Where the cursor is. Behind the last column, when that has just been written. */
export function cursorRow(): u32 {
  return screen.row;
}

export function cursorColumn(): u32 {
  return screen.column;
}

/** Moves the cursor; what lies outside of the screen is taken for its edge. Needs a screen. */
export function moveCursor(row: u32, column: u32): void {
  screen.row = atMost(row, screen.rows - 1);
  screen.column = atMost(column, screen.columns - 1);
}

/** Draws a character at the cursor, in these colours. Needs a screen. */
export function putProgramGlyph(codePoint: u32, colours: CellColours): void {
  putGlyph(glyphOf(codePoint), cellBits(colours));
}

/** Moves the cursor down by a row, and the text up where there is none. Needs a screen. */
export function moveDown(): void {
  goDown();
}

/** Blanks cells, in these colours: from one up to, not including, another, counted row by row. Needs a screen. */
export function clearCells(start: u32, end: u32, colours: CellColours): void {
  const cell = BLANK_GLYPH | cellBits(colours);
  for (let i = start; i < atMost(end, screen.rows * screen.columns); i += 1) {
    wanted[ringIndex(i / screen.columns, i % screen.columns)] = cell;
    markDirty(i / screen.columns);
  }
}

/** Draws all that has changed, and the cursor if it is to be seen. */
export function showChanges(withCursor: bool): void {
  drawChanges();
  if (!screen.attached || screen.holds > 0 || !withCursor) return;
  const column = atMost(screen.column, screen.columns - 1);
  const cell = reversed(wanted[ringIndex(screen.row, column)]);
  screen.drawing = true;
  shown[screen.row * MAX_COLUMNS + column] = cell;
  drawCell(screen.row, column, cell);
  screen.drawing = false;
  markDirty(screen.row);
}

// --- Colours ---------------------------------------------------------------------------------------------------------

function coloursOfStyle(style: u32): u32 {
  return cellColours(style, style === FATAL_STYLE ? FATAL_BACKGROUND_INDEX : BACKGROUND_INDEX);
}

function cellBits(colours: CellColours): u32 {
  const foreground = colours.foreground;
  const background = colours.background;
  const front = foreground === null ? 0 : FIRST_PROGRAM_COLOUR + foreground;
  const back = background === null ? BACKGROUND_INDEX : FIRST_PROGRAM_COLOUR + background;
  return colours.isReversed ? cellColours(back, front) : cellColours(front, back);
}

/** The colours of a cell, as indices into the palette; the one behind such that the screen's own is 0. */
function cellColours(foreground: u32, background: u32): u32 {
  return (foreground << CELL_FOREGROUND_SHIFT) | ((background ^ BACKGROUND_INDEX) << CELL_BACKGROUND_SHIFT);
}

function foregroundOf(cell: u32): u32 {
  return (cell >> CELL_FOREGROUND_SHIFT) & CELL_COLOUR_MASK;
}

function backgroundOf(cell: u32): u32 {
  return ((cell >> CELL_BACKGROUND_SHIFT) & CELL_COLOUR_MASK) ^ BACKGROUND_INDEX;
}

function reversed(cell: u32): u32 {
  return (cell & CELL_GLYPH_MASK) | cellColours(backgroundOf(cell), foregroundOf(cell));
}

// --- Drawing ---------------------------------------------------------------------------------------------------------

function ringIndex(row: u32, column: u32): u32 {
  return ((screen.top + row) % screen.rows) * MAX_COLUMNS + column;
}

function markDirty(row: u32): void {
  if (screen.dirtyStart === screen.dirtyEnd) {
    screen.dirtyStart = row;
    screen.dirtyEnd = row + 1;
    return;
  }
  if (row < screen.dirtyStart) screen.dirtyStart = row;
  if (row >= screen.dirtyEnd) screen.dirtyEnd = row + 1;
}

function drawChanges(): void {
  if (!screen.attached || screen.holds > 0) return;
  screen.drawing = true;
  for (let row = screen.dirtyStart; row < screen.dirtyEnd; row += 1) drawRow(row);
  screen.dirtyStart = 0;
  screen.dirtyEnd = 0;
  screen.drawing = false;
}

function drawRow(row: u32): void {
  const wantedRow = ringIndex(row, 0);
  const shownRow = row * MAX_COLUMNS;
  for (let column: u32 = 0; column < screen.columns; column += 1) {
    const cell = wanted[wantedRow + column];
    if (shown[shownRow + column] === cell) continue;
    shown[shownRow + column] = cell;
    drawCell(row, column, cell);
  }
}

function drawCell(row: u32, column: u32, cell: u32): void {
  const glyph = cell & CELL_GLYPH_MASK;
  const foreground = screen.palette[foregroundOf(cell)];
  const background = screen.palette[backgroundOf(cell)];
  const pitch = u64(screen.pitch);
  const left = u64(column * GLYPH_WIDTH * screen.scale * BYTES_PER_PIXEL);
  let line = screen.origin + u64(row * GLYPH_HEIGHT * screen.scale) * pitch + left;
  for (let glyphLine: u32 = 0; glyphLine < GLYPH_HEIGHT; glyphLine += 1) {
    const bits = glyphRow(glyph, glyphLine);
    for (let copy: u32 = 0; copy < screen.scale; copy += 1) {
      drawPixels(overlay<Many<u32>>(line), bits, foreground, background);
      line += pitch;
    }
  }
}

/** One row of pixels of a glyph, each `scale` times. */
function drawPixels(pixels: Many<u32>, bits: u8, foreground: u32, background: u32): void {
  let at: u32 = 0;
  for (let mask: u32 = 0x80; mask !== 0; mask >>= 1) {
    const colour = (bits & mask) !== 0 ? foreground : background;
    for (let copy: u32 = 0; copy < screen.scale; copy += 1) {
      pixels[at] = colour;
      at += 1;
    }
  }
}

function startEmpty(): void {
  zeroStruct(wanted);
  zeroStruct(shown);
  zeroStruct(screen.decoder);
  screen.top = 0;
  screen.row = 0;
  screen.column = 0;
  screen.colours = 0;
  screen.dirtyStart = 0;
  screen.dirtyEnd = 0;
}

/** The smallest pixel size at which the cells fit the static storage. */
function scaleFor(width: u32, height: u32): u32 {
  const forWidth = (width - 1) / (MAX_COLUMNS * GLYPH_WIDTH) + 1;
  const forHeight = (height - 1) / (MAX_ROWS * GLYPH_HEIGHT) + 1;
  return forWidth > forHeight ? forWidth : forHeight;
}

function choosePalette(info: FramebufferInfo): void {
  for (let style: u32 = 0; style < STYLE_COLOURS.length; style += 1) {
    screen.palette[style] = pixel(info, STYLE_COLOURS[style]);
  }
  for (let i: u32 = 0; i < PROGRAM_COLOURS.length; i += 1) {
    screen.palette[FIRST_PROGRAM_COLOUR + i] = pixel(info, PROGRAM_COLOURS[i]);
  }
  screen.palette[BACKGROUND_INDEX] = pixel(info, BACKGROUND_COLOUR);
  screen.palette[FATAL_BACKGROUND_INDEX] = pixel(info, FATAL_BACKGROUND_COLOUR);
}

/** A colour 0xRRGGBB in the framebuffer's own layout. */
function pixel(info: FramebufferInfo, colour: u32): u32 {
  const red = (colour >> 16) & 0xff;
  const green = (colour >> 8) & 0xff;
  const blue = colour & 0xff;
  return (red << info.redShift) | (green << info.greenShift) | (blue << info.blueShift);
}

function clearScreen(info: FramebufferInfo, address: VirtAddr): void {
  const background = pixel(info, BACKGROUND_COLOUR);
  for (let y: u32 = 0; y < info.height; y += 1) {
    const line = overlay<Many<u32>>(address + u64(y) * u64(info.pitch));
    for (let x: u32 = 0; x < info.width; x += 1) line[x] = background;
  }
}

function atMost(value: u32, limit: u32): u32 {
  return value < limit ? value : limit;
}
