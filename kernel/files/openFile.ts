/**
 * Open files: a node, and how far somebody has come in it. Descriptors of one or several processes lead to one open
 * file, and share its position; with the last of them it goes.
 *
 *     process A  descriptor 1 ---+
 *                descriptor 2 ---+--> OpenFile (references 3) --> Node
 *     process B  descriptor 1 ---'
 *
 * Linux man-pages: open(2).
 */

import { allocateObject, freeObject } from "../mm/heap";
import { describeTerminal } from "./devices";
import { Node } from "./node";

/** Flags of open that stay with an open file. */
export const OPEN_ACCESS: u32 = 0o3;
export const OPEN_WRITE_ONLY: u32 = 0o1;
export const OPEN_READ_WRITE: u32 = 0o2;
export const OPEN_APPEND: u32 = 0o2000;
export const OPEN_NON_BLOCKING: u32 = 0o4000;

export class OpenFile {
  references: u32;
  /** OPEN_... */
  flags: u32;
  /** Where the next read begins; of a folder, the cursor of its listing. */
  position: u64;
  readonly node: Node;

  mayRead(): bool {
    return (this.flags & OPEN_ACCESS) !== OPEN_WRITE_ONLY;
  }

  mayWrite(): bool {
    return (this.flags & OPEN_ACCESS) !== 0;
  }

  blocks(): bool {
    return (this.flags & OPEN_NON_BLOCKING) === 0;
  }
}

class OpenFiles {
  count: u32;
}
const openFiles = new OpenFiles();

/** An open file of its own for a copy of `node`, with one reference. Null: out of memory. */
export function createOpenFile(node: Node, flags: u32): OpenFile | null {
  const file = allocateObject<OpenFile>();
  if (file === null) return null;
  file.references = 1;
  file.flags = flags;
  copyStruct(file.node, node);
  openFiles.count += 1;
  return file;
}

const terminalNode = new Node();

/** The terminal, as programs have it from their start on. */
export function openTerminal(): OpenFile | null {
  describeTerminal(terminalNode);
  return createOpenFile(terminalNode, OPEN_READ_WRITE);
}

/** One more descriptor leads to it. */
export function shareOpenFile(file: OpenFile): void {
  file.references += 1;
}

/** One descriptor less does; the last one frees it. */
export function releaseOpenFile(file: OpenFile): void {
  file.references -= 1;
  if (file.references !== 0) return;
  openFiles.count -= 1;
  freeObject(file);
}

/** How many there are. */
export function openFileCount(): u32 {
  return openFiles.count;
}
