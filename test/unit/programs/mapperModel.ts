/**
 * The page mapper against a model, over simulated physical memory: random maps, unmaps and protections of pages and
 * ranges in windows that cross tables of every level. The model is an array of what each page should be; what the
 * tables say is read by a walker of our own that knows nothing but the bits of the manual.
 */
import { frameNumber, pageAfter, pageAt, pageStart, physAfter, uncheckedFrame } from "../../../arch/x86_64/addresses";
import { type Frame, frameStart, type Page } from "../../../arch/x86_64/addresses";
import {
  GLOBAL,
  NO_EXECUTE,
  type PageFlags,
  pageFlags,
  type PageTable,
  USER,
  WRITABLE,
} from "../../../arch/x86_64/pageTable";
import { WRITE_COMBINING } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import { applyFlush, type Flush } from "../../../arch/x86_64/tlb";
import { allocateZeroedFrame, freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import {
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
import { Random } from "./random";
import { arenaBase, startSmallMachine } from "./simulatedMemory";

const WINDOWS: u32 = 5;
const WINDOW_PAGES: u64 = 1200n;
const NOTHING: u64 = 0n;

class Model {
  /** The first page of each window. */
  readonly windows: FixedArray<u64, 5>;
  /** The entry each page should have, window after window; 0: none. */
  readonly entries: FixedArray<u64, 6000>;
  root: u64;
  mapped: u64;
  refused: u64;
}
const model = new Model();
const random = new Random();
const old = new PageMapping();

export function main(): void {
  run(200_000);
}

export function run(operations: u32): void {
  startSmallMachine(4096n);
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
  switch (random.below(24n)) {
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
  const flags = randomFlags();
  const result = mapPage(root, page, frame, flags);
  if (model.entries[slot] !== NOTHING) {
    assert(result === MapResult.AlreadyMapped, `mapping a mapped page: ${result}`);
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
  const flags = randomFlags();
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
  const flags = randomFlags();
  const result = mapRange(root, page, uncheckedFrame(frame), pages, flags);
  for (let i: u32 = 0; i < u32(pages); i += 1) {
    if (model.entries[slot + i] === NOTHING) continue;
    assert(result === MapResult.AlreadyMapped, `mapping a range with a mapped page: ${result}`);
    model.refused += 1n;
    return;
  }
  assert(result === MapResult.Mapped, `mapping a range: ${result}`);
  for (let i: u32 = 0; i < u32(pages); i += 1) model.entries[slot + i] = ((frame + u64(i)) << 12n) | flags | 1n;
  model.mapped += pages;
}

function unmapMany(root: PageTable, page: Page, slot: u32, pages: u64): void {
  const flush = unmapRange(root, page, pages);
  if (flush === null) panic("there is no huge leaf");
  applyFlush(flush);
  for (let i: u32 = 0; i < u32(pages); i += 1) model.entries[slot + i] = NOTHING;
}

function protectMany(root: PageTable, page: Page, slot: u32, pages: u64): void {
  const flags = randomFlags();
  const flush = protectRange(root, page, pages, flags);
  if (flush === null) panic("there is no huge leaf");
  applyFlush(flush);
  for (let i: u32 = 0; i < u32(pages); i += 1) protectSlot(slot + i, flags);
}

function protectSlot(slot: u32, flags: PageFlags): void {
  const entry = model.entries[slot];
  if (entry !== NOTHING) model.entries[slot] = (entry & 0x000f_ffff_ffff_f000n) | flags | 1n;
}

function randomFlags(): PageFlags {
  const choice = random.next();
  let bits: u64 = 0n;
  if ((choice & 1n) !== 0n) bits |= WRITABLE;
  if ((choice & 2n) !== 0n) bits |= USER;
  if ((choice & 4n) !== 0n) bits |= NO_EXECUTE;
  if ((choice & 8n) !== 0n) bits |= GLOBAL;
  if ((choice & 48n) === 0n) bits |= WRITE_COMBINING;
  return pageFlags(bits);
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
    assert((entry & 2n) !== 0n, "tables must not take write permission away");
    assert(((entry & 4n) !== 0n) === (page >> 51n === 0n), "tables are the program's in the lower half only");
    table = entry & 0x000f_ffff_ffff_f000n;
  }
  const leaf = peek64(arenaBase() + table + (page & 511n) * 8n);
  return (leaf & 1n) === 0n ? 0n : leaf;
}

/** Present leaves in all tables under this one. The recursion is four deep. */
function leavesUnder(table: u64, level: u32): u64 {
  let leaves: u64 = 0n;
  for (let i: u64 = 0n; i < 512n; i += 1n) {
    const entry = peek64(arenaBase() + (table << 12n) + i * 8n);
    if ((entry & 1n) === 0n) continue;
    if (level === 1) leaves += 1n;
    else leaves += leavesUnder((entry & 0x000f_ffff_ffff_f000n) >> 12n, level - 1);
  }
  return leaves;
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
