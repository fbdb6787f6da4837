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

import { elapsedMicroseconds } from "../clock";
import { allocateObject, freeObject } from "../mm/heap";
import { describeTerminal } from "./devices";
import { freeText, makeText } from "./generatedText";
import { Node, NodeKind, Place } from "./node";
import { type Pipe, closePipeEnd } from "./pipe";
import { sayProcText, subject } from "./procText";

/** Flags of open that stay with an open file. */
export const OPEN_ACCESS: u32 = 0o3;
export const OPEN_WRITE_ONLY: u32 = 0o1;
export const OPEN_READ_WRITE: u32 = 0o2;
export const OPEN_APPEND: u32 = 0o2000;
export const OPEN_NON_BLOCKING: u32 = 0o4000;

/** The flag of open that stays with the descriptor: execve closes it. */
export const OPEN_CLOSE_ON_EXECUTE: u32 = 0o2_000_000;

/** Only who has an end uses it. */
const PIPE_PERMISSIONS: u32 = 0o600;

export class OpenFile {
  references: u32;
  /** OPEN_... */
  flags: u32;
  /** Where the next read begins; of a folder, the cursor of its listing. */
  position: u64;
  readonly node: Node;
  /** Of an end of a pipe. */
  pipe: Ref<Pipe> | null;

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
  if (isGenerated(node) && !generate(file.node)) {
    freeObject(file);
    return null;
  }
  openFiles.count += 1;
  return file;
}

/** Whether what is in the file is made when it is opened. */
function isGenerated(node: Node): bool {
  return node.kind === NodeKind.File && node.place === Place.Proc;
}

/** False: out of memory. */
function generate(node: Node): bool {
  subject.text = node.text;
  subject.pid = node.pid;
  subject.address = node.address;
  subject.time = elapsedMicroseconds();
  const content = makeText(sayProcText);
  if (content === null) return false;
  node.content = content;
  return true;
}

const scratchNode = new Node();

/** The terminal, as programs have it from their start on. */
export function openTerminal(): OpenFile | null {
  describeTerminal(scratchNode);
  return createOpenFile(scratchNode, OPEN_READ_WRITE);
}

/** An end of a pipe, which it takes over. Null: out of memory. */
export function openPipeEnd(pipe: Pipe, flags: u32): OpenFile | null {
  zeroStruct(scratchNode);
  scratchNode.kind = NodeKind.Pipe;
  scratchNode.permissions = PIPE_PERMISSIONS;
  const file = createOpenFile(scratchNode, flags);
  if (file !== null) file.pipe = pipe;
  return file;
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
  const pipe = file.pipe;
  if (pipe !== null) closePipeEnd(pipe, file.mayWrite());
  if (isGenerated(file.node)) freeText(file.node.content);
  freeObject(file);
}

/** How many there are. */
export function openFileCount(): u32 {
  return openFiles.count;
}
