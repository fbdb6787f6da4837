/**
 * The Mandelbrot set as text: `mandelbrot [ROWS [COLUMNS]]`.
 *
 * The plane from -2.2 to 0.8 and from -1.2i to 1.2i, a character for each point: the later it flees, the darker. Points
 * that have not fled after LIMIT steps belong to the set.
 */
import { parseWhole } from "./lib/format";
import { exit, programArguments } from "./lib/process";
import { print, printError } from "./lib/terminal";

const SHADES = " .,:;i1tfLCG08@";
const LIMIT = 200;
const LEFT = -2.2;
const WIDTH = 3;
const TOP = -1.2;
const HEIGHT = 2.4;

/** After how many steps of z = z * z + c the point c is beyond 2; LIMIT when it is not. */
function stepsToFlee(x: number, y: number): number {
  let real = 0;
  let imaginary = 0;
  let steps = 0;
  while (steps < LIMIT && real * real + imaginary * imaginary <= 4) {
    const next = real * real - imaginary * imaginary + x;
    imaginary = 2 * real * imaginary + y;
    real = next;
    steps += 1;
  }
  return steps;
}

function shade(steps: number): string {
  return steps === LIMIT ? " " : SHADES.charAt(Math.min(steps, SHADES.length - 1));
}

function picture(rows: number, columns: number): string {
  let text = "";
  for (let row = 0; row < rows; row += 1) {
    let line = "";
    for (let column = 0; column < columns; column += 1) {
      line += shade(stepsToFlee(LEFT + (WIDTH * column) / columns, TOP + (HEIGHT * row) / (rows - 1)));
    }
    text += `${line.trimEnd()}\n`;
  }
  return text;
}

function main(): number {
  const [rows, columns] = [...programArguments(), "24", "78"].map(parseWhole);
  if (rows == null || columns == null || rows < 2 || columns < 2 || rows > 200 || columns > 400) {
    printError("usage: mandelbrot [ROWS [COLUMNS]], 2 to 200 and 2 to 400");
    return 1;
  }
  print(picture(rows, columns));
  return 0;
}

exit(main());
