/**
 * Pages that several address spaces have in common, whether or not they have touched them yet: a store.
 *
 *     space A   region (store, origin 0) --+
 *                                          +--> store: page number --> frame
 *     space B   region (store, origin 0) --+
 *
 * Pages of a store are zero at first, or what a file has (fileStore.ts).
 *
 * A store is a tree of tables that no CPU ever walks. Its root frame stands for it: every region holds one reference of
 * that frame, and the store one reference of each of its pages. With the last region the store goes.
 */

import { type Frame, pageAfter, pageAt } from "../../arch/x86_64/addresses";
import { flagsOf, tableIndex, userWindowFirst } from "../../arch/x86_64/pageTable";
import { addSelfEntry, rootTableOf, tableUnder } from "../../arch/x86_64/tableAccess";
import { closeFileStore, isFileStore, readFilePage } from "./fileStore";
import { FrameOwner, acquireZeroedFrame, frameReferences, releaseFrame } from "./frames";
import { findLeafEntry } from "./pageMapper";
import { releaseLeaves } from "./regionPages";
import { endUserPage } from "./regionTree";
import { attachTables, countLive, freeEmptyTables } from "./tables";

/** Numbers of pages in a store lie below this: they are counted from the start of the user window. */
export function storePages(): u64 {
  return endUserPage() - userWindowFirst();
}

/** A store without pages, with one reference. Null: out of frames. */
export function createStore(): Frame | null {
  const store = acquireZeroedFrame(FrameOwner.Table);
  if (store !== null) addSelfEntry(store);
  return store;
}

/** Gives up one reference; with the last one all pages and the store itself. */
export function releaseStore(store: Frame): void {
  if (frameReferences(store) === 1) {
    void releaseLeaves(rootTableOf(store), userWindowFirst(), pageAt(endUserPage()));
    if (isFileStore(store)) closeFileStore(store);
  }
  void releaseFrame(store);
}

/** Whether somebody has asked for this page. */
export function hasStoredFrame(store: Frame, number: u64): bool {
  const leaf = findLeafEntry(rootTableOf(store), pageAfter(userWindowFirst(), number));
  return leaf !== null && leaf.isPresent();
}

/** The frame of this page, which stays the store's; new when nobody has asked for it before. Null: out of frames. */
export function storedFrame(store: Frame, number: u64): Frame | null {
  const page = pageAfter(userWindowFirst(), number);
  const link = attachTables(rootTableOf(store), page, 1);
  if (link === null) return null;
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (leaf.isPresent()) return leaf.frame();
  const frame = isFileStore(store) ? readFilePage(store, number) : acquireZeroedFrame(FrameOwner.Anonymous);
  if (frame === null) {
    freeEmptyTables(rootTableOf(store), page);
    return null;
  }
  leaf.set(frame, flagsOf(0n));
  countLive(link.frame(), 1);
  return frame;
}
