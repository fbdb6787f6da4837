/**
 * Reads text off a screenshot: every character cell is compared with the glyphs of kernel/console/glyphs.ts.
 *
 *     PPM file --> pixels --> cells of 8 x 16 from (8, 8) on --> pattern --> code point
 *
 * A cell that no glyph matches reads as "?" in a box: U+2370.
 */
import { readFileSync } from "node:fs";

const GLYPH_WIDTH = 8;
const GLYPH_HEIGHT = 16;
const MARGIN = 8;
const UNKNOWN = "\u2370";

export interface Screen {
  width: number;
  height: number;
  /** 0xRRGGBB. Zero outside. */
  pixel(x: number, y: number): number;
}

/** A screenshot in the format PPM P6, as QEMU's screendump writes it. */
export function readScreen(path: string): Screen {
  const data = readFileSync(path);
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(data.subarray(0, 64).toString("latin1"));
  if (header === null) throw new Error(`${path} is no PPM file of 8 bits a colour`);
  const [width, height] = [Number(header[1]), Number(header[2])];
  const start = header[0].length;
  const pixel = (x: number, y: number): number => {
    const at = start + (y * width + x) * 3;
    return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
  };
  return { width, height, pixel };
}

/** The lines of text on the screen, without spaces at their ends. */
export function screenLines(screen: Screen): string[] {
  const glyphs = readGlyphs();
  const columns = Math.floor((screen.width - 2 * MARGIN) / GLYPH_WIDTH);
  const rows = Math.floor((screen.height - 2 * MARGIN) / GLYPH_HEIGHT);
  return Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: columns }, (_unused, column) => glyphs.get(pattern(screen, row, column)));
    return cells
      .map((character) => character ?? UNKNOWN)
      .join("")
      .trimEnd();
  });
}

/** The colours of one cell: what its glyph is drawn in comes second. A blank cell has one colour. */
export function cellColours(screen: Screen, row: number, column: number): number[] {
  const colours = new Set<number>();
  for (let y = 0; y < GLYPH_HEIGHT; y += 1) {
    for (let x = 0; x < GLYPH_WIDTH; x += 1) colours.add(cellPixel(screen, row, column, x, y));
  }
  return [...colours];
}

/** The top left pixel is background in every glyph that can be read back; full blocks look like blanks in this. */
function pattern(screen: Screen, row: number, column: number): string {
  const background = cellPixel(screen, row, column, 0, 0);
  const lines = Array.from({ length: GLYPH_HEIGHT }, (_, y) => {
    let bits = 0;
    for (let x = 0; x < GLYPH_WIDTH; x += 1) {
      bits = bits * 2 + (cellPixel(screen, row, column, x, y) === background ? 0 : 1);
    }
    return bits;
  });
  return lines.join(",");
}

function cellPixel(screen: Screen, row: number, column: number, x: number, y: number): number {
  return screen.pixel(MARGIN + column * GLYPH_WIDTH + x, MARGIN + row * GLYPH_HEIGHT + y);
}

/** From the pattern of a glyph to its character; where two look alike, the first one. */
function readGlyphs(): Map<string, string> {
  const glyphs = new Map<string, string>();
  const source = readFileSync("kernel/console/glyphs.ts", "utf8");
  for (const match of source.matchAll(/^ {2}((?:0x[0-9a-f]{2}, ){15}0x[0-9a-f]{2}), \/\/ U\+([0-9a-f]{4})/gm)) {
    const rows = (match[1] ?? "").split(", ").map((byte) => Number(byte));
    const key = rows.join(",");
    if (!glyphs.has(key)) glyphs.set(key, String.fromCodePoint(Number.parseInt(match[2] ?? "", 16)));
  }
  return glyphs;
}
