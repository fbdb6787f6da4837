/**
 * The last 32 KiB of everything said, so that a console attached late shows the boot from its first line.
 *
 *     bytes   ...newest | oldest...........newest...
 *                        ^ next: where the next byte goes, the oldest one once the ring is full
 */
import { ByteSink } from "./format";

const CAPACITY = 32768;
const LINE_FEED: u8 = 0x0a;

class History {
  bytes: FixedArray<u8, 32768>;
  next: u32;
  wrapped: bool;
}
const history = new History();
staticAssert(sizeOf<FixedArray<u8, 32768>>() === 32768n);

export function remember(byte: u8): void {
  history.bytes[history.next] = byte;
  history.next += 1;
  if (history.next === CAPACITY) {
    history.next = 0;
    history.wrapped = true;
  }
}

/** Hands all that is remembered to a sink, oldest first, from the start of a line. */
export function replayHistory(sink: ByteSink): void {
  if (history.wrapped) replay(sink, afterFirstLine(history.next), CAPACITY);
  replay(sink, 0, history.next);
}

function replay(sink: ByteSink, start: u32, end: u32): void {
  for (let index = start; index < end; index += 1) sink(history.bytes[index]);
}

/** The oldest line has lost its head; skips to the next one. */
function afterFirstLine(start: u32): u32 {
  for (let index = start; index < CAPACITY; index += 1) {
    if (history.bytes[index] === LINE_FEED) return index + 1;
  }
  return CAPACITY;
}
