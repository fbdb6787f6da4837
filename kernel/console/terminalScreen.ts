/**
 * What programs write, on the screen: text, and the control sequences by which they move the cursor, choose colours and
 * clear.
 *
 *     text --> ESC --> ESC [ --> ESC [ 1 ; 31 --> ESC [ 1 ; 31 m       a control sequence (CSI)
 *                 \--> ESC ] ... BEL                                   a string for the terminal, passed over
 *
 * Known are the cursor (A to H, d, f, s, u), clearing (J, K), colours (m, of 16), and whether the cursor is seen (?25).
 * All else is passed over, and nothing of it is drawn.
 *
 * "ECMA-48, Control Functions for Coded Character Sets".
 */

import { CellColours, clearCells, columnsOfScreen, cursorColumn, cursorRow, moveCursor } from "./framebufferConsole";
import { moveDown, putProgramGlyph, rowsOfScreen, showChanges } from "./framebufferConsole";
import { Utf8Decoder } from "./utf8";

const BELL: u32 = 0x07;
const BACKSPACE: u32 = 0x08;
const TAB: u32 = 0x09;
const LINE_FEED: u32 = 0x0a;
const CARRIAGE_RETURN: u32 = 0x0d;
const ESCAPE: u32 = 0x1b;
const SPACE: u32 = 0x20;
const DELETE: u32 = 0x7f;
const TAB_STOP: u32 = 8;

const MOST_PARAMETERS: u32 = 16;
/** Larger numbers are taken for this. */
const LARGEST_PARAMETER: u32 = 9999;

enum State {
  Text,
  /** Behind ESC. */
  Escape,
  /** Behind ESC [. */
  Sequence,
  /** Behind ESC and a byte that another belongs to: a character set. */
  OneMore,
  /** Behind ESC ], up to BEL or the next ESC. */
  String,
}

class TerminalScreen {
  state: State;
  readonly decoder: Utf8Decoder;
  readonly colours: CellColours;
  isBold: bool;
  readonly parameters: FixedArray<u32, 16>;
  /** Parameters begun; 0: none. */
  count: u32;
  /** The sequence is one of a terminal's maker: "?" stands in front. */
  isPrivate: bool;
  savedRow: u32;
  savedColumn: u32;
  hidesCursor: bool;
}
const terminalScreen = new TerminalScreen();

/** Takes one byte that a program wrote. */
export function putScreenByte(byte: u8): void {
  if (rowsOfScreen() === null) return;
  terminalScreen.decoder.decode(byte, putCodePoint);
}

/** Draws what has changed. */
export function showScreen(): void {
  showChanges(!terminalScreen.hidesCursor);
}

function putCodePoint(codePoint: u32): void {
  switch (terminalScreen.state) {
    case State.Text:
      if (codePoint < SPACE || codePoint === DELETE) control(codePoint);
      else putProgramGlyph(codePoint, terminalScreen.colours);
      break;
    case State.Escape:
      escape(codePoint);
      break;
    case State.Sequence:
      continueSequence(codePoint);
      break;
    case State.OneMore:
      terminalScreen.state = State.Text;
      break;
    case State.String:
      if (codePoint === BELL) terminalScreen.state = State.Text;
      else if (codePoint === ESCAPE) terminalScreen.state = State.OneMore;
      break;
  }
}

function control(codePoint: u32): void {
  const row = cursorRow();
  const column = cursorColumn();
  switch (codePoint) {
    case CARRIAGE_RETURN:
      moveCursor(row, 0);
      break;
    case LINE_FEED:
      moveDown();
      showScreen();
      break;
    case BACKSPACE:
      moveCursor(row, less(column, 1));
      break;
    case TAB:
      moveCursor(row, (column / TAB_STOP + 1) * TAB_STOP);
      break;
    case ESCAPE:
      terminalScreen.state = State.Escape;
      break;
  }
}

/** The byte behind ESC. */
function escape(codePoint: u32): void {
  terminalScreen.state = State.Text;
  switch (codePoint) {
    case 0x5b: // [
      terminalScreen.state = State.Sequence;
      terminalScreen.count = 0;
      terminalScreen.isPrivate = false;
      break;
    case 0x5d: // ]
      terminalScreen.state = State.String;
      break;
    case 0x28: // (
    case 0x29: // )
      terminalScreen.state = State.OneMore;
      break;
    case 0x37: // 7
      saveCursor();
      break;
    case 0x38: // 8
      moveCursor(terminalScreen.savedRow, terminalScreen.savedColumn);
      break;
    case 0x63: // c
      reset();
      break;
  }
}

function continueSequence(codePoint: u32): void {
  if (codePoint >= 0x30 && codePoint <= 0x39) {
    addDigit(codePoint - 0x30);
  } else if (codePoint === 0x3b) {
    if (terminalScreen.count === 0) beginParameter();
    beginParameter();
  } else if (codePoint === 0x3f) {
    terminalScreen.isPrivate = true;
  } else if (codePoint >= 0x40) {
    terminalScreen.state = State.Text;
    if (terminalScreen.isPrivate) setMode(codePoint);
    else perform(codePoint);
  } else if (codePoint < SPACE) {
    terminalScreen.state = State.Text;
    control(codePoint);
  }
}

