/**
 * The page mapper: changes translations in the four levels of one address space.
 *
 *     root (PML4) --> PDPT --> PD --> PT --> frame        one 4 KiB page per PT entry
 *                       |       '--> frame                2 MiB leaf
 *                       '--> frame                        1 GiB leaf
 *
 * Tables come from the frame allocator, zeroed, and are attached on the way down; they stay attached when what is
 * below them goes. Tables are reached through the physmap, so any address space can be changed, not only the one in
 * CR3.
 *
 * What a change leaves stale in the TLB comes back as a Flush, to be applied or ignored by name. Going from not
 * present to present leaves nothing stale, so mapping returns none.
 *
 * Range operations find the leaf table once per 2 MiB, not once per page.
 */

import { type Frame, type Page, type PhysAddr, type VirtAddr } from "../../arch/x86_64/addresses";
import {
  frameAfter,
  frameStart,
  offsetInPage,
  pageAfter,
  pageContaining,
  physAfter,
} from "../../arch/x86_64/addresses";
import { type PageFlags, type PageTable, type PageTableEntry } from "../../arch/x86_64/pageTable";
import { ENTRIES_PER_TABLE, isUserPage, pagesPerLeaf, tableIndex } from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { type Flush, NO_FLUSH, applyFlush, flushOfPage, flushOfPages } from "../../arch/x86_64/tlb";
import { allocateZeroedFrame } from "./frameAllocator";

export enum MapResult {
  Mapped,
  /** Something is mapped there already; it was left as it is. */
  AlreadyMapped,
  /** The page is part of a 2 MiB or 1 GiB leaf. */
  InsideHugePage,
  /** No frame was left for a table. Tables attached on the way down stay attached. */
  OutOfFrames,
}

/** What one page is mapped to. */
export class PageMapping {
  /** The page's own frame, also within a huge leaf. */
  frame: Frame;
  flags: PageFlags;
  /** Level of the leaf: 1 for a 4 KiB page, 2 and 3 for huge ones. */
  level: u32;
}

/** Tables attached since the boot, by the level of the table (index 1 .. 3). */
class TableCounts {
  readonly attached: FixedArray<u32, 5>;
}
const tables = new TableCounts();

// --- One page --------------------------------------------------------------------------------------------------------

/** Maps one 4 KiB page. Tables attached before a failure stay attached. */
export function mapPage(root: PageTable, page: Page, frame: Frame, flags: PageFlags): MapResult {
  const table = attachLeafTable(root, page);
  if (table === null) return whyNoLeafTable(root, page);
  const leaf = table.entries[tableIndex(page, 1)];
  if (leaf.isPresent()) return MapResult.AlreadyMapped;
  leaf.set(frame, flags);
  return MapResult.Mapped;
}

/**
 * Maps one 4 KiB page no more, and tells in `old` what it was mapped to. Null: no 4 KiB leaf maps it; nothing
 * changed.
 */
export function unmapPage(root: PageTable, page: Page, old: PageMapping): Flush | null {
  const leaf = findLeaf(root, page);
  if (leaf === null) return null;
  old.frame = leaf.frame();
  old.flags = leaf.flags();
  old.level = 1;
  leaf.clear();
  return flushOfPage(page);
}

/** Gives one mapped 4 KiB page other permissions. Null: no 4 KiB leaf maps it; nothing changed. */
export function protectPage(root: PageTable, page: Page, flags: PageFlags): Flush | null {
  const leaf = findLeaf(root, page);
  if (leaf === null) return null;
  leaf.setFlags(flags);
  return flushOfPage(page);
}

/** Where the CPU would find this address, huge leaves included. Null: not mapped. */
export function translate(root: PageTable, address: VirtAddr): PhysAddr | null {
  const mapping = new PageMapping();
  if (!findMapping(root, pageContaining(address), mapping)) return null;
  return physAfter(frameStart(mapping.frame), offsetInPage(address));
}

/** What maps this page, huge leaves included. False: nothing does, and `mapping` is untouched. */
export function findMapping(root: PageTable, page: Page, mapping: PageMapping): bool {
  let table = root;
  for (let level: u32 = 4; level > 1; level -= 1) {
    const entry = table.entries[tableIndex(page, level)];
    if (!entry.isPresent()) return false;
    if (entry.isHuge()) {
      mapping.frame = frameAfter(entry.hugeFrame(), page & (pagesPerLeaf(level) - 1n));
      mapping.flags = entry.hugeFlags();
      mapping.level = level;
      return true;
    }
    table = tableIn(entry.frame());
  }
  const leaf = table.entries[tableIndex(page, 1)];
  if (!leaf.isPresent()) return false;
  mapping.frame = leaf.frame();
  mapping.flags = leaf.flags();
  mapping.level = 1;
  return true;
}

// --- Ranges ----------------------------------------------------------------------------------------------------------

/** Maps `count` pages from `first` on to consecutive frames, or on failure none of them. */
export function mapRange(root: PageTable, first: Page, frame: Frame, count: u64, flags: PageFlags): MapResult {
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    const table = attachLeafTable(root, page);
    if (table === null) return undoMapping(root, first, done, whyNoLeafTable(root, page));
    const start = tableIndex(page, 1);
    const wanted = pagesInTable(start, count - done);
    const mapped = table.mapRun(start, wanted, frameAfter(frame, done), flags);
    done += u64(mapped);
    if (mapped < wanted) return undoMapping(root, first, done, MapResult.AlreadyMapped);
  }
  return MapResult.Mapped;
}

/**
 * Maps `count` pages from `first` on no more; pages that are not mapped are passed over. The frames stay the
 * caller's. Null: a huge leaf lies in the range; nothing changed.
 */
