/**
 * Conway's Game of Life.
 *
 *     life                          plays in the terminal until a key is pressed
 *     life GENERATIONS [PATTERN]    shows what has become of a pattern: glider, gun, acorn, rpentomino
 *
 * The world is a torus: what leaves at one side comes back at the other.
 */
import { parseWhole } from "./lib/format";
import { exit, programArguments } from "./lib/process";
import { inputWithin, print, printError, readByte, readKeys, restoreTerminal, windowSize } from "./lib/terminal";

/** Rows of cells, "O" alive. */
const PATTERNS: Record<string, string[]> = {
  glider: [".O.", "..O", "OOO"],
  acorn: [".O.....", "...O...", "OO..OOO"],
  rpentomino: [".OO", "OO.", ".O."],
  gun: [
    "........................O...........",
    "......................O.O...........",
    "............OO......OO............OO",
    "...........O...O....OO............OO",
    "OO........O.....O...OO..............",
    "OO........O...O.OO....O.O...........",
    "..........O.....O.......O...........",
    "...........O...O....................",
    "............OO......................",
  ],
};

const FRAME_MILLISECONDS = 100;
const HOME = "\x1b[H";
const CLEAR = "\x1b[2J";
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";

class World {
  readonly rows: number;
  readonly columns: number;
  /** A byte for each cell, row by row: 1 alive. */
  private cells: Uint8Array;
  private next: Uint8Array;

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.cells = new Uint8Array(rows * columns);
    this.next = new Uint8Array(rows * columns);
  }

  /** Puts a pattern into the middle. */
  place(pattern: string[]): void {
    const top = Math.floor((this.rows - pattern.length) / 2);
    const left = Math.floor((this.columns - (pattern[0] ?? "").length) / 2);
    pattern.forEach((line, row) => {
      for (let column = 0; column < line.length; column += 1) {
        if (line.charAt(column) === "O") this.cells[this.index(top + row, left + column)] = 1;
      }
    });
  }

  /** A generation: three neighbours make life, two keep it. */
  step(): void {
    for (let row = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1) {
        const at = this.index(row, column);
        const neighbours = this.neighbours(row, column);
        this.next[at] = neighbours === 3 || (neighbours === 2 && this.cells[at] === 1) ? 1 : 0;
      }
    }
    const old = this.cells;
    this.cells = this.next;
    this.next = old;
  }

  alive(): number {
    return this.cells.reduce((sum, cell) => sum + cell, 0);
  }

  text(): string {
    let text = "";
    for (let row = 0; row < this.rows; row += 1) {
      let line = "";
      for (let column = 0; column < this.columns; column += 1) {
        line += this.cells[this.index(row, column)] === 1 ? "█" : " ";
      }
      text += `${line}\n`;
    }
    return text;
  }

  private index(row: number, column: number): number {
    return ((row + this.rows) % this.rows) * this.columns + ((column + this.columns) % this.columns);
  }

  private neighbours(row: number, column: number): number {
    let count = 0;
    for (let down = -1; down <= 1; down += 1) {
      for (let right = -1; right <= 1; right += 1) {
        if (down !== 0 || right !== 0) count += this.cells[this.index(row + down, column + right)] ?? 0;
      }
    }
    return count;
  }
}

/** What is left after some generations. */
function show(generations: number, pattern: string[]): number {
  const world = new World(20, 60);
  world.place(pattern);
  for (let generation = 0; generation < generations; generation += 1) world.step();
  print(`${world.text()}generation ${generations}, ${world.alive()} alive\n`);
  return 0;
}

/** Plays until a key is pressed. */
function play(pattern: string[]): number {
  const mode = readKeys();
  if (mode === null) return complain("life needs a terminal to play in, or GENERATIONS");
  const { rows, columns } = windowSize();
  const world = new World(rows - 2, columns - 1);
  world.place(pattern);
  print(HIDE_CURSOR + CLEAR);
  let generation = 0;
  while (!inputWithin(FRAME_MILLISECONDS)) {
    print(`${HOME}${world.text()}generation ${generation}, ${world.alive()} alive; any key ends `);
    world.step();
    generation += 1;
  }
  readByte();
  print(`${SHOW_CURSOR}\n`);
  restoreTerminal(mode);
  return 0;
}

function complain(message: string): number {
  printError(message);
  return 1;
}

function main(): number {
  const [count, name = count === undefined ? "gun" : "acorn"] = programArguments();
  const pattern = PATTERNS[name];
  if (pattern === undefined) return complain(`life: patterns are ${Object.keys(PATTERNS).join(", ")}`);
  if (count === undefined) return play(pattern);
  const generations = parseWhole(count);
  if (generations === null) return complain("usage: life [GENERATIONS [PATTERN]]");
  return show(generations, pattern);
}

exit(main());
