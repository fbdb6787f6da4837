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
import { hexDigit, sameText, textBetween } from "../text";
import { type FolderEntry, type Node, NodeKind, Place, READ_ONLY_FOLDER } from "./node";
import { beginsWithFolder, belowFolder, firstPart, fromRoot } from "./pathText";

const HEADER_BYTES: u32 = 110;
const MAGIC = "070701";
const TRAILER = "TRAILER!!!";
/** Offsets of the numbers that matter. */
const MODE_OFFSET: u32 = 14;
const SIZE_OFFSET: u32 = 54;
const NAME_SIZE_OFFSET: u32 = 94;
const NUMBER_DIGITS: u32 = 8;

/** Bits of a mode that say what it is, and who may use it. */
const KIND_MASK: u32 = 0o170000;
const KIND_FILE: u32 = 0o100000;
const KIND_FOLDER: u32 = 0o040000;
const KIND_LINK: u32 = 0o120000;
const PERMISSIONS: u32 = 0o777;

/** Numbers of nodes begin here: below are those of devices and /proc. */
const FIRST_INODE: u64 = 1n << 32n;

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

/** The node at a path from the root. Folders need no entry of their own. False: there is none. */
export function findInArchive(path: string, node: Node): bool {
  const bytes = archive.bytes;
  if (bytes === null) return false;
  if (byteLength(path) === 0) {
    describeFolder(path, 0, node);
    return true;
  }
  for (let at: u32 = 0; readFile(bytes, at); at = entry.end) {
    if (!beginsWithFolder(entry.name, path)) continue;
    if (byteLength(entry.name) === byteLength(path)) return describeEntry(at, node);
    describeFolder(textBetween(entry.name, 0, byteLength(path)), at, node);
    return true;
  }
  return false;
}

/** The path of the file that has this content, from the root on. Null: none has. */
export function pathOfContent(content: Slice<u8>): string | null {
  const bytes = archive.bytes;
  if (bytes === null) return null;
  for (let at: u32 = 0; readFile(bytes, at); at = entry.end) {
    if (addressOf(entry.content) === addressOf(content)) return entry.name;
  }
  return null;
}

/**
 * The first thing in a folder from position `start` on, 0 at first: into `found`. The position behind it; null: there is
 * no other.
 */
export function nextInArchive(folder: string, start: u32, found: FolderEntry): u32 | null {
  const bytes = archive.bytes;
  if (bytes === null) return null;
  for (let at = start; readFile(bytes, at); at = entry.end) {
    if (!beginsWithFolder(entry.name, folder) || byteLength(entry.name) === byteLength(folder)) continue;
    const rest = belowFolder(entry.name, folder);
    const name = firstPart(rest);
    const length = byteLength(entry.name) - byteLength(rest) + byteLength(name);
    const kind = byteLength(name) === byteLength(rest) ? kindOf(entry.mode) : NodeKind.Folder;
    const end = entry.end;
    const path = textBetween(entry.name, 0, length);
    if (kind === null || (kind === NodeKind.Folder && isNamedBefore(bytes, path, at))) continue;
    found.name = name;
    found.kind = kind;
    found.inode = inodeOf(at, path);
    return end;
  }
  return null;
}

/** Whether an entry before `end` has this path or one below it. Leaves the entry at `end` in `entry`. */
function isNamedBefore(bytes: Slice<u8>, path: string, end: u32): bool {
  let isNamed = false;
  for (let at: u32 = 0; at < end && readFile(bytes, at); at = entry.end) {
    if (beginsWithFolder(entry.name, path)) isNamed = true;
  }
  void readFile(bytes, end);
  return isNamed;
}

/** False: it is neither a file, nor a folder, nor a link. */
function describeEntry(at: u32, node: Node): bool {
  const kind = kindOf(entry.mode);
  if (kind === null) return false;
  node.kind = kind;
  node.inode = inodeOf(at, entry.name);
  node.permissions = entry.mode & PERMISSIONS;
  node.content = entry.content;
  node.path = entry.name;
  return true;
}

function describeFolder(path: string, at: u32, node: Node): void {
  node.kind = NodeKind.Folder;
  node.place = Place.Archive;
  node.inode = inodeOf(at, path);
  node.permissions = READ_ONLY_FOLDER;
  node.path = path;
}

/** The same path in the same entry, or none: an entry is longer than the paths it names. */
function inodeOf(at: u32, path: string): u64 {
  return FIRST_INODE + u64(at) + u64(byteLength(path));
}

function kindOf(mode: u32): NodeKind | null {
  switch (mode & KIND_MASK) {
    case KIND_FILE:
      return NodeKind.File;
    case KIND_FOLDER:
      return NodeKind.Folder;
    case KIND_LINK:
      return NodeKind.Link;
    default:
      return null;
  }
}

/** Reads the entry at `at`, whose name then is a path from the root. False: the archive ends here. */
function readFile(bytes: Slice<u8>, at: u32): bool {
  if (!readEntry(bytes, at) || sameText(entry.name, TRAILER)) return false;
  entry.name = fromRoot(entry.name);
  return true;
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
    const digit = hexDigit(header[offset + i]);
    if (digit === null) return null;
    value = (value << 4) | digit;
  }
  return value;
}
