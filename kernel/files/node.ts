/**
 * Nodes: what paths lead to.
 *
 *     /            the archive that came with the boot      archive.ts
 *     /dev         devices                                  devices.ts
 *     /proc        what the kernel knows, as text           proc.ts
 *
 * The numbers of a mode are Linux's: inode(7).
 */

import { findInArchive } from "./archive";
import { findDevice } from "./devices";
import { beginsWithFolder } from "./pathText";
import { findProcNode } from "./proc";
import { type ProcText } from "./procText";

export enum NodeKind {
  File,
  Folder,
  Link,
  Device,
  Pipe,
}

export enum Device {
  Null,
  Zero,
  Random,
  Terminal,
}

/** Who lists a folder. */
export enum Place {
  Archive,
  Devices,
  /** /proc, /proc/PID, and /proc/PID/walk. */
  Proc,
  Process,
  Walks,
}

/** Nobody may write, everybody may read, and so on: nine bits of a mode. */
export const READ_ONLY_FILE: u32 = 0o444;
export const READ_ONLY_FOLDER: u32 = 0o555;
export const OPEN_DEVICE: u32 = 0o666;

export class Node {
  kind: NodeKind;
  place: Place;
  device: Device;
  /** No two nodes of the tree have the same. */
  inode: u64;
  /** Nine bits. */
  permissions: u32;
  /** Of a file: what is in it. Of a link: the path it stands for. */
  content: Slice<u8>;
  /** Of a folder of the archive or of devices: its path, without a slash in front. It stays valid. */
  path: string;
  /** Of /proc: the process, what the file says, and of which address. */
  pid: u32;
  text: ProcText;
  address: u64;

  isTerminal(): bool {
    return this.kind === NodeKind.Device && this.device === Device.Terminal;
  }
}

/** What one line of a listing says. */
export class FolderEntry {
  kind: NodeKind;
  inode: u64;
  /** Valid until the next one is asked for. */
  name: string;
}

/** The node at a path without a slash in front and without ".", ".." and links in it. False: there is none. */
export function findNode(path: string, node: Node): bool {
  zeroStruct(node);
  if (beginsWithFolder(path, "dev")) return findDevice(path, node);
  if (beginsWithFolder(path, "proc")) return findProcNode(path, node);
  return findInArchive(path, node);
}

const KIND_FILE: u32 = 0o100000;
const KIND_FOLDER: u32 = 0o040000;
const KIND_LINK: u32 = 0o120000;
const KIND_CHARACTER_DEVICE: u32 = 0o020000;
const KIND_PIPE: u32 = 0o010000;

/** The bits of a mode that say what it is. */
export function kindBits(kind: NodeKind): u32 {
  switch (kind) {
    case NodeKind.File:
      return KIND_FILE;
    case NodeKind.Folder:
      return KIND_FOLDER;
    case NodeKind.Link:
      return KIND_LINK;
    case NodeKind.Device:
      return KIND_CHARACTER_DEVICE;
    case NodeKind.Pipe:
      return KIND_PIPE;
  }
}
