/**
 * The tables of an address space: the ways down to them, how they come and how they go.
 *
 *     root --> PDPT --> PD --> PT        an entry "leads to" the table below it; the table "hangs on" the entry
 *               |        |      |
 *               live entries, counted in the metadata of the table's frame
 *
 * A table that is not the root exists as long as something in it is live. When the last entry goes, so does the table,
 * and what thereby becomes empty above it; nothing is scanned for that. Only the tables that hang on the kernel half of
 * a root stay: every address space refers to them.
 *
 * A table that goes is forgotten by the processor before its frame is free. What the TLB remembers of pages that it
 * mapped is the flush of whoever emptied it.
 */

import { type Frame, NO_FRAME, type Page, pageStart, pagingLevels } from "../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, type PageFlags, type PageTable } from "../../arch/x86_64/pageTable";
import { type PageTableEntry, isUserPage, tableIndex } from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { forgetTable, physmapMode, plainTableUnder, tableUnder, tablesArePlain } from "../../arch/x86_64/tableAccess";
import { FrameOwner, acquireFrame, acquireZeroedFrame, acquiredInfo, releaseFrame } from "./frames";

/** Where the way to a page ends: at a leaf, at an entry that leads nowhere, or in a PT. */
export class Place {
  level: u32;
  table: Ref<PageTable> | null;
  /** The frame of that table. NO_FRAME stands for the root, whose live entries nobody counts. */
  tableFrame: Frame;
}

/** Tables by level, roots not among them. */
class TableCounts {
  readonly attached: FixedArray<u32, 5>;
}
const counts = new TableCounts();

/** Tables of this level that hang in address spaces. Roots are not among them. */
export function attachedTables(level: u32): u32 {
  return counts.attached[level];
}

// --- Finding ---------------------------------------------------------------------------------------------------------

/** The entry that leads to the PT of `page`. Null: nothing does, or a huge leaf is in the way. */
export function findLeafTable(root: PageTable, page: Page): PageTableEntry | null {
  if (!tablesArePlain()) return RARE_FINDERS[physmapMode()](root, page);
  const first = root.entries[tableIndex(page, 4)];
  if (!first.isTable()) return null;
  const second = plainTableUnder(first).entries[tableIndex(page, 3)];
  if (!second.isTable()) return null;
  const third = plainTableUnder(second).entries[tableIndex(page, 2)];
  return third.isTable() ? third : null;
}

type LeafTableFinder = (root: PageTable, page: Page) => PageTableEntry | null;

/** By mode. A table of functions, so that the rare walk is not built into every use of the usual one. */
const RARE_FINDERS: FixedArray<LeafTableFinder, 3> = [findAnyLeafTable, findAnyLeafTable, findAnyLeafTable];

function findAnyLeafTable(root: PageTable, page: Page): PageTableEntry | null {
  return findLink(root, page, 2);
}

/**
 * The entry of this level that leads to a table for `page`, for any number of levels, and however tables are reached.
 * Null: nothing does, or a huge leaf is in the way.
 */
export function findLink(root: PageTable, page: Page, level: u32): PageTableEntry | null {
  let table = root;
  for (let at = pagingLevels(); at >= level; at -= 1) {
    const entry = table.entries[tableIndex(page, at)];
    if (!entry.isTable()) return null;
    if (at === level) return entry;
    table = tableUnder(entry);
  }
  return null;
}

/** Goes as far towards `page` as tables go, and tells in `place` where that is. */
export function locate(root: PageTable, page: Page, place: Place): PageTableEntry {
  let table = root;
  let frame = NO_FRAME;
  let level = pagingLevels();
  let entry = table.entries[tableIndex(page, level)];
  while (level > 1 && entry.isTable()) {
    frame = entry.frame();
    table = tableUnder(entry);
    level -= 1;
    entry = table.entries[tableIndex(page, level)];
  }
  place.level = level;
  place.table = table;
  place.tableFrame = frame;
  return entry;
}

// --- Coming ----------------------------------------------------------------------------------------------------------

/**
 * The entry that leads to the table of `level` for `page`, with all tables on the way; those that are missing are made.
 * Null: no frame was left for one, or a huge leaf is in the way; no table was made then.
 */
export function attachTables(root: PageTable, page: Page, level: u32): PageTableEntry | null {
  let frame = NO_FRAME;
  let table = root;
  for (let at = pagingLevels(); at > level; at -= 1) {
    const entry = table.entries[tableIndex(page, at)];
    if (!entry.isTable() && !attachTable(entry, frame, page, at - 1)) break;
    if (at === level + 1) return entry;
    frame = entry.frame();
    table = tableUnder(entry);
  }
  freeEmptyTables(root, page);
  return null;
}

