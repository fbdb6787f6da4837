// Source maps, line by line: each printed line leads to the start of a TypeScript line.
//
// ECMA-426, "Source map format".

import type { Line } from "./writer";

export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const DIGIT_BITS = 5;
const CONTINUES = 1 << DIGIT_BITS;

/** A number in base 64, least significant digit first, the sign in the lowest bit. */
function encode(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & (CONTINUES - 1);
    rest >>>= DIGIT_BITS;
    text += DIGITS[rest > 0 ? digit | CONTINUES : digit] ?? "";
  } while (rest > 0);
  return text;
}

/** The map of printed lines. `pathOf` gives the name of a source as the map shall show it. */
export function sourceMap(lines: readonly Line[], pathOf: (file: string) => string): SourceMap {
  const sources: string[] = [];
  let previous = { source: 0, line: 0 };
  const mappings = lines.map(({ text, place }) => {
    if (place === undefined) return "";
    if (!sources.includes(place.file)) sources.push(place.file);
    const next = { source: sources.indexOf(place.file), line: place.line - 1 };
    const deltas = [text.length - text.trimStart().length, next.source - previous.source, next.line - previous.line, 0];
    previous = next;
    return deltas.map(encode).join("");
  });
  return { version: 3, sources: sources.map(pathOf), names: [], mappings: mappings.join(";") };
}
