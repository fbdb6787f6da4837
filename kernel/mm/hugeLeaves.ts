/**
 * Huge leaves taken apart and put together. Both leave every translation as it is: the same frames, permissions and
 * memory type, and what the CPU noted.
 *
 *     PD [ 2 MiB leaf ]    -- split -->    PD [ table ] --> PT [ 512 leaves of consecutive frames ]
 *                          <-- merge --
 *
 * A 1 GiB leaf is split into 512 of 2 MiB, and merged from them.
 */

import { type Page, pageAfter, uncheckedPage } from "../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, isUserPage, pagesPerLeaf } from "../../arch/x86_64/pageTable";
import { type PageTable, type PageTableEntry } from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { tableUnder } from "../../arch/x86_64/tableAccess";
import { type Flush, NO_FLUSH, flushOfPages, ignoreFlush } from "../../arch/x86_64/tlb";
import { acquiredInfo } from "./frames";
import { Place, acquireFullTable, acquireTable, countLive, findLink, freeTable, locate } from "./tables";

/**
 * Sees to it that no huge leaf reaches across the start of page `first` or the end of `count` pages: one that does is
 * split. Whoever then changes pages in the range flushes them, and with them the huge leaf. False: no frame was left
 * for a table; every translation is as it was.
 */
export function splitAround(root: PageTable, first: Page, count: u64): bool {
  if (count === 0n) return true;
  if (splitBefore(root, first) && splitBefore(root, pageAfter(first, count))) return true;
  mergeBack(root, first);
  mergeBack(root, pageAfter(first, count));
  return false;
}

/** Splits until no huge leaf reaches across the start of `page`. False: out of frames. */
function splitBefore(root: PageTable, page: Page): bool {
  const place = new Place();
  for (;;) {
    const entry = locate(root, page, place);
    if (!entry.isPresent() || (page & (pagesPerLeaf(place.level) - 1n)) === 0n) return true;
    if (!splitLeaf(entry, place.level, page)) return false;
  }
}

/** Puts a table in the place of a huge leaf of this level. False: out of frames. */
function splitLeaf(entry: PageTableEntry, level: u32, page: Page): bool {
  const frame = level === 2 ? acquireFullTable() : acquireTable(level - 1);
  if (frame === null) return false;
  const table = tableIn(frame);
  const flags = entry.hugeFlags();
  if (level === 2) {
    table.fill(entry.hugeFrame(), flags);
  } else {
    countLive(frame, table.mapHugeRun(0, ENTRIES_PER_TABLE, entry.hugeFrame(), pagesPerLeaf(level - 1), flags));
  }
  entry.setTable(frame, isUserPage(page));
  return true;
}

/** After a split that led to nothing. */
function mergeBack(root: PageTable, page: Page): void {
  ignoreFlush(mergeLeaf(root, page, 2) ?? NO_FLUSH);
  ignoreFlush(mergeLeaf(root, page, 3) ?? NO_FLUSH);
}

/**
 * Puts one huge leaf of `level` (2 or 3) in the place of the table that holds the leaves around `page`: 512 that are
 * mapped alike, to consecutive frames from a frame on that is aligned to the huge leaf's size. What the CPU noted in
 * any of them, it noted in the huge leaf. Null: they are not such; nothing changed.
 */
export function mergeLeaf(root: PageTable, page: Page, level: u32): Flush | null {
  assert(level === 2 || level === 3, "huge leaves are at levels 2 and 3");
  const entry = findLink(root, page, level);
  if (entry === null) return null;
  const frame = entry.frame();
  if (acquiredInfo(frame).liveEntries !== ENTRIES_PER_TABLE) return null;
  const table = tableUnder(entry);
  if (!table.isOneLeaf(level)) return null;
  const first = table.entries[0];
  if (level === 2) entry.setHuge(first.frame(), table.joinedFlags(first.flags()));
  else entry.setHuge(first.hugeFrame(), table.joinedFlags(first.hugeFlags()));
  freeTable(frame, table, page, level - 1);
  return flushOfPages(uncheckedPage(page & ~(pagesPerLeaf(level) - 1n)), pagesPerLeaf(level));
}
