/**
 * The page mapper: changes translations in one address space.
 *
 *     root (PML4) --> PDPT --> PD --> PT --> frame        one 4 KiB page per PT entry
 *                       |       '--> frame                2 MiB leaf
 *                       '--> frame                        1 GiB leaf
 *
 * With five levels the root is a PML5, and PML4s hang on it. Which address space is changed makes no difference: it
 * need not be the one in CR3. Tables come when they are needed and go when they are empty (kernel/mm/tables.ts).
 *
 * What a change leaves stale in the TLB comes back as a Flush, to be applied or ignored by name, before frames that are
 * mapped no more are used for anything else. Going from nothing to present leaves nothing stale, so mapping returns
 * none.
 *
 * A page may be part of a huge leaf. To change some pages of one means to split it first, which takes frames for
 * tables.
 *
 * Range operations find the leaf table once per 2 MiB, not once per page.
 */

import { type Frame, type Page, type PhysAddr, type VirtAddr } from "../../arch/x86_64/addresses";
import { frameAfter, frameStart, offsetInPage, pageAfter, pageContaining } from "../../arch/x86_64/addresses";
import { physAfter } from "../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, GLOBAL, isUserPage, pagesPerLeaf, tableIndex } from "../../arch/x86_64/pageTable";
import { type PageFlags, type PageTable, type PageTableEntry } from "../../arch/x86_64/pageTable";
import { tableUnder } from "../../arch/x86_64/tableAccess";
import { type Flush, NO_FLUSH, applyFlush, flushOfPage, flushOfPages } from "../../arch/x86_64/tlb";
import { splitAround } from "./hugeLeaves";
import { Place, attachFilledTable, attachTables, countEmptied, countEmptiedUnder, countLiveUnder } from "./tables";
import { findLeafTable, freeEmptyTables, locate, needLeafTable } from "./tables";

export enum MapResult {
  Mapped,
  /** Something is there already; it was left as it is. */
  AlreadyMapped,
  /** The page is part of a 2 MiB or 1 GiB leaf. */
  InsideHugePage,
  /** No frame was left for a table. */
  OutOfFrames,
}

/** What one page is mapped to. */
export class PageMapping {
  /** The page's own frame, also within a huge leaf. */
  frame: Frame;
  /** Of a huge leaf in the form of a 4 KiB one. */
  flags: PageFlags;
  /** Level of the leaf: 1 for a 4 KiB page, 2 and 3 for huge ones. */
  level: u32;
}

// --- One page --------------------------------------------------------------------------------------------------------

/** Maps one 4 KiB page. Pages of the lower half are never global. A failure leaves nothing behind. */
export function mapPage(root: PageTable, page: Page, frame: Frame, flags: PageFlags): MapResult {
  checkFlags(page, flags);
  const link = findLeafTable(root, page);
  if (link === null) return mapInNewTable(root, page, frame, flags);
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (!leaf.isEmpty()) return MapResult.AlreadyMapped;
  leaf.set(frame, flags);
  countLiveUnder(link.frame(), 1);
  return MapResult.Mapped;
}

function mapInNewTable(root: PageTable, page: Page, frame: Frame, flags: PageFlags): MapResult {
  return mapRange(root, page, frame, 1n, flags);
}

/**
 * Maps one page no more, and tells in `old` what it was mapped to; the frame stays the caller's. Null: nothing maps
 * it, or it is part of a huge leaf and no frame is left to split that; nothing changed.
 */
export function unmapPage(root: PageTable, page: Page, old: PageMapping): Flush | null {
  const link = findLeafTable(root, page);
  if (link === null) return unmapHugePart(root, page, old);
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (!leaf.isPresent()) return null;
  old.frame = leaf.frame();
  old.flags = leaf.flags();
  old.level = 1;
  leaf.clear();
  if (countEmptiedUnder(link.frame(), 1)) freeEmptyTables(root, page);
  return flushOfPage(page);
}

/** A page that no PT maps: in a huge leaf, or nowhere. */
function unmapHugePart(root: PageTable, page: Page, old: PageMapping): Flush | null {
  if (!findMapping(root, page, old)) return null;
  return unmapRange(root, page, 1n);
}

