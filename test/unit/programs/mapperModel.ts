/**
 * The page mapper against a model, over simulated physical memory: random maps, unmaps and protections of pages and
 * ranges in windows that cross tables of every level, and huge leaves that are split by them and merged again. The
 * model is an array of what each page should be; what the tables say is read by a walker of our own that knows nothing
 * but the bits of the manual. No table may be empty, and each must know how many of its entries are live.
 */
import { frameNumber, pageAfter, pageAt, pageStart, physAfter, uncheckedFrame } from "../../../arch/x86_64/addresses";
import { type Frame, frameStart, type Page } from "../../../arch/x86_64/addresses";
import {
  EXECUTABLE,
  flagsOf,
  GLOBAL,
  isUserPage,
  type PageFlags,
  type PageTable,
  USER,
  WRITABLE,
} from "../../../arch/x86_64/pageTable";
import { WRITE_COMBINING } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import { applyFlush, type Flush } from "../../../arch/x86_64/tlb";
import { allocateZeroedFrame, freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import { acquiredInfo, FrameOwner } from "../../../kernel/mm/frames";
import { mergeLeaf } from "../../../kernel/mm/hugeLeaves";
import {
  findMapping,
  mapHugeRange,
  MapResult,
  mapPage,
  mapRange,
  PageMapping,
  protectPage,
  protectRange,
  translate,
  unmapPage,
  unmapRange,
} from "../../../kernel/mm/pageMapper";
import { attachedTables } from "../../../kernel/mm/tables";
import { Random } from "./random";
import { arenaBase, startOwnedMachine } from "./simulatedMemory";

const WINDOWS: u32 = 5;
const WINDOW_PAGES: u64 = 1200n;
const NOTHING: u64 = 0n;
const HUGE_PAGES: u64 = 512n;

class Model {
  /** The first page of each window. */
  readonly windows: FixedArray<u64, 5>;
  /** The entry each page should have, window after window; 0: none. */
  readonly entries: FixedArray<u64, 6000>;
  root: u64;
  mapped: u64;
  refused: u64;
  huge: u64;
  merged: u64;
}
const model = new Model();
const random = new Random();
const old = new PageMapping();

export function main(): void {
  run(200_000);
}

export function run(operations: u32): void {
  startOwnedMachine(4096n);
  placeWindows();
  const root = allocateZeroedFrame();
  if (root === null) panic("no frame for the root");
  model.root = frameNumber(root);
  for (let i: u32 = 0; i < operations; i += 1) {
    step(tableIn(root));
    if (i % 2000 === 0) compareAll();
  }
  unmapEverything(tableIn(root));
  compareAll();
  verifyCounters();
  const kept = attachedTables(1) + attachedTables(2);
  assert(kept === 0, "no table is left but those under the kernel half of the root");
  log.info(`huge=${model.huge} merged=${model.merged}`);
  log.info(`operations=${operations} mapped=${model.mapped} refused=${model.refused} free=${freeFrameCount()}`);
}

/** Across a PT, a PD, a PDPT and a PML4 entry, and at the very top. */
function placeWindows(): void {
  model.windows[0] = 0x1ff00n;
  model.windows[1] = (1n << 18n) - 600n;
  model.windows[2] = (1n << 27n) - 600n;
  model.windows[3] = 0xf_fff8_0000_0000n + (1n << 27n) - 5n;
  model.windows[4] = (1n << 52n) - WINDOW_PAGES;
}

function step(root: PageTable): void {
  const window = u32(random.below(u64(WINDOWS)));
  const offset = random.below(WINDOW_PAGES);
  const page = pageAt(model.windows[window] + offset);
  const slot = window * u32(WINDOW_PAGES) + u32(offset);
  const pages = 1n + random.below(WINDOW_PAGES - offset < 700n ? WINDOW_PAGES - offset : 700n);
  switch (random.below(26n)) {
    case 24n:
      mapHuge(root, window);
      break;
    case 25n:
      mergeHuge(root, window);
      break;
    case 0n:
      mapMany(root, page, slot, pages);
      break;
    case 1n:
      unmapMany(root, page, slot, pages);
      break;
    case 2n:
      protectMany(root, page, slot, pages);
      break;
    case 3n:
    case 4n:
    case 5n:
    case 6n:
    case 7n:
      unmapOne(root, page, slot);
      break;
    case 8n:
    case 9n:
    case 10n:
      protectOne(root, page, slot);
      break;
    case 11n:
    case 12n:
      translateOne(root, page, slot);
      break;
    default:
      mapOne(root, page, slot);
      break;
  }
}

// --- One page --------------------------------------------------------------------------------------------------------

function mapOne(root: PageTable, page: Page, slot: u32): void {
  const frame = uncheckedFrame(random.below(1n << 40n));
  const flags = randomFlags(page);
  const result = mapPage(root, page, frame, flags);
  if (model.entries[slot] !== NOTHING) {
    assert(isRefusal(result), `mapping a mapped page: ${result}`);
    model.refused += 1n;
    return;
  }
  assert(result === MapResult.Mapped, `mapping a page: ${result}`);
  model.entries[slot] = entryOf(frame, flags) | 1n;
  model.mapped += 1n;
}

function unmapOne(root: PageTable, page: Page, slot: u32): void {
  const flush = unmapPage(root, page, old);
  checkFlush(flush, slot);
  if (flush !== null) assert(entryOf(old.frame, old.flags) === model.entries[slot], "unmap tells what was there");
  model.entries[slot] = NOTHING;
}

function protectOne(root: PageTable, page: Page, slot: u32): void {
  const flags = randomFlags(page);
  checkFlush(protectPage(root, page, flags), slot);
  protectSlot(slot, flags);
}

function translateOne(root: PageTable, page: Page, slot: u32): void {
  const offset = random.below(4096n);
  const found = translate(root, pageStart(page));
  if (model.entries[slot] === NOTHING) {
    assert(found === null, "nothing is mapped there");
    return;
  }
  if (found === null) panic("something is mapped there");
  const expected = (model.entries[slot] & 0x000f_ffff_ffff_f000n) + offset;
  assert(physAfter(found, offset) === expected, "the address lies in the page's frame");
}

/** The bits of a leaf. */
function entryOf(frame: Frame, flags: PageFlags): u64 {
  const start: u64 = frameStart(frame);
  return start | flags;
}

/** A flush is owed exactly when something was mapped. */
function checkFlush(flush: Flush | null, slot: u32): void {
  assert((flush !== null) === (model.entries[slot] !== NOTHING), "a flush is owed when something was mapped");
  if (flush !== null) applyFlush(flush);
}

// --- Ranges ----------------------------------------------------------------------------------------------------------

/** All or nothing: it fails exactly when some page of the range is mapped. */
function mapMany(root: PageTable, page: Page, slot: u32, pages: u64): void {
  const frame = random.below(1n << 39n);
  const flags = randomFlags(page);
  const result = mapRange(root, page, uncheckedFrame(frame), pages, flags);
  for (let i: u32 = 0; i < u32(pages); i += 1) {
    if (model.entries[slot + i] === NOTHING) continue;
    assert(isRefusal(result), `mapping a range with a mapped page: ${result}`);
    model.refused += 1n;
    return;
  }
  assert(result === MapResult.Mapped, `mapping a range: ${result}`);
  for (let i: u32 = 0; i < u32(pages); i += 1) model.entries[slot + i] = ((frame + u64(i)) << 12n) | flags | 1n;
  model.mapped += pages;
}

function isRefusal(result: MapResult): bool {
  return result === MapResult.AlreadyMapped || result === MapResult.InsideHugePage;
}

/** The offset of the first page in a window that a 2 MiB leaf may start at. There are 512 behind it. */
function alignedOffset(window: u32): u64 {
  return (HUGE_PAGES - (model.windows[window] % HUGE_PAGES)) % HUGE_PAGES;
}

function mapHuge(root: PageTable, window: u32): void {
  const offset = alignedOffset(window);
  const page = pageAt(model.windows[window] + offset);
  const slot = window * u32(WINDOW_PAGES) + u32(offset);
  const frame = random.below(1n << 30n) * HUGE_PAGES;
  const flags = randomFlags(page);
  if (random.below(2n) === 0n) unmapMany(root, page, slot, HUGE_PAGES);
  const result = mapHugeRange(root, page, uncheckedFrame(frame), 2, 1n, flags);
  for (let i: u32 = 0; i < u32(HUGE_PAGES); i += 1) {
    if (model.entries[slot + i] === NOTHING) continue;
    assert(isRefusal(result), `mapping a huge leaf over a mapped page: ${result}`);
    model.refused += 1n;
    return;
  }
  assert(result === MapResult.Mapped, `mapping a huge leaf: ${result}`);
  for (let i: u32 = 0; i < u32(HUGE_PAGES); i += 1) model.entries[slot + i] = ((frame + u64(i)) << 12n) | flags | 1n;
  model.huge += 1n;
}

/** Merges when 512 pages are mapped alike, and says no otherwise; either way no translation changes. */
function mergeHuge(root: PageTable, window: u32): void {
  const offset = alignedOffset(window);
  const page = pageAt(model.windows[window] + offset + random.below(HUGE_PAGES));
  const slot = window * u32(WINDOW_PAGES) + u32(offset);
  if (random.below(2n) === 0n) protectMany(root, pageAt(model.windows[window] + offset), slot, HUGE_PAGES);
  const first = model.entries[slot];
  let isOne = first !== NOTHING && (first >> 12n) % HUGE_PAGES === 0n;
  for (let i: u32 = 0; i < u32(HUGE_PAGES); i += 1) {
    if (model.entries[slot + i] !== wrappingAdd(first, u64(i) << 12n)) isOne = false;
  }
  const isHuge = findMapping(root, page, old) && old.level === 2;
  const flush = mergeLeaf(root, page, 2);
  assert((flush !== null) === (isOne && !isHuge), "a table is merged when its leaves are one");
  if (flush === null) return;
  applyFlush(flush);
  model.merged += 1n;
}

function unmapMany(root: PageTable, page: Page, slot: u32, pages: u64): void {
  const flush = unmapRange(root, page, pages);
  if (flush === null) panic("there is no huge leaf to split");
  applyFlush(flush);
  for (let i: u32 = 0; i < u32(pages); i += 1) model.entries[slot + i] = NOTHING;
}

function protectMany(root: PageTable, page: Page, slot: u32, pages: u64): void {
  const flags = randomFlags(page);
  const flush = protectRange(root, page, pages, flags);
  if (flush === null) panic("there is no huge leaf to split");
  applyFlush(flush);
  for (let i: u32 = 0; i < u32(pages); i += 1) protectSlot(slot + i, flags);
}

function protectSlot(slot: u32, flags: PageFlags): void {
  const entry = model.entries[slot];
  if (entry !== NOTHING) model.entries[slot] = (entry & 0x000f_ffff_ffff_f000n) | flags | 1n;
}

function randomFlags(page: Page): PageFlags {
  const choice = random.next();
  let words = isUserPage(page) ? 0n : GLOBAL;
  if ((choice & 1n) !== 0n) words |= WRITABLE;
  if ((choice & 2n) !== 0n) words |= USER;
  if ((choice & 4n) !== 0n) words |= EXECUTABLE;
  if ((choice & 48n) === 0n) words |= WRITE_COMBINING;
  return flagsOf(words);
}

// --- Reading the tables ----------------------------------------------------------------------------------------------

function compareAll(): void {
  for (let window: u32 = 0; window < WINDOWS; window += 1) {
    for (let offset: u64 = 0n; offset < WINDOW_PAGES; offset += 1n) {
      const page = model.windows[window] + offset;
      const entry = model.entries[window * u32(WINDOW_PAGES) + u32(offset)];
      assert(walkedEntry(page) === entry, `page ${hex(page)}: the tables and the model differ`);
    }
  }
  assert(leavesUnder(model.root, 4) === modelLeaves(), "no leaf but those the model knows");
}

/** The leaf entry of a page as the CPU would find it: shifts and masks from the manual, and nothing else. 0: none. */
function walkedEntry(page: u64): u64 {
  let table = model.root << 12n;
  for (let shift: u64 = 27n; shift > 0n; shift -= 9n) {
    const entry = peek64(arenaBase() + table + ((page >> shift) & 511n) * 8n);
    if ((entry & 1n) === 0n) return 0n;
    if ((entry & 0x80n) !== 0n) return partOfHuge(entry, page);
    assert((entry & 2n) !== 0n, "tables must not take write permission away");
    assert(((entry & 4n) !== 0n) === (page >> 51n === 0n), "tables are the program's in the lower half only");
    table = entry & 0x000f_ffff_ffff_f000n;
  }
  const leaf = peek64(arenaBase() + table + (page & 511n) * 8n);
  return (leaf & 1n) === 0n ? 0n : leaf;
}

/** What a 4 KiB leaf would look like that maps the page as this 2 MiB leaf does: bit 12 is what bit 7 is there. */
function partOfHuge(entry: u64, page: u64): u64 {
  const pat = (entry & 0x1000n) >> 5n;
  return (entry & ~0x1080n) | pat | ((page % HUGE_PAGES) << 12n);
}

/** Pages mapped in all tables under this one, each of which must have counted its entries. Four deep at most. */
function leavesUnder(table: u64, level: u32): u64 {
  let leaves: u64 = 0n;
  let live: u32 = 0;
  for (let i: u64 = 0n; i < 512n; i += 1n) {
    const entry = peek64(arenaBase() + (table << 12n) + i * 8n);
    if (entry === 0n) continue;
    live += 1;
    if (level === 1) leaves += 1n;
    else if (level === 2 && (entry & 0x80n) !== 0n) leaves += HUGE_PAGES;
    else leaves += leavesUnder((entry & 0x000f_ffff_ffff_f000n) >> 12n, level - 1);
  }
  if (level < 4) checkTable(table, level, live);
  return leaves;
}

function checkTable(table: u64, level: u32, live: u32): void {
  const info = acquiredInfo(uncheckedFrame(table));
  assert(info.owner === u8(FrameOwner.Table), "a table says that it is one");
  assert(live === info.liveEntries, `a table has ${live} live entries, but counts ${info.liveEntries}`);
  assert(live !== 0 || level === 3, "an empty table is gone");
}

function modelLeaves(): u64 {
  let leaves: u64 = 0n;
  for (const entry of model.entries) {
    if (entry !== NOTHING) leaves += 1n;
  }
  return leaves;
}

function unmapEverything(root: PageTable): void {
  for (let window: u32 = 0; window < WINDOWS; window += 1) {
    unmapMany(root, pageAfter(pageAt(model.windows[window]), 0n), window * u32(WINDOW_PAGES), WINDOW_PAGES);
  }
}
