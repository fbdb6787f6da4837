/**
 * The leaves under the regions of an address space: what happens to pages that were touched, when what they belong to
 * changes. Pages that nobody has touched have no leaf and cost nothing; a run finds the next leaf table and passes over
 * everything that has none.
 *
 *     leaf                     page
 *     empty                    never touched, or given back
 *     present, writable        the space's own frame
 *     present, read-only       a frame that others may have too: a write finds out (faults.ts)
 *     hidden                   the frame is kept, but the region allows no access
 *     swapped                  a slot has what the page holds (swap.ts)
 *
 * Frames that only one page has are known to the reverse map, so that eviction may take them.
 */

import { type Frame, type Page, pageAfter } from "../../arch/x86_64/addresses";
import { EXECUTABLE, type PageFlags, type PageTable, type PageTableEntry, USER } from "../../arch/x86_64/pageTable";
import { ENTRIES_PER_TABLE, WRITABLE, flagsOf, pagesPerLeaf, tableIndex } from "../../arch/x86_64/pageTable";
import { withoutWrites } from "../../arch/x86_64/pageTable";
import { rootTableOf, tableUnder } from "../../arch/x86_64/tableAccess";
import { acquiredInfo, frameInfo, releaseAcquired, shareAcquired } from "./frames";
import { EXECUTE, NO_ACCESS, type Region, RegionKind, WRITE } from "./regionTree";
import { clearOnlyMapping, mappingCount, setOnlyMapping } from "./reverseMap";
import { dropSlot, shareSlot } from "./swap";
import { Place, attachTables, countEmptied, countLive, freeEmptyTables, locate } from "./tables";

/** Leaves of one table that follow each other. */
class LeafRun {
  /** The page of the first of them, its index, and the index behind the last. */
  first: Page;
  start: u32;
  end: u32;
  /** Where the table is. */
  readonly place: Place;

  table(): PageTable {
    const table = this.place.table;
    assert(table !== null, "a run has a table");
    return table;
  }
}

/** Finds the next leaves for pages from `from` up to `end`. False: there is no leaf table any more. */
function nextRun(root: PageTable, from: Page, end: Page, run: LeafRun): bool {
  let at = from;
  while (at < end) {
    void locate(root, at, run.place);
    if (run.place.level === 1) {
      run.first = at;
      run.start = tableIndex(at, 1);
      run.end = runEnd(run.start, end - at);
      return true;
    }
    const covered = pagesPerLeaf(run.place.level);
    at = pageAfter(at, covered - (at & (covered - 1n)));
  }
  return false;
}

/** The index behind a run from `start` on of at most `pages`. */
function runEnd(start: u32, pages: u64): u32 {
  const room = ENTRIES_PER_TABLE - start;
  return pages < u64(room) ? start + u32(pages) : ENTRIES_PER_TABLE;
}

/** The page behind a run. */
function afterRun(run: LeafRun): Page {
  return pageAfter(run.first, u64(run.end - run.start));
}

/** The permission and memory type of a region's leaves. */
export function leafFlags(region: Region): PageFlags {
  let words = USER | region.memoryType;
  if ((region.permissions & WRITE) !== 0) words |= WRITABLE;
  if ((region.permissions & EXECUTE) !== 0) words |= EXECUTABLE;
  return flagsOf(words);
}

/** Whether the frames behind the region's leaves are counted: not those of devices. */
export function ownsFrames(region: Region): bool {
  return region.kind !== RegionKind.Physical;
}

/** Empties the leaves of the region from `first` up to `end`, and gives up their frames. Returns their number. */
export function dropPages(root: PageTable, region: Region, first: Page, end: Page): u64 {
  return ownsFrames(region) ? releaseLeaves(root, first, end) : clearLeaves(root, first, end);
}

/** Empties the leaves from `first` up to `end`, and gives up one reference of each frame. Returns their number. */
export function releaseLeaves(root: PageTable, first: Page, end: Page): u64 {
  const run = new LeafRun();
  let released: u64 = 0n;
  for (let at = first; nextRun(root, at, end, run); at = afterRun(run)) released += releaseRun(root, run);
  return released;
}

/** The same where the frames are not counted here, or are in other leaves now. */
function clearLeaves(root: PageTable, first: Page, end: Page): u64 {
  const run = new LeafRun();
  let cleared: u64 = 0n;
  for (let at = first; nextRun(root, at, end, run); at = afterRun(run)) cleared += clearRun(root, run);
  return cleared;
}

function releaseRun(root: PageTable, run: LeafRun): u64 {
  let released: u32 = 0;
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (leaf.isEmpty()) continue;
    releaseLeaf(leaf);
    released += 1;
  }
  if (released !== 0) countEmptied(root, run.first, run.place.tableFrame, released);
  return u64(released);
}

/** Empties a leaf and gives up what it has: a reference to a frame, or to a slot. */
function releaseLeaf(leaf: PageTableEntry): void {
  if (leaf.isSwapped()) {
    dropSlot(leaf.swapSlot());
    leaf.clear();
    return;
  }
  const frame = leaf.frame();
  const info = acquiredInfo(frame);
  leaf.clear();
  clearOnlyMapping(info);
  releaseAcquired(frame, info);
}

