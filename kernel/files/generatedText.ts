/**
 * Text that the kernel makes when somebody opens a file of /proc: as long as it is open, it stays as it was then.
 *
 *     beginText --> print, printByte ... (counted) --> holdText --> the same once more (kept) --> Slice<u8>
 *
 * Who makes a text makes it twice, so it needs no limit and no second place. In between only the heap has grown: should
 * the text get longer by that, its end is cut off.
 */

import { writeMessage } from "../console/format";
import { allocateByteSlice, freeByteSlice } from "../mm/heap";

class GeneratedText {
  target: Slice<u8>;
  length: u32;
  isKept: bool;
}
const text = new GeneratedText();

/** Says a part of the text. */
export function say(message: Message): void {
  writeMessage(sayByte, message);
}

/** One byte of the text; a ByteSink. */
export function sayByte(byte: u8): void {
  if (text.isKept) {
    if (text.length === text.target.length) return;
    text.target[text.length] = byte;
  }
  text.length += 1;
}

/** What `make` says, in memory of the heap that goes with `freeText`. Null: out of memory. */
export function makeText(make: () => void): Slice<u8> | null {
  text.length = 0;
  text.isKept = false;
  make();
  const length = text.length;
  if (length === 0) return emptySlice<u8>();
  const target = allocateByteSlice(length);
  if (target === null) return null;
  text.target = target;
  text.length = 0;
  text.isKept = true;
  make();
  return subslice(target, 0, text.length);
}

export function freeText(made: Slice<u8>): void {
  if (made.length !== 0) freeByteSlice(made);
}
