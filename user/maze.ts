/**
 * A maze and the way through it: `maze [ROWS COLUMNS [SEED]]`.
 *
 * A depth-first walk through all rooms breaks the walls; a breadth-first search finds the shortest way from the upper
 * left to the lower right. The picture has a character for each room and for each wall between rooms.
 *
 *     ███████      rooms stand at odd rows and columns,
 *     █·  · █      walls and openings between them
 */
import { parseWhole } from "./lib/format";
import { exit, programArguments } from "./lib/process";
import { print, printError } from "./lib/terminal";

const WALL = "█";
const OPEN = " ";
const WAY = "·";

interface Place {
  row: number;
  column: number;
}

const DIRECTIONS: Place[] = [
  { row: -1, column: 0 },
  { row: 0, column: 1 },
  { row: 1, column: 0 },
  { row: 0, column: -1 },
];

/** Numbers that look random, the same on each run ("Numerical Recipes", quick and dirty generators). */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed % 2 ** 32;
  }

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
}

class Maze {
  /** Characters of the picture, row by row. */
  private readonly picture: string[][] = [];
  private readonly rows: number;
  private readonly columns: number;

  /** All walls stand. */
  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    for (let row = 0; row <= 2 * rows; row += 1) this.picture.push(new Array<string>(2 * columns + 1).fill(WALL));
  }

  /** Breaks walls until there is exactly one way between any two rooms. */
  carve(random: Random): void {
    const path: Place[] = [{ row: 1, column: 1 }];
    this.set(1, 1, OPEN);
    for (let room = path.at(-1); room !== undefined; room = path.at(-1)) {
      const closed = this.closedNeighbours(room);
      const next = closed[random.below(closed.length)];
      if (next === undefined) {
        path.pop();
        continue;
      }
      this.set((room.row + next.row) / 2, (room.column + next.column) / 2, OPEN);
      this.set(next.row, next.column, OPEN);
      path.push(next);
    }
  }

  /** Rooms two steps away that nobody has entered. */
  private closedNeighbours({ row, column }: Place): Place[] {
    return DIRECTIONS.map((step) => ({ row: row + 2 * step.row, column: column + 2 * step.column })).filter(
      (room) => this.at(room.row, room.column) === WALL && this.isInside(room),
    );
  }

  private isInside({ row, column }: Place): boolean {
    return row > 0 && row < 2 * this.rows && column > 0 && column < 2 * this.columns;
  }

  /** Marks the shortest way between two corners. Its length in steps from place to place. */
  solve(): number {
    const goal = { row: 2 * this.rows - 1, column: 2 * this.columns - 1 };
    const from = new Map<string, Place>();
    const queue: Place[] = [{ row: 1, column: 1 }];
    for (let head = 0; head < queue.length && !from.has(key(goal)); head += 1) {
      const place = queue[head];
      if (place === undefined) break;
      for (const step of DIRECTIONS) {
        const next = { row: place.row + step.row, column: place.column + step.column };
        if (this.at(next.row, next.column) !== OPEN || from.has(key(next))) continue;
        from.set(key(next), place);
        queue.push(next);
      }
    }
    return this.mark(goal, from);
  }

  private mark(goal: Place, from: Map<string, Place>): number {
    let steps = 0;
    let place: Place = goal;
    while (place.row !== 1 || place.column !== 1) {
      this.set(place.row, place.column, WAY);
      const previous = from.get(key(place));
      if (previous === undefined) break;
      place = previous;
      steps += 1;
    }
    this.set(1, 1, WAY);
    return steps;
  }

  text(): string {
    return this.picture.map((row) => `${row.join("")}\n`).join("");
  }

  private at(row: number, column: number): string | undefined {
    return this.picture[row]?.[column];
  }

  private set(row: number, column: number, character: string): void {
    const line = this.picture[row];
    if (line !== undefined) line[column] = character;
  }
}

function key({ row, column }: Place): string {
  return `${row},${column}`;
}

function main(): number {
  const [rows, columns, seed] = [...programArguments(), ...["10", "30", "1"].slice(programArguments().length)].map(
    parseWhole,
  );
  if (rows == null || columns == null || seed == null || rows < 2 || columns < 2 || rows > 100 || columns > 100) {
    printError("usage: maze [ROWS COLUMNS [SEED]], 2 to 100 rows and columns");
    return 1;
  }
  const maze = new Maze(rows, columns);
  maze.carve(new Random(seed));
  const steps = maze.solve();
  print(`${maze.text()}${steps} steps\n`);
  return 0;
}

exit(main());
