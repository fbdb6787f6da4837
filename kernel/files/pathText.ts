/**
 * Paths as text: where their parts begin and end.
 */

import { sameText, textBetween } from "../text";

export const SLASH: u8 = 0x2f;

/** Whether a path is this folder's or that of something below it. Everything lies below the root, "". */
export function beginsWithFolder(path: string, folder: string): bool {
  const length = byteLength(folder);
  if (length === 0) return true;
  if (byteLength(path) < length || !sameText(textBetween(path, 0, length), folder)) return false;
  return byteLength(path) === length || bytesOf(path)[length] === SLASH;
}

/** What a path below a folder says behind the folder: "b/c" of "a/b/c" and "a"; empty for the folder itself. */
export function belowFolder(path: string, folder: string): string {
  const length = byteLength(folder);
  if (length === 0 || byteLength(path) === length) return textBetween(path, length, byteLength(path));
  return textBetween(path, length + 1, byteLength(path));
}

/** The bytes up to the first slash, or all of them. */
export function firstPart(path: string): string {
  const bytes = bytesOf(path);
  let end: u32 = 0;
  while (end < bytes.length && bytes[end] !== SLASH) end += 1;
  return textBetween(path, 0, end);
}

/** A path without slashes and "./" in front; "." is the root. */
export function fromRoot(path: string): string {
  const bytes = bytesOf(path);
  let start: u32 = 0;
  if (bytes.length === 1 && bytes[0] === 0x2e) return "";
  if (bytes.length >= 2 && bytes[0] === 0x2e && bytes[1] === SLASH) start = 2;
  while (start < bytes.length && bytes[start] === SLASH) start += 1;
  return textBetween(path, start, bytes.length);
}
