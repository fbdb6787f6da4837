/**
 * Writes kernel/console/glyphs.ts from a console font: `node --import tsx scripts/makeFont.ts spleen-8x16.psfu.gz`.
 *
 * The source is the Spleen 8x16 font as Debian's package fonts-spleen 1.9.1-1 ships it (usr/share/consolefonts). It is
 * a "PC Screen Font" version 1: a four-byte header (36 04 mode height), `height` bytes for each glyph, then for each
 * glyph its code points as 16-bit little-endian numbers up to 0xffff (0xfffe starts sequences, not used here).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const HEIGHT = 16;
const MODE_512_GLYPHS = 1;
const END_OF_GLYPH = 0xffff;
const SEQUENCE = 0xfffe;

/** Whole blocks, in the order of the table, each without a gap. */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x2500, 0x257f],
];
/** Single characters behind the blocks, ascending; the last one stands for everything else. */
const EXTRAS = [
  0x2013, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2026, 0x2580, 0x2584, 0x2588, 0x258c, 0x2590, 0x2591, 0x2592,
  0x2593, 0x25c6, 0x25cb, 0x25cf, 0xfffd,
];

type Glyphs = ReadonlyMap<number, Uint8Array>;

function readFont(path: string): Glyphs {
  const raw = readFileSync(path);
  const data = path.endsWith(".gz") ? gunzipSync(raw) : raw;
  if (data.readUInt16LE(0) !== 0x0436 || data[3] !== HEIGHT) throw new Error(`${path}: not an 8x${HEIGHT} PSF1 font`);
  const count = (data[2] ?? 0) & MODE_512_GLYPHS ? 512 : 256;
  const glyphs = new Map<number, Uint8Array>();
  let at = 4 + count * HEIGHT;
  for (let index = 0; index < count; index += 1) {
    for (let code = data.readUInt16LE(at); code !== END_OF_GLYPH; code = data.readUInt16LE(at)) {
      if (code !== SEQUENCE) glyphs.set(code, data.subarray(4 + index * HEIGHT, 4 + (index + 1) * HEIGHT));
      at += 2;
    }
    at += 2;
  }
  return glyphs;
}

function codePoints(): number[] {
  const blocks = RANGES.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  return [...blocks, ...EXTRAS];
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

function row(glyphs: Glyphs, code: number): string {
  const glyph = glyphs.get(code);
  if (glyph === undefined) throw new Error(`the font has no glyph for U+${code.toString(16)}`);
  const bytes = Array.from(glyph, (byte) => hex(byte, 2)).join(", ");
  return `  ${bytes}, // U+${code.toString(16).padStart(4, "0")} ${String.fromCodePoint(code)}`.trimEnd();
}

function extraRows(): string[] {
  const perRow = 12;
  const rows = Array.from({ length: Math.ceil(EXTRAS.length / perRow) }, (_, i) =>
    EXTRAS.slice(i * perRow, (i + 1) * perRow),
  );
  return rows.map((codes) => `  ${codes.map((code) => hex(code, 4)).join(", ")},`);
}

function moduleText(glyphs: Glyphs): string {
  const codes = codePoints();
  return [
    "/**",
    " * The shapes of the characters: Spleen 8x16, Copyright (c) 2018-2021 Frederic Cambus, BSD 2-Clause (font.LICENSE).",
    " *",
    " * Made by scripts/makeFont.ts; not to be edited. Sixteen bytes a glyph, a byte a row from the top, bit 7 leftmost.",
    " * U+0020 to U+007E, U+00A0 to U+00FF, U+2500 to U+257F, then the characters of EXTRA_CODE_POINTS.",
    " */",
    "",
    `export const GLYPH_COUNT = ${codes.length};`,
    "",
    "/** What follows the blocks, ascending. */",
    "// prettier-ignore",
    `export const EXTRA_CODE_POINTS: FixedArray<u16, ${EXTRAS.length}> = [`,
    ...extraRows(),
    "];",
    "",
    "// prettier-ignore",
    `export const GLYPH_ROWS: FixedArray<u8, ${codes.length * HEIGHT}> = [`,
    ...codes.map((code) => row(glyphs, code)),
    "];",
    "",
  ].join("\n");
}

const source = process.argv[2];
if (source === undefined) throw new Error("usage: makeFont.ts FONT.psfu[.gz]");
writeFileSync("kernel/console/glyphs.ts", moduleText(readFont(source)));