function addDigit(digit: u32): void {
  if (terminalScreen.count === 0) beginParameter();
  const index = terminalScreen.count - 1;
  if (index >= MOST_PARAMETERS) return;
  const value = terminalScreen.parameters[index] * 10 + digit;
  terminalScreen.parameters[index] = value < LARGEST_PARAMETER ? value : LARGEST_PARAMETER;
}

function beginParameter(): void {
  if (terminalScreen.count > MOST_PARAMETERS) return;
  if (terminalScreen.count < MOST_PARAMETERS) terminalScreen.parameters[terminalScreen.count] = 0;
  terminalScreen.count += 1;
}

/** A parameter; 0 where there is none. */
function parameter(index: u32): u32 {
  return index < terminalScreen.count && index < MOST_PARAMETERS ? terminalScreen.parameters[index] : 0;
}

/** A parameter that counts: none, or 0, is 1. */
function times(): u32 {
  const value = parameter(0);
  return value === 0 ? 1 : value;
}

function setMode(final: u32): void {
  if (parameter(0) !== 25) return;
  if (final === 0x68) terminalScreen.hidesCursor = false;
  else if (final === 0x6c) terminalScreen.hidesCursor = true;
}

function perform(final: u32): void {
  const row = cursorRow();
  const column = cursorColumn();
  switch (final) {
    case 0x41: // A
      moveCursor(less(row, times()), column);
      break;
    case 0x42: // B
      moveCursor(row + times(), column);
      break;
    case 0x43: // C
      moveCursor(row, column + times());
      break;
    case 0x44: // D
      moveCursor(row, less(column, times()));
      break;
    case 0x45: // E
      moveCursor(row + times(), 0);
      break;
    case 0x46: // F
      moveCursor(less(row, times()), 0);
      break;
    case 0x47: // G
      moveCursor(row, times() - 1);
      break;
    case 0x48: // H
    case 0x66: // f
      moveCursor(less(parameter(0), 1), less(parameter(1), 1));
      break;
    case 0x64: // d
      moveCursor(times() - 1, column);
      break;
    case 0x73: // s
      saveCursor();
      break;
    case 0x75: // u
      moveCursor(terminalScreen.savedRow, terminalScreen.savedColumn);
      break;
    default:
      paint(final);
      break;
  }
}

function paint(final: u32): void {
  const columns = columnsOfScreen() ?? 0;
  const rows = rowsOfScreen() ?? 0;
  const lineStart = cursorRow() * columns;
  switch (final) {
    case 0x4a: // J
      clear(0, rows * columns);
      break;
    case 0x4b: // K
      clear(lineStart, lineStart + columns);
      break;
    case 0x6d: // m
      chooseColours();
      break;
  }
}

/** Clears a stretch of cells: from the cursor on (0), up to and with it (1), or all of it. */
function clear(start: u32, end: u32): void {
  const cursor = cursorRow() * (columnsOfScreen() ?? 0) + cursorColumn();
  const mode = parameter(0);
  clearCells(mode === 0 ? cursor : start, mode === 1 && cursor < end ? cursor + 1 : end, terminalScreen.colours);
}

function saveCursor(): void {
  terminalScreen.savedRow = cursorRow();
  terminalScreen.savedColumn = cursorColumn();
}

function reset(): void {
  zeroStruct(terminalScreen.colours);
  terminalScreen.isBold = false;
  terminalScreen.hidesCursor = false;
  clearCells(0, u32.MAX, terminalScreen.colours);
  moveCursor(0, 0);
}

function less(value: u32, amount: u32): u32 {
  return value > amount ? value - amount : 0;
}

// --- SGR: Select Graphic Rendition -----------------------------------------------------------------------------------

function chooseColours(): void {
  if (terminalScreen.count === 0) chooseColour(0);
  for (let i: u32 = 0; i < terminalScreen.count; i += 1) {
    const value = parameter(i);
    if (value === 38 || value === 48) i += chooseIndexed(value === 38, i + 1);
    else chooseColour(value);
  }
}

function chooseColour(value: u32): void {
  const colours = terminalScreen.colours;
  if (value === 0) {
    zeroStruct(colours);
    terminalScreen.isBold = false;
  } else if (value === 1) terminalScreen.isBold = true;
  else if (value === 22) terminalScreen.isBold = false;
  else if (value === 7) colours.isReversed = true;
  else if (value === 27) colours.isReversed = false;
  else if (value >= 30 && value <= 37) colours.foreground = value - 30 + (terminalScreen.isBold ? 8 : 0);
  else if (value === 39) colours.foreground = null;
  else if (value >= 40 && value <= 47) colours.background = value - 40;
  else if (value === 49) colours.background = null;
  else if (value >= 90 && value <= 97) colours.foreground = value - 90 + 8;
  else if (value >= 100 && value <= 107) colours.background = value - 100 + 8;
}

/** A colour of 256, of which the first 16 are known, or of red, green and blue. How many parameters it has. */
function chooseIndexed(isForeground: bool, index: u32): u32 {
  if (parameter(index) !== 5) return parameter(index) === 2 ? 4 : 1;
  const colour = parameter(index + 1);
  if (colour < 16) {
    if (isForeground) terminalScreen.colours.foreground = colour;
    else terminalScreen.colours.background = colour;
  }
  return 2;
}
