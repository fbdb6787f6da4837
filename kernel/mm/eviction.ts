/**
 * Eviction: which frame to take when memory is short, and how.
 *
 *            hand -->
 *     ... | used | used | not used since the hand was here: goes to a swap slot | ...
 *            |
 *            accessed bits cleared: a second chance
 *
 * The hand of the clock goes around all frames. It takes anonymous ones that have no other references than the pages
 * that the reverse map knows. The entries of all these pages then hold the slot, and count as live as before.
 */

import { type Frame, type Page, frameAfter, frameStart, uncheckedFrame } from "../../arch/x86_64/addresses";
import { type PageTableEntry } from "../../arch/x86_64/pageTable";
import { rootTableOf } from "../../arch/x86_64/tableAccess";
import { applyFlushUnder, flushOfPage } from "../../arch/x86_64/tlb";
import { frameLimit } from "./frameAllocator";
import { FrameOwner, frameOwner, frameReferences, releaseFrame } from "./frames";
import { findLeafEntry } from "./pageMapper";
import { MappingCursor, firstMapping, forgetMappings, mappingCount, nextMapping } from "./reverseMap";
import { freeSlotCount, shareSlot, writeOut } from "./swap";

class Clock {
  hand: Frame;
}
const clock = new Clock();

/**
 * Writes a page that was not used lately to swap and takes its frame: anonymous, one reference, the caller's; content
 * undefined. Null: no frame can be taken, or there is no free slot.
 */
export function evictOne(): Frame | null {
  const cursor = new MappingCursor();
  for (let steps: u64 = 2n * frameLimit(); steps !== 0n; steps -= 1n) {
    const frame = clock.hand < frameLimit() ? clock.hand : uncheckedFrame(0n);
    clock.hand = frameAfter(frame, 1n);
    if (!isCandidate(frame) || wasUsed(frame, cursor)) continue;
    return evict(frame, cursor) ? frame : null;
  }
  return null;
}

/** Sends up to so many frames to swap, and gives them to the pool. False: there is no swap, or nothing that can go. */
export function evictFrames(count: u64): bool {
  let sent: u64 = 0n;
  while (sent < count && freeSlotCount() !== 0n) {
    const frame = evictOne();
    if (frame === null) break;
    void releaseFrame(frame);
    sent += 1n;
  }
  return sent !== 0n;
}

/** Whether only pages that are known refer to the frame. */
function isCandidate(frame: Frame): bool {
  if (frameOwner(frame) !== FrameOwner.Anonymous) return false;
  const count = mappingCount(frame);
  return count !== 0 && count === frameReferences(frame);
}

/** Whether the CPU used one of the frame's pages since the hand was here. Clears what says so. */
function wasUsed(frame: Frame, cursor: MappingCursor): bool {
  let used = false;
  for (let more = firstMapping(frame, cursor); more; more = nextMapping(cursor)) {
    const entry = entryOf(frame, cursor.root, cursor.page);
    if (!entry.isAccessed()) continue;
    entry.clearAccessed();
    applyFlushUnder(cursor.root, flushOfPage(cursor.page));
    used = true;
  }
  return used;
}

/** Nothing runs between the copy and the last flush, so nothing is written to the frame that the slot would lack. */
function evict(frame: Frame, cursor: MappingCursor): bool {
  const slot = writeOut(frame);
  if (slot === null) return false;
  for (let more = firstMapping(frame, cursor); more; more = nextMapping(cursor)) {
    entryOf(frame, cursor.root, cursor.page).setSwapped(slot);
    applyFlushUnder(cursor.root, flushOfPage(cursor.page));
  }
  for (let left = mappingCount(frame); left > 1; left -= 1) {
    shareSlot(slot);
    void releaseFrame(frame);
  }
  forgetMappings(frame);
  return true;
}

/** The entry by which a page maps the frame. The reverse map is wrong: panic. */
function entryOf(frame: Frame, root: Frame, page: Page): PageTableEntry {
  const entry = findLeafEntry(rootTableOf(root), page);
  if (entry === null || entry.isSwapped() || entry.frame() !== frame) {
    panic(`the frame at ${frameStart(frame)} is not mapped where the reverse map says`);
  }
  return entry;
}