export function unmapRange(root: PageTable, first: Page, count: u64): Flush | null {
  if (hasHugeLeaf(root, first, count)) return null;
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    const start = tableIndex(page, 1);
    const wanted = pagesInTable(start, count - done);
    const table = findLeafTable(root, page);
    if (table !== null) table.clearRun(start, wanted);
    done += u64(wanted);
  }
  return flushOfPages(first, count);
}

/**
 * Gives every mapped one of `count` pages from `first` on other permissions. Null: a huge leaf lies in the range;
 * nothing changed.
 */
export function protectRange(root: PageTable, first: Page, count: u64, flags: PageFlags): Flush | null {
  if (hasHugeLeaf(root, first, count)) return null;
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    const start = tableIndex(page, 1);
    const wanted = pagesInTable(start, count - done);
    const table = findLeafTable(root, page);
    if (table !== null) table.protectRun(start, wanted, flags);
    done += u64(wanted);
  }
  return flushOfPages(first, count);
}

/**
 * Maps `count` leaves of 2 MiB (level 2) or 1 GiB (level 3) from `first` on to consecutive frames. Page and frame
 * must be aligned to that size. A table in the place of a leaf means AlreadyMapped, even an empty one. On failure the
 * leaves before stay mapped.
 */
export function mapHugeRange(
  root: PageTable,
  first: Page,
  frame: Frame,
  level: u32,
  count: u64,
  flags: PageFlags,
): MapResult {
  assert(level === 2 || level === 3, "huge leaves are at levels 2 and 3");
  const pages = pagesPerLeaf(level);
  assert(((first | u64(frame)) & (pages - 1n)) === 0n, "a huge leaf must be aligned to its size");
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done * pages);
    const table = attachTableAt(root, page, level);
    if (table === null) return whyNoLeafTable(root, page);
    const start = tableIndex(page, level);
    const wanted = pagesInTable(start, count - done);
    const mapped = table.mapHugeRun(start, wanted, frameAfter(frame, done * pages), pages, flags);
    if (mapped < wanted) return MapResult.AlreadyMapped;
    done += u64(wanted);
  }
  return MapResult.Mapped;
}

/** Tables of this level attached since the boot. Roots are not among them. */
export function attachedTables(level: u32): u32 {
  return tables.attached[level];
}

// --- Walking down ----------------------------------------------------------------------------------------------------

/**
 * The PT that maps `page`, its way down made where it is missing. Null: out of frames, or a huge leaf is in the way.
 */
function attachLeafTable(root: PageTable, page: Page): PageTable | null {
  let table = root;
  for (let level: u32 = 4; level > 1; level -= 1) {
    const entry = table.entries[tableIndex(page, level)];
    if (!entry.isPresent() && !attachTable(entry, page, level - 1)) return null;
    if (entry.isHuge()) return null;
    table = tableIn(entry.frame());
  }
  return table;
}

/** The table of level `leafLevel` that maps `page`, as above. */
function attachTableAt(root: PageTable, page: Page, leafLevel: u32): PageTable | null {
  let table = root;
  for (let level: u32 = 4; level > leafLevel; level -= 1) {
    const entry = table.entries[tableIndex(page, level)];
    if (!entry.isPresent() && !attachTable(entry, page, level - 1)) return null;
    if (entry.isHuge()) return null;
    table = tableIn(entry.frame());
  }
  return table;
}

/** Puts an empty table of this level under the entry. False: out of frames. */
function attachTable(entry: PageTableEntry, page: Page, level: u32): bool {
  const frame = allocateZeroedFrame();
  if (frame === null) return false;
  entry.setTable(frame, isUserPage(page));
  tables.attached[level] += 1;
  return true;
}

/** The PT that maps `page`, or null when there is none. */
function findLeafTable(root: PageTable, page: Page): PageTable | null {
  let table = root;
  for (let level: u32 = 4; level > 1; level -= 1) {
    const entry = table.entries[tableIndex(page, level)];
    if (!entry.isPresent() || entry.isHuge()) return null;
    table = tableIn(entry.frame());
  }
  return table;
}

/** The present 4 KiB leaf of `page`, or null when there is none. */
function findLeaf(root: PageTable, page: Page): PageTableEntry | null {
  const table = findLeafTable(root, page);
  if (table === null) return null;
  const leaf = table.entries[tableIndex(page, 1)];
  return leaf.isPresent() ? leaf : null;
}

/** Why a way down could not be made: a huge leaf, or else no frame. */
function whyNoLeafTable(root: PageTable, page: Page): MapResult {
  const mapping = new PageMapping();
  if (findMapping(root, page, mapping) && mapping.level > 1) return MapResult.InsideHugePage;
  return MapResult.OutOfFrames;
}

/** Whether a huge leaf maps any of these pages. */
function hasHugeLeaf(root: PageTable, first: Page, count: u64): bool {
  const mapping = new PageMapping();
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    if (findMapping(root, page, mapping) && mapping.level > 1) return true;
    done += u64(pagesInTable(tableIndex(page, 1), count - done));
  }
  return false;
}

/** Takes back what a failed mapping of a range did, and passes on why it failed. */
function undoMapping(root: PageTable, first: Page, count: u64, result: MapResult): MapResult {
  const flush = unmapRange(root, first, count);
  applyFlush(flush ?? NO_FLUSH);
  return result;
}

/** How many of `left` leaves one table can hold from entry `start` on. */
function pagesInTable(start: u32, left: u64): u32 {
  const room = ENTRIES_PER_TABLE - start;
  return left < u64(room) ? u32(left) : room;
}
