/**
 * What a piece of text is, not what it looks like: each console decides that for itself.
 *
 * In the stream of bytes that console.ts hands to the consoles a change of style is one byte, STYLE_MARK + style. Text
 * itself can never hold such a byte: console.ts replaces control characters.
 */

export enum Style {
  Plain = 0,
  Dim = 1,
  Heading = 2,
  Accent = 3,
  Good = 4,
  Warning = 5,
  Error = 6,
  Fatal = 7,
}
export const STYLE_COUNT = 8;

/** First of the control codes that select a style ("Data Link Escape" and on, which text has no use for). */
export const STYLE_MARK: u8 = 0x10;

/** Whether a byte of the stream selects a style. */
export function isStyleMark(byte: u8): bool {
  return byte >= STYLE_MARK && byte < STYLE_MARK + STYLE_COUNT;
}
