/**
 * Text and memory.
 *
 *   text  ── encode ──> bytes ── storeBytes ──> memory       "bytes" is a string whose characters are 0 to 255:
 *   text <── decode ─── bytes <── loadBytes ─── memory       each stands for one byte
 *
 * Text in memory is UTF-8 (Unicode Standard, "UTF-8 Encoding Form"). What is no UTF-8 becomes U+FFFD when it is read.
 */
import { peek, poke } from "./machine";

const REPLACEMENT = 0xfffd;

/** Strings grow in pieces of this size: each growth copies what was there. */
const PIECE = 512;

export function encode(text: string): string {
  if (isAscii(text)) return text;
  let bytes = "";
  for (let at = 0; at < text.length; at += 1) {
    const code = codePointAt(text, at);
    if (code > 0xffff) at += 1;
    bytes += encodeCodePoint(code);
  }
  return bytes;
}

export function decode(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const size = sequenceLength(bytes, at);
    text += fromCodePoint(size === 0 ? REPLACEMENT : decodeSequence(bytes, at, size));
    at += size === 0 ? 1 : size;
  }
  return text;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}

/** The code point whose first or only UTF-16 unit is at `at`. Half a surrogate pair is replaced. */
export function codePointAt(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first < 0xd800 || first > 0xdfff) return first;
  const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
  if (first > 0xdbff || second < 0xdc00 || second > 0xdfff) return REPLACEMENT;
  return 0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00);
}

export function fromCodePoint(code: number): string {
  if (code <= 0xffff) return String.fromCharCode(code);
  const above = code - 0x10000;
  return String.fromCharCode(0xd800 + (above >> 10)) + String.fromCharCode(0xdc00 + (above & 0x3ff));
}

function encodeCodePoint(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6)) + continuation(code);
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12)) + continuation(code >> 6) + continuation(code);
  return (
    String.fromCharCode(0xf0 | (code >> 18)) + continuation(code >> 12) + continuation(code >> 6) + continuation(code)
  );
}

function continuation(code: number): string {
  return String.fromCharCode(0x80 | (code & 0x3f));
}

/** How many bytes the sequence at `at` has: 1 to 4, 0 when it is no UTF-8. */
function sequenceLength(bytes: string, at: number): number {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return 1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) return 0;
  for (let next = at + 1; next < at + size; next += 1) {
    if ((bytes.charCodeAt(next) & 0xc0) !== 0x80) return 0;
  }
  return size;
}

function decodeSequence(bytes: string, at: number, size: number): number {
  if (size === 1) return bytes.charCodeAt(at);
  let code = bytes.charCodeAt(at) & (0x7f >> size);
  for (let next = at + 1; next < at + size; next += 1) code = code * 64 + (bytes.charCodeAt(next) & 0x3f);
  return code;
}

/** Writes bytes to memory. Returns how many. */
export function storeBytes(address: number, bytes: string): number {
  for (let at = 0; at < bytes.length; at += 1) poke(address + at, bytes.charCodeAt(at));
  return bytes.length;
}

/** Writes text as UTF-8 with a 0 behind it, as the kernel wants paths. Returns how many bytes, the 0 included. */
export function storeText(address: number, text: string): number {
  const size = storeBytes(address, encode(text));
  poke(address + size, 0);
  return size + 1;
}

export function loadBytes(address: number, size: number): string {
  const pieces: string[] = [];
  for (let start = 0; start < size; start += PIECE) {
    const end = Math.min(start + PIECE, size);
    let piece = "";
    for (let at = start; at < end; at += 1) piece += String.fromCharCode(peek(address + at));
    pieces.push(piece);
  }
  return pieces.join("");
}

/** The text that ends at the first 0. */
export function loadText(address: number): string {
  let size = 0;
  while (peek(address + size) !== 0) size += 1;
  return decode(loadBytes(address, size));
}

/** An unsigned little-endian number of up to 8 bytes. Above 2^53 it is rounded. */
export function loadNumber(address: number, bytes: number): number {
  let value = 0;
  for (let at = bytes - 1; at >= 0; at -= 1) value = value * 256 + peek(address + at);
  return value;
}

/** Writes a whole number, little-endian. Not for negative ones. */
export function storeNumber(address: number, bytes: number, value: number): void {
  let rest = value;
  for (let at = 0; at < bytes; at += 1) {
    poke(address + at, rest % 256);
    rest = Math.floor(rest / 256);
  }
}
