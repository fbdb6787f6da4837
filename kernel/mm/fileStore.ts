/**
 * The pages of files that address spaces have mapped: a store (sharedPages.ts) whose pages hold what the file has, and
 * which nobody writes to.
 *
 *     space A   File region --+
 *                             +--> store: page number --> frame       | content of the file, where the root has it |
 *     space B   File region --+      | FrameInfo.mapping of its root -^  behind its end: zero bytes
 *
 * A page is read when the first address space touches it, and is the same frame in all of them; who writes to it gets a
 * copy (faults.ts). All regions of one file have the same store, which goes with the last of them.
 */

import { type Frame, PAGE_SIZE } from "../../arch/x86_64/addresses";
import { fillFrame, zeroFrame } from "../../arch/x86_64/physmap";
import { FrameOwner, acquireFrame, frameInfo, shareFrame } from "./frames";
import { allocateObject, freeObject } from "./heap";
import { createStore } from "./sharedPages";

/** A file of which pages are mapped. */
class MappedFile {
  content: Slice<u8>;
  store: Frame;
  next: Ref<MappedFile> | null;
}

class MappedFiles {
  first: Ref<MappedFile> | null;
}
const files = new MappedFiles();

/**
 * The store of a file's pages, with one reference for the caller, who gives it up by `releaseStore`. The content stays
 * where it is and as it is. Null: out of memory.
 */
export function openFileStore(content: Slice<u8>): Frame | null {
  const known = findFile(content);
  if (known !== null) {
    shareFrame(known.store);
    return known.store;
  }
  const file = allocateObject<MappedFile>();
  const store = file === null ? null : createStore();
  if (file === null || store === null) {
    if (file !== null) freeObject(file);
    return null;
  }
  file.content = content;
  file.store = store;
  file.next = files.first;
  files.first = file;
  frameInfo(store).mapping = addressOf(file);
  return store;
}

/** A file lies where no other does. */
function findFile(content: Slice<u8>): MappedFile | null {
  for (let file = files.first; file !== null; file = file.next) {
    if (addressOf(file.content) === addressOf(content) && file.content.length === content.length) return file;
  }
  return null;
}

/** Whether a store has pages of a file. */
export function isFileStore(store: Frame): bool {
  return frameInfo(store).mapping !== 0n;
}

/** All that is in the file of a store. */
export function contentOfStore(store: Frame): Slice<u8> {
  return fileOf(store).content;
}

/** A frame for this page of a file's store. Null: out of frames. */
export function readFilePage(store: Frame, number: u64): Frame | null {
  const frame = acquireFrame(FrameOwner.File);
  if (frame !== null) copyFilePage(store, number, frame);
  return frame;
}

/** Fills a frame with this page of a file's store. */
export function copyFilePage(store: Frame, number: u64, frame: Frame): void {
  const content = fileOf(store).content;
  const start = number * PAGE_SIZE;
  const length = u64(content.length);
  if (start >= length) {
    zeroFrame(frame);
    return;
  }
  const left = length - start;
  const end = start + (left < PAGE_SIZE ? left : PAGE_SIZE);
  fillFrame(frame, subslice(content, u32(start), u32(end)));
}

/** A file's store goes: nobody has mapped the file any more. */
export function closeFileStore(store: Frame): void {
  const file = fileOf(store);
  let previous: MappedFile | null = null;
  for (let each = files.first; each !== null && each !== file; each = each.next) previous = each;
  if (previous === null) files.first = file.next;
  else previous.next = file.next;
  frameInfo(store).mapping = 0n;
  freeObject(file);
}

function fileOf(store: Frame): MappedFile {
  return overlay<MappedFile>(frameInfo(store).mapping);
}