/**
 * Gives one mapped page other permissions and another memory type. Null: nothing maps it, or it is part of a huge leaf
 * and no frame is left to split that; nothing changed.
 */
export function protectPage(root: PageTable, page: Page, flags: PageFlags): Flush | null {
  const link = findLeafTable(root, page);
  if (link === null) return protectHugePart(root, page, flags);
  checkFlags(page, flags);
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (!leaf.isPresent()) return null;
  leaf.setFlags(flags);
  return flushOfPage(page);
}

function protectHugePart(root: PageTable, page: Page, flags: PageFlags): Flush | null {
  const mapping = new PageMapping();
  if (!findMapping(root, page, mapping)) return null;
  return protectRange(root, page, 1n, flags);
}

/** Where the CPU would find this address, huge leaves included. Null: not mapped. */
export function translate(root: PageTable, address: VirtAddr): PhysAddr | null {
  const mapping = new PageMapping();
  if (!findMapping(root, pageContaining(address), mapping)) return null;
  return physAfter(frameStart(mapping.frame), offsetInPage(address));
}

/** What maps this page, huge leaves included. False: nothing does, and `mapping` is untouched. */
export function findMapping(root: PageTable, page: Page, mapping: PageMapping): bool {
  const link = findLeafTable(root, page);
  if (link === null) return findHugeMapping(root, page, mapping);
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (!leaf.isPresent()) return false;
  mapping.frame = leaf.frame();
  mapping.flags = leaf.flags();
  mapping.level = 1;
  return true;
}

/** The same for a page that no PT maps. */
function findHugeMapping(root: PageTable, page: Page, mapping: PageMapping): bool {
  const place = new Place();
  const entry = locate(root, page, place);
  if (!entry.isPresent()) return false;
  mapping.frame = frameAfter(entry.hugeFrame(), page & (pagesPerLeaf(place.level) - 1n));
  mapping.flags = entry.hugeFlags();
  mapping.level = place.level;
  return true;
}

/**
 * Takes back some of what the processor noted about a page: ACCESSED, DIRTY, or both; of a huge leaf for all its pages.
 * Until the flush is applied, it may not note the next use. Null: nothing maps the page.
 */
export function clearNoted(root: PageTable, page: Page, noted: u64): Flush | null {
  const place = new Place();
  const entry = locate(root, page, place);
  if (!entry.isPresent()) return null;
  return entry.clearNoted(noted) ? flushOfPage(page) : NO_FLUSH;
}

/**
 * The PT entry of `page`, for who puts something of its own into entries that are not present, or changes a leaf in
 * place. A live entry must stay live. Null: there is no PT.
 */
export function findLeafEntry(root: PageTable, page: Page): PageTableEntry | null {
  const link = findLeafTable(root, page);
  return link === null ? null : tableUnder(link).entries[tableIndex(page, 1)];
}

// --- Ranges ----------------------------------------------------------------------------------------------------------

/** Maps `count` pages from `first` on to consecutive frames, or on failure none of them. */
export function mapRange(root: PageTable, first: Page, frame: Frame, count: u64, flags: PageFlags): MapResult {
  checkFlags(first, flags);
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    const start = tableIndex(page, 1);
    const wanted = entriesFrom(start, count - done);
    if (wanted === ENTRIES_PER_TABLE && attachFilledTable(root, page, frameAfter(frame, done), flags)) {
      done += u64(wanted);
      continue;
    }
    const link = needLeafTable(root, page);
    if (link === null) return undoMapping(root, first, done, whyNoTable(root, page));
    const mapped = tableUnder(link).mapRun(start, wanted, frameAfter(frame, done), flags);
    countLiveUnder(link.frame(), mapped);
    done += u64(mapped);
    if (mapped < wanted) return undoMapping(root, first, done, MapResult.AlreadyMapped);
  }
  return MapResult.Mapped;
}

