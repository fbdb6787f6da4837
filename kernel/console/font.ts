/**
 * From a code point to its glyph: which rows of glyphs.ts draw it.
 *
 *     glyph  0..94     95..190    191..318       319..
 *     code   U+0020..  U+00A0..   U+2500..257F   EXTRA_CODE_POINTS; the last is the replacement character U+FFFD
 */
import { EXTRA_CODE_POINTS, GLYPH_COUNT, GLYPH_ROWS } from "./glyphs";

export const GLYPH_WIDTH = 8;
export const GLYPH_HEIGHT = 16;
/** Drawn for every character the font lacks. */
export const REPLACEMENT_GLYPH: u32 = GLYPH_COUNT - 1;
export const BLANK_GLYPH: u32 = 0;

const FIRST_LATIN_1 = 95;
const FIRST_BOX_DRAWING = 191;
const FIRST_EXTRA = 319;

/** The glyph of a code point, REPLACEMENT_GLYPH when there is none. */
export function glyphOf(codePoint: u32): u32 {
  if (codePoint >= 0x20 && codePoint <= 0x7e) return codePoint - 0x20;
  if (codePoint >= 0xa0 && codePoint <= 0xff) return codePoint - 0xa0 + FIRST_LATIN_1;
  if (codePoint >= 0x2500 && codePoint <= 0x257f) return codePoint - 0x2500 + FIRST_BOX_DRAWING;
  for (let index: u32 = 0; index < EXTRA_CODE_POINTS.length; index += 1) {
    if (EXTRA_CODE_POINTS[index] === codePoint) return FIRST_EXTRA + index;
  }
  return REPLACEMENT_GLYPH;
}

/** One row of a glyph, 0 at the top: bit 7 is the leftmost pixel. */
export function glyphRow(glyph: u32, row: u32): u8 {
  return GLYPH_ROWS[glyph * GLYPH_HEIGHT + row];
}