function clearRun(root: PageTable, run: LeafRun): u64 {
  let cleared: u32 = 0;
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (leaf.isEmpty()) continue;
    leaf.clear();
    cleared += 1;
  }
  if (cleared !== 0) countEmptied(root, run.first, run.place.tableFrame, cleared);
  return u64(cleared);
}

/** Gives the leaves of the whole region the permissions that it has now. */
export function protectPages(root: PageTable, region: Region): void {
  const run = new LeafRun();
  const flags = leafFlags(region);
  for (let at = region.first; nextRun(root, at, region.end, run); at = afterRun(run)) {
    if (region.permissions === NO_ACCESS) hideRun(run);
    else if (copiesOnWrite(region) && (flags & WRITABLE) !== 0n) protectOwnRun(run, flags);
    else protectRun(run, flags);
  }
}

/** Whether a clone gets a copy of the region's pages. */
export function copiesOnWrite(region: Region): bool {
  const kind = region.kind;
  return kind === RegionKind.Private || kind === RegionKind.Stack || kind === RegionKind.File;
}

function hideRun(run: LeafRun): void {
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (leaf.isPresent()) leaf.hide();
  }
}

function protectRun(run: LeafRun, flags: PageFlags): void {
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (!leaf.isEmpty()) leaf.showWith(flags);
  }
}

/** Writes are allowed at once where nobody else has the frame. */
function protectOwnRun(run: LeafRun, flags: PageFlags): void {
  const readOnly = withoutWrites(flags);
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (leaf.isEmpty()) continue;
    const isOwn = leaf.isSwapped() || acquiredInfo(leaf.frame()).references === 1;
    leaf.showWith(isOwn ? flags : readOnly);
  }
}

/**
 * Lets another address space have the pages of a region, read-only from now on in both. Returns how many; null: out of
 * frames for tables; the other has none of them then.
 */
export function sharePages(from: PageTable, to: PageTable, region: Region): u64 | null {
  const run = new LeafRun();
  let shared: u64 = 0n;
  for (let at = region.first; nextRun(from, at, region.end, run); at = afterRun(run)) {
    const link = attachTables(to, run.first, 1);
    if (link === null) {
      void releaseLeaves(to, region.first, region.end);
      return null;
    }
    const count = shareRun(run, tableUnder(link));
    countLive(link.frame(), count);
    if (count === 0) freeEmptyTables(to, run.first);
    shared += u64(count);
  }
  return shared;
}

function shareRun(run: LeafRun, table: PageTable): u32 {
  let shared: u32 = 0;
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (leaf.isEmpty()) continue;
    leaf.forbidWrites();
    table.entries[i].setRaw(leaf.raw());
    shareLeaf(leaf);
    shared += 1;
  }
  return shared;
}

/** One reference more to what a leaf has. */
function shareLeaf(leaf: PageTableEntry): void {
  if (leaf.isSwapped()) {
    shareSlot(leaf.swapSlot());
    return;
  }
  const info = acquiredInfo(leaf.frame());
  shareAcquired(leaf.frame(), info);
  clearOnlyMapping(info);
}

/** Moves the leaves of a region to pages from `target` on, which have none. False: out of frames; nothing moved. */
export function movePages(rootFrame: Frame, region: Region, target: Page): bool {
  const root = rootTableOf(rootFrame);
  const run = new LeafRun();
  for (let at = region.first; nextRun(root, at, region.end, run); at = afterRun(run)) {
    if (copyRun(root, run, pageAfter(target, run.first - region.first))) continue;
    void clearLeaves(root, target, pageAfter(target, region.pages()));
    return false;
  }
  void clearLeaves(root, region.first, region.end);
  recordLeaves(root, rootFrame, target, pageAfter(target, region.pages()));
  return true;
}

/** Tells the reverse map where frames are now that only one page has. */
function recordLeaves(root: PageTable, rootFrame: Frame, first: Page, end: Page): void {
  const run = new LeafRun();
  for (let at = first; nextRun(root, at, end, run); at = afterRun(run)) {
    const leaves = run.table().entries;
    for (let i = run.start; i < run.end; i += 1) {
      const leaf = leaves[i];
      if (leaf.isEmpty() || leaf.isSwapped() || mappingCount(leaf.frame()) === 0) continue;
      setOnlyMapping(frameInfo(leaf.frame()), rootFrame, pageAfter(at, u64(i - run.start)));
    }
  }
}

/** Writes the leaves of a run a second time, for pages from `target` on. False: out of frames in the middle of it. */
function copyRun(root: PageTable, run: LeafRun, target: Page): bool {
  const leaves = run.table().entries;
  for (let i = run.start; i < run.end; i += 1) {
    const leaf = leaves[i];
    if (leaf.isEmpty()) continue;
    const page = pageAfter(target, u64(i - run.start));
    const link = attachTables(root, page, 1);
    if (link === null) return false;
    tableUnder(link).entries[tableIndex(page, 1)].setRaw(leaf.raw());
    countLive(link.frame(), 1);
  }
  return true;
}
