/**
 * Pages that several address spaces have in common, whether or not they have touched them yet: a store.
 *
 *     space A   region (store, origin 0) --+
 *                                          +--> store: page number --> frame
 *     space B   region (store, origin 0) --+
 *
 * A store is a tree of tables that no CPU ever walks. Its root frame stands for it: every region holds one reference of
 * that frame, and the store one reference of each of its pages. With the last region the store goes.
 */

import { type Frame, pageAt } from "../../arch/x86_64/addresses";
import { NO_EXECUTE, pageFlags, tableIndex } from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { tableUnder } from "../../arch/x86_64/tableAccess";
import { FrameOwner, acquireZeroedFrame, frameReferences, releaseFrame } from "./frames";
import { releaseLeaves } from "./regionPages";
import { END_USER_PAGE } from "./regionTree";
import { attachTables, countLive, freeEmptyTables } from "./tables";

/** Numbers of pages in a store lie below this. */
export const STORE_PAGES: u64 = END_USER_PAGE;

/** A store without pages, with one reference. Null: out of frames. */
export function createStore(): Frame | null {
  return acquireZeroedFrame(FrameOwner.Table);
}

/** Gives up one reference; with the last one all pages and the store itself. */
export function releaseStore(store: Frame): void {
  if (frameReferences(store) === 1) void releaseLeaves(tableIn(store), pageAt(0n), pageAt(STORE_PAGES));
  void releaseFrame(store);
}

/** The frame of this page, which stays the store's; zeroed when nobody has asked for it before. Null: out of frames. */
export function storedFrame(store: Frame, number: u64): Frame | null {
  const page = pageAt(number);
  const link = attachTables(tableIn(store), page, 1);
  if (link === null) return null;
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (leaf.isPresent()) return leaf.frame();
  const frame = acquireZeroedFrame(FrameOwner.Anonymous);
  if (frame === null) {
    freeEmptyTables(tableIn(store), page);
    return null;
  }
  leaf.set(frame, pageFlags(NO_EXECUTE));
  countLive(link.frame(), 1);
  return frame;
}