/** The entry that leads to the PT of `page`, which is made with all that is missing above it. Null as `attachTables`. */
export function needLeafTable(root: PageTable, page: Page): PageTableEntry | null {
  if (!tablesArePlain()) return RARE_FINDERS[physmapMode()](root, page) ?? attachTables(root, page, 1);
  const first = root.entries[tableIndex(page, 4)];
  if (!first.isTable()) return attachTables(root, page, 1);
  const second = plainTableUnder(first).entries[tableIndex(page, 3)];
  if (!second.isTable()) return attachTables(root, page, 1);
  const third = plainTableUnder(second).entries[tableIndex(page, 2)];
  return third.isTable() || attachLeafTable(third, second.frame(), page) ? third : null;
}

/** The rare rest of `needLeafTable`: the PT alone is missing, under the table in `parent`, which has other entries. */
function attachLeafTable(entry: PageTableEntry, parent: Frame, page: Page): bool {
  return attachTable(entry, parent, page, 1);
}

calledRarely(attachLeafTable);

/** Hangs an empty table of this level on an entry of the table in `parent`. False: out of frames, or it is not empty. */
function attachTable(entry: PageTableEntry, parent: Frame, page: Page, level: u32): bool {
  if (!entry.isEmpty()) return false;
  const frame = acquireTable(level);
  if (frame === null) return false;
  entry.setTable(frame, isUserPage(page));
  countLive(parent, 1);
  return true;
}

/**
 * Maps the 512 pages from `page` on to consecutive frames, by a PT that is filled at once instead of zeroed. False: no
 * frame was left for a table, or something is there already; nothing changed.
 */
export function attachFilledTable(root: PageTable, page: Page, first: Frame, flags: PageFlags): bool {
  const link = attachTables(root, page, 2);
  if (link === null) return false;
  const entry = tableUnder(link).entries[tableIndex(page, 2)];
  const frame = entry.isEmpty() ? acquireFullTable() : null;
  if (frame === null) {
    freeEmptyTables(root, page);
    return false;
  }
  tableIn(frame).fill(first, flags);
  entry.setTable(frame, isUserPage(page));
  countLiveUnder(link.frame(), 1);
  return true;
}

/** A frame for a PT that the caller fills and hangs in: all its entries count as live. Null: out of frames. */
export function acquireFullTable(): Frame | null {
  const frame = acquireFrame(FrameOwner.Table);
  if (frame === null) return null;
  counts.attached[1] += 1;
  countLiveUnder(frame, ENTRIES_PER_TABLE);
  return frame;
}

/** A frame for an empty table of this level, which the caller hangs in. Null: out of frames. */
export function acquireTable(level: u32): Frame | null {
  const frame = acquireZeroedFrame(FrameOwner.Table);
  if (frame !== null) counts.attached[level] += 1;
  return frame;
}

/** Notes that `count` entries of the table in this frame became live. They were not before, so all of them fit. */
export function countLive(table: Frame, count: u32): void {
  if (table !== NO_FRAME) countLiveUnder(table, count);
}

/** The same for a table that is not the root. */
export function countLiveUnder(table: Frame, count: u32): void {
  const info = acquiredInfo(table);
  info.liveEntries = u16.wrap(info.liveEntries + count);
}

// --- Going -----------------------------------------------------------------------------------------------------------

/**
 * Notes that `count` entries of the table in this frame, on the way to `page`, became empty. Frees the table if they
 * were its last.
 */
export function countEmptied(root: PageTable, page: Page, table: Frame, count: u32): void {
  if (table !== NO_FRAME && countEmptiedUnder(table, count)) freeEmptyTables(root, page);
}

/** The same for a table that is not the root. True: it is empty now; the caller frees it by `freeEmptyTables`. */
export function countEmptiedUnder(table: Frame, count: u32): bool {
  const info = acquiredInfo(table);
  info.liveEntries = u16.wrap(info.liveEntries - count);
  return info.liveEntries === 0;
}

/** Frees the lowest table on the way to `page` if it is empty, then the one above it, and so on. */
export function freeEmptyTables(root: PageTable, page: Page): void {
  let freed = true;
  while (freed) freed = freeLowestTable(root, page);
}

calledRarely(freeEmptyTables);

/** Frees the lowest table on the way to `page`. False: it is not empty, or one of those that stay. */
function freeLowestTable(root: PageTable, page: Page): bool {
  let parent = NO_FRAME;
  let lowest = NO_FRAME;
  let table = root;
  let link = root.entries[0];
  let level = pagingLevels();
  for (; level > 1; level -= 1) {
    const entry = table.entries[tableIndex(page, level)];
    if (!entry.isTable()) break;
    parent = lowest;
    lowest = entry.frame();
    link = entry;
    table = tableUnder(entry);
  }
  if (lowest === NO_FRAME || acquiredInfo(lowest).liveEntries !== 0) return false;
  if (parent === NO_FRAME && !isUserPage(page)) return false;
  link.clear();
  freeTable(lowest, table, page, level);
  if (parent !== NO_FRAME) acquiredInfo(parent).liveEntries -= 1;
  return true;
}

/** Frees a table of this level, on the way to `page`, that no entry leads to any more. */
export function freeTable(frame: Frame, table: PageTable, page: Page, level: u32): void {
  forgetTable(table, pageStart(page));
  counts.attached[level] -= 1;
  void releaseFrame(frame);
}