/**
 * Maps `count` leaves of 2 MiB (level 2) or 1 GiB (level 3) from `first` on to consecutive frames, or on failure none
 * of them. Page and frame must be aligned to that size. Anything that is mapped in the place of a leaf means
 * AlreadyMapped.
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
  checkFlags(first, flags);
  const pages = pagesPerLeaf(level);
  assert(((first | u64(frame)) & (pages - 1n)) === 0n, "a huge leaf must be aligned to its size");
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done * pages);
    const link = attachTables(root, page, level);
    if (link === null) return undoMapping(root, first, done * pages, whyNoTable(root, page));
    const start = tableIndex(page, level);
    const wanted = entriesFrom(start, count - done);
    const mapped = tableUnder(link).mapHugeRun(start, wanted, frameAfter(frame, done * pages), pages, flags);
    countLiveUnder(link.frame(), mapped);
    done += u64(mapped);
    if (mapped < wanted) return undoMapping(root, first, done * pages, MapResult.AlreadyMapped);
  }
  return MapResult.Mapped;
}

/**
 * Maps `count` pages from `first` on no more, and empties entries that are live though absent; pages that are not
 * mapped are passed over. The frames stay the caller's. Null: no frame was left to split a huge leaf; nothing changed.
 */
export function unmapRange(root: PageTable, first: Page, count: u64): Flush | null {
  if (!splitAround(root, first, count)) return null;
  const place = new Place();
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    const entry = locate(root, page, place);
    if (place.level === 1) {
      const wanted = entriesFrom(tableIndex(page, 1), count - done);
      const live = tableOf(place).clearRun(tableIndex(page, 1), wanted);
      if (live > 0) countEmptied(root, page, place.tableFrame, live);
      done += u64(wanted);
    } else {
      if (!entry.isEmpty()) clearHuge(root, page, entry, place);
      done += pagesLeftIn(page, place.level);
    }
  }
  return flushOfPages(first, count);
}

function clearHuge(root: PageTable, page: Page, entry: PageTableEntry, place: Place): void {
  entry.clear();
  countEmptied(root, page, place.tableFrame, 1);
}

/**
 * Gives every mapped one of `count` pages from `first` on other permissions and another memory type. Null: no frame
 * was left to split a huge leaf; nothing changed.
 */
export function protectRange(root: PageTable, first: Page, count: u64, flags: PageFlags): Flush | null {
  checkFlags(first, flags);
  if (!splitAround(root, first, count)) return null;
  const place = new Place();
  let done: u64 = 0n;
  while (done < count) {
    const page = pageAfter(first, done);
    const entry = locate(root, page, place);
    if (place.level === 1) {
      const wanted = entriesFrom(tableIndex(page, 1), count - done);
      tableOf(place).protectRun(tableIndex(page, 1), wanted, flags);
      done += u64(wanted);
    } else {
      if (entry.isPresent()) entry.setHugeFlags(flags);
      done += pagesLeftIn(page, place.level);
    }
  }
  return flushOfPages(first, count);
}

// --- Helpers ---------------------------------------------------------------------------------------------------------

/** What is common to all address spaces outlives each of them in the TLB, and nothing else does. */
function checkFlags(page: Page, flags: PageFlags): void {
  assert(((flags & GLOBAL) === 0n) === isUserPage(page), "pages of the kernel are global, and no others");
}

function tableOf(place: Place): PageTable {
  const table = place.table;
  assert(table !== null);
  return table;
}

/** Why a way down could not be made: a huge leaf, or else no frame. */
function whyNoTable(root: PageTable, page: Page): MapResult {
  const mapping = new PageMapping();
  if (findMapping(root, page, mapping) && mapping.level > 1) return MapResult.InsideHugePage;
  return MapResult.OutOfFrames;
}

/** Takes back what a failed mapping of a range did, and passes on why it failed. */
function undoMapping(root: PageTable, first: Page, count: u64, result: MapResult): MapResult {
  const flush = unmapRange(root, first, count);
  applyFlush(flush ?? NO_FLUSH);
  return result;
}

/** How many of `left` entries there are in one table from entry `start` on. */
function entriesFrom(start: u32, left: u64): u32 {
  const room = ENTRIES_PER_TABLE - start;
  return left < u64(room) ? u32(left) : room;
}

/** Pages from this one to the end of the entry of this level that stands for it. */
function pagesLeftIn(page: Page, level: u32): u64 {
  const pages = pagesPerLeaf(level);
  return pages - (page & (pages - 1n));
}
