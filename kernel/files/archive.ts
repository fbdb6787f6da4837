/**
 * The root: files that came with the boot, in a cpio archive of the "new ASCII" format (newc), which the loader left in
 * memory as a module. They are read where they lie.
 *
 *     | header: "070701" and 13 numbers of 8 hexadecimal digits | name\0 |pad| content |pad|    next header ...
 *       0        6                                          110           ^4             ^4
 *
 * The archive ends with a file "TRAILER!!!". What does not make sense ends it too, with a warning.
 *
 * "The new ASCII format", cpio(5).
 */

import { physToVirt } from "../../arch/x86_64/physmap";
import { type ModuleInfo } from "../../boot/bootInfo";
import { sameText } from "../text";

const HEADER_BYTES: u32 = 110;
const MAGIC = "070701";
const TRAILER = "TRAILER!!!";
/** Offsets of the numbers that matter. */
const MODE_OFFSET: u32 = 14;
const SIZE_OFFSET: u32 = 54;
const NAME_SIZE_OFFSET: u32 = 94;
const NUMBER_DIGITS: u32 = 8;

/** Bits of a mode that say what it is. */
const KIND_MASK: u32 = 0o170000;
const KIND_FILE: u32 = 0o100000;

/** An archive is smaller than this. */
const MOST_BYTES: u64 = 1n << 31n;

class Archive {
  bytes: Slice<u8> | null;
}
const archive = new Archive();

/** One file or folder of the archive. */
class Entry {
  name: string;
  mode: u32;
  content: Slice<u8>;
  /** Where the next one begins. */
  end: u32;
}
const entry = new Entry();

/** Takes a module for the root. False: it is no archive. */
export function useArchive(module: ModuleInfo): bool {
  if (module.length >= MOST_BYTES) return false;
  const bytes = sliceOf(overlay<Many<u8>>(physToVirt(module.start)), u32(module.length));
  if (!readEntry(bytes, 0)) return false;
  archive.bytes = bytes;
  return true;
}

/** The content of the file with this path; a slash in front makes no difference. Null: there is none. */
export function findFile(path: string): Slice<u8> | null {
  const bytes = archive.bytes;
  if (bytes === null) return null;
  let at: u32 = 0;
  while (readEntry(bytes, at) && !sameText(entry.name, TRAILER)) {
    const isFile = (entry.mode & KIND_MASK) === KIND_FILE;
    if (isFile && sameText(withoutSlash(entry.name), withoutSlash(path))) return entry.content;
    at = entry.end;
  }
  return null;
}

/** Reads the entry at `at` into `entry`. False: there is none that makes sense. */
function readEntry(bytes: Slice<u8>, at: u32): bool {
  const length = bytes.length;
  if (length < HEADER_BYTES || at > length - HEADER_BYTES) return false;
  const header = subslice(bytes, at, at + HEADER_BYTES);
  if (!sameText(stringOver(subslice(header, 0, 6)), MAGIC)) return false;
  const mode = readNumber(header, MODE_OFFSET);
  const size = readNumber(header, SIZE_OFFSET);
  const nameSize = readNumber(header, NAME_SIZE_OFFSET);
  if (mode === null || size === null || nameSize === null || nameSize === 0) return false;
  const nameStart = at + HEADER_BYTES;
  if (nameSize > length - nameStart) return false;
  const contentStart = padded(nameStart + nameSize);
  if (contentStart > length || size > length - contentStart) return false;
  entry.name = stringOver(subslice(bytes, nameStart, nameStart + nameSize - 1));
  entry.mode = mode;
  entry.content = subslice(bytes, contentStart, contentStart + size);
  entry.end = padded(contentStart + size);
  return true;
}

/** Names begin at offset 110 of a header that is at a multiple of 4, and all parts end at one. */
function padded(offset: u32): u32 {
  return (offset + 3) & ~3;
}

function readNumber(header: Slice<u8>, offset: u32): u32 | null {
  let value: u32 = 0;
  for (let i: u32 = 0; i < NUMBER_DIGITS; i += 1) {
    const digit = digitValue(header[offset + i]);
    if (digit === null) return null;
    value = (value << 4) | digit;
  }
  return value;
}

function digitValue(byte: u8): u32 | null {
  if (byte >= 0x30 && byte <= 0x39) return u32(byte - 0x30);
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? u32(lower - 0x61 + 10) : null;
}

/** A path from the root on. */
function withoutSlash(path: string): string {
  const bytes = bytesOf(path);
  let start: u32 = 0;
  if (bytes.length >= 2 && bytes[0] === 0x2e && bytes[1] === 0x2f) start = 2;
  while (start < bytes.length && bytes[start] === 0x2f) start += 1;
  return stringOver(subslice(bytes, start, bytes.length));
}
