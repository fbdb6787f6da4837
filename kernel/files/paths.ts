/**
 * From the path that a program names to a node, part by part:
 *
 *     resolved   "bin"                       how far it has come, from the root on: no ".", no "..", no link
 *     rest       "../bin/sh"                 what was asked for, links put in place of their names
 *                    ^ at
 *
 * Linux man-pages, path_resolution(7).
 */

import { Errno } from "../process/errno";
import { textBetween } from "../text";
import { type Node, NodeKind, findNode } from "./node";
import { SLASH } from "./pathText";

/** Bytes of a path, and one more: Linux's PATH_MAX. */
export const MAX_PATH_BYTES: u32 = 4096;
/** Links on one way, after which it counts as endless. */
const MOST_LINKS: u32 = 40;
/** Bytes of one part: Linux's NAME_MAX. */
const MOST_NAME_BYTES: u32 = 255;

/** A path that is being put together. */
export class PathBuffer {
  readonly bytes: FixedArray<u8, 4096>;
  length: u32;

  text(): string {
    return stringOver(subslice(this.bytes, 0, this.length));
  }

  clear(): void {
    this.length = 0;
  }

  /** False: no room, and it stays as it was. */
  append(text: string): bool {
    const added = bytesOf(text);
    if (added.length >= MAX_PATH_BYTES - this.length) return false;
    for (const byte of added) {
      this.bytes[this.length] = byte;
      this.length += 1;
    }
    return true;
  }

  /** Adds a part, behind a slash where it is not the first. */
  appendPart(part: string): bool {
    const before = this.length;
    if ((before === 0 || this.append("/")) && this.append(part)) return true;
    this.length = before;
    return false;
  }

  /** Takes the last part off. */
  dropPart(): void {
    while (this.length > 0 && this.bytes[this.length - 1] !== SLASH) this.length -= 1;
    if (this.length > 0) this.length -= 1;
  }
}

const resolved = new PathBuffer();
const rest = new PathBuffer();
const spliced = new PathBuffer();

/**
 * Finds the node of a path, which begins in `folder` unless it begins with a slash. A link at its end is followed or is
 * the answer itself. Null: found, in `node`.
 */
export function resolvePath(folder: string, path: string, followLast: bool, node: Node): Errno | null {
  if (byteLength(path) === 0) return Errno.NoEntry;
  resolved.clear();
  rest.clear();
  if (!rest.append(path)) return Errno.NameTooLong;
  if (rest.bytes[0] !== SLASH && !resolved.append(folder)) return Errno.NameTooLong;
  if (!findNode(resolved.text(), node)) return Errno.NoEntry;
  return followParts(followLast, node);
}

/** What the last `resolvePath` found, as a path from the root without a slash in front. Valid until the next. */
export function resolvedPath(): string {
  return resolved.text();
}

function followParts(followLast: bool, node: Node): Errno | null {
  let links: u32 = 0;
  let at: u32 = 0;
  while (true) {
    const start = afterSlashes(at);
    if (start === rest.length) return start > at && node.kind !== NodeKind.Folder ? Errno.NotDirectory : null;
    const end = endOfPart(start);
    const isLast = end === rest.length;
    const problem = enter(textBetween(rest.text(), start, end), node);
    if (problem !== null) return problem;
    at = end;
    if (node.kind !== NodeKind.Link || (isLast && !followLast)) continue;
    links += 1;
    if (links > MOST_LINKS) return Errno.TooManyLinks;
    if (!followLink(end, node)) return Errno.NameTooLong;
    at = 0;
  }
}

/** From a folder to what it has by this name. */
function enter(part: string, node: Node): Errno | null {
  if (node.kind !== NodeKind.Folder) return Errno.NotDirectory;
  if (byteLength(part) > MOST_NAME_BYTES) return Errno.NameTooLong;
  if (part === ".") return null;
  if (part === "..") resolved.dropPart();
  else if (!resolved.appendPart(part)) return Errno.NameTooLong;
  return findNode(resolved.text(), node) ? null : Errno.NoEntry;
}

/** Puts what the link says in place of the path up to `end`, and goes back to the folder that has the link. */
function followLink(end: u32, node: Node): bool {
  const target = node.content;
  spliced.clear();
  if (!spliced.append(stringOver(target)) || !spliced.append(textBetween(rest.text(), end, rest.length))) return false;
  copyStruct(rest, spliced);
  if (target.length > 0 && target[0] === SLASH) resolved.clear();
  else resolved.dropPart();
  return findNode(resolved.text(), node);
}

function afterSlashes(start: u32): u32 {
  let at = start;
  while (at < rest.length && rest.bytes[at] === SLASH) at += 1;
  return at;
}

function endOfPart(start: u32): u32 {
  let at = start;
  while (at < rest.length && rest.bytes[at] !== SLASH) at += 1;
  return at;
}
