/**
 * Solves a Sudoku: `sudoku [PUZZLE]`, 81 characters row by row, a digit or a dot for what is to be found.
 *
 * The search takes the empty cell with the fewest candidates first. Candidates are bits: bit d for the digit d.
 */
import { exit, programArguments } from "./lib/process";
import { print, printError, printLine } from "./lib/terminal";

const SIZE = 9;
const CELLS = SIZE * SIZE;
const ALL = 0b11_1111_1110;
const EXAMPLE = "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3..";

class Grid {
  readonly cells: Uint8Array = new Uint8Array(CELLS);
  /** The digits that each row, column and box has. */
  private readonly rows = new Uint16Array(SIZE);
  private readonly columns = new Uint16Array(SIZE);
  private readonly boxes = new Uint16Array(SIZE);

  /** The digits that fit there. */
  candidates(cell: number): number {
    const row = this.rows[rowOf(cell)] ?? 0;
    const column = this.columns[columnOf(cell)] ?? 0;
    const box = this.boxes[boxOf(cell)] ?? 0;
    return ALL & ~(row | column | box);
  }

  set(cell: number, digit: number): void {
    this.cells[cell] = digit;
    this.toggle(cell, digit);
  }

  clear(cell: number): void {
    this.toggle(cell, this.cells[cell] ?? 0);
    this.cells[cell] = 0;
  }

  private toggle(cell: number, digit: number): void {
    const bit = 1 << digit;
    this.rows[rowOf(cell)] = (this.rows[rowOf(cell)] ?? 0) ^ bit;
    this.columns[columnOf(cell)] = (this.columns[columnOf(cell)] ?? 0) ^ bit;
    this.boxes[boxOf(cell)] = (this.boxes[boxOf(cell)] ?? 0) ^ bit;
  }

  text(): string {
    const separator = "------+-------+------\n";
    let text = "";
    for (let row = 0; row < SIZE; row += 1) {
      if (row === 3 || row === 6) text += separator;
      const digits = Array.from(this.cells.subarray(row * SIZE, (row + 1) * SIZE), (digit) => `${digit || "."}`);
      text += `${[0, 3, 6].map((start) => digits.slice(start, start + 3).join(" ")).join(" | ")}\n`;
    }
    return text;
  }
}

function rowOf(cell: number): number {
  return Math.floor(cell / SIZE);
}

function columnOf(cell: number): number {
  return cell % SIZE;
}

function boxOf(cell: number): number {
  return Math.floor(rowOf(cell) / 3) * 3 + Math.floor(columnOf(cell) / 3);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** The empty cell with the fewest candidates; null when all are full. */
function hardestCell(grid: Grid): number | null {
  let best: number | null = null;
  let fewest = SIZE + 1;
  for (let cell = 0; cell < CELLS; cell += 1) {
    const count = grid.cells[cell] === 0 ? bitCount(grid.candidates(cell)) : SIZE + 1;
    if (count < fewest) {
      fewest = count;
      best = cell;
    }
  }
  return best;
}

let tries = 0;

/** Fills the grid; false, and the grid as it was, when that cannot be done. */
function solve(grid: Grid): boolean {
  const cell = hardestCell(grid);
  if (cell === null) return true;
  const candidates = grid.candidates(cell);
  for (let digit = 1; digit <= SIZE; digit += 1) {
    if ((candidates & (1 << digit)) === 0) continue;
    tries += 1;
    grid.set(cell, digit);
    if (solve(grid)) return true;
    grid.clear(cell);
  }
  return false;
}

/** Null when it is no puzzle: too short, or with a digit twice where it may be once. */
function readPuzzle(text: string): Grid | null {
  if (text.length !== CELLS) return null;
  const grid = new Grid();
  for (let cell = 0; cell < CELLS; cell += 1) {
    const digit = "123456789".indexOf(text.charAt(cell)) + 1;
    if (digit === 0 && text.charAt(cell) !== ".") return null;
    if (digit !== 0 && (grid.candidates(cell) & (1 << digit)) === 0) return null;
    if (digit !== 0) grid.set(cell, digit);
  }
  return grid;
}

function main(): number {
  const grid = readPuzzle(programArguments()[0] ?? EXAMPLE);
  if (grid === null) {
    printError("usage: sudoku [PUZZLE], 81 digits and dots without a contradiction");
    return 1;
  }
  print(grid.text());
  if (!solve(grid)) {
    printLine(`no solution after ${tries} tries`);
    return 1;
  }
  print(`\n${grid.text()}${tries} tries\n`);
  return 0;
}

exit(main());
