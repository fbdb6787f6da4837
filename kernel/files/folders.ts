/**
 * What lies in a folder, one thing at a time.
 *
 *     cursor   0 "."   1 ".."   2 + p: the first thing from position p on, as who lists the folder counts
 *
 * The root has what the archive has, and what the kernel itself puts there.
 */

import { nextInArchive } from "./archive";
import { nextDevice } from "./devices";
import { nextInProc, nextInProcess, pathInProc } from "./proc";
import { type FolderEntry, type Node, NodeKind, Place } from "./node";

const FIRST_POSITION: u64 = 2n;
/** Positions of the root from here on count its MOUNTED. */
const MOUNTED_POSITION: u32 = 0x8000_0000;
const MOUNTED: FixedArray<string, 2> = ["dev", "proc"];

/** The thing at `cursor`, into `found`: the cursor of the next. Null: there is none. */
export function nextInFolder(folder: Node, cursor: u64, found: FolderEntry): u64 | null {
  if (cursor < FIRST_POSITION) {
    found.name = cursor === 0n ? "." : "..";
    found.kind = NodeKind.Folder;
    found.inode = folder.inode;
    return cursor + 1n;
  }
  if (cursor - FIRST_POSITION > u64(u32.MAX)) return null;
  const next = nextPosition(folder, u32(cursor - FIRST_POSITION), found);
  return next === null ? null : FIRST_POSITION + u64(next);
}

/** The path of a folder, from the root on, without a slash in front. Valid until the next question. */
export function pathOfFolder(folder: Node): string {
  return folder.place === Place.Archive || folder.place === Place.Devices ? folder.path : pathInProc(folder);
}

function nextPosition(folder: Node, position: u32, found: FolderEntry): u32 | null {
  switch (folder.place) {
    case Place.Archive:
      return byteLength(folder.path) === 0 ? nextInRoot(position, found) : nextInArchive(folder.path, position, found);
    case Place.Devices:
      return nextDevice(position, found);
    case Place.Proc:
      return nextInProc(position, found);
    case Place.Process:
      return nextInProcess(folder, position, found);
    case Place.Walks:
      return null;
  }
}

function nextInRoot(position: u32, found: FolderEntry): u32 | null {
  let next = position < MOUNTED_POSITION ? nextInArchive("", position, found) : null;
  while (next !== null && isMounted(found.name)) next = nextInArchive("", next, found);
  if (next !== null) return next;
  const index = position < MOUNTED_POSITION ? 0 : position - MOUNTED_POSITION;
  if (index >= MOUNTED.length) return null;
  found.name = MOUNTED[index];
  found.kind = NodeKind.Folder;
  found.inode = u64(index) + 1n;
  return MOUNTED_POSITION + index + 1;
}

/** The kernel's own hides what the archive has by that name. */
function isMounted(name: string): bool {
  for (const mounted of MOUNTED) {
    if (mounted === name) return true;
  }
  return false;
}
