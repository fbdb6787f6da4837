/** Swap slots, the reverse map, and eviction: each by itself, and then a working set of three times the frames. */
import { type Frame, frameAt, type Page, pageAfter, pageAt, uncheckedFrame } from "../../../arch/x86_64/addresses";
import { ACCESSED, NO_EXECUTE, pageFlags, type PageTableEntry, USER, WRITABLE } from "../../../arch/x86_64/pageTable";
import { frameWords, tableIn } from "../../../arch/x86_64/physmap";
import { evictOne } from "../../../kernel/mm/eviction";
import { freeFrameCount } from "../../../kernel/mm/frameAllocator";
import {
  acquireFrame,
  acquireZeroedFrame,
  failFrameAfter,
  frameInfo,
  frameOwner,
  FrameOwner,
  frameReferences,
  releaseFrame,
  shareFrame,
} from "../../../kernel/mm/frames";
import { findLeafEntry, mapPage, MapResult } from "../../../kernel/mm/pageMapper";
import {
  addMapping,
  firstMapping,
  mappingCount,
  MappingCursor,
  nextMapping,
  removeMapping,
} from "../../../kernel/mm/reverseMap";
import { releaseEmptySlabs } from "../../../kernel/mm/slabs";
import {
  dropSlot,
  freeSlotCount,
  readIn,
  shareSlot,
  slotReferences,
  startMemorySwap,
  stopSwap,
  writeOut,
} from "../../../kernel/mm/swap";
import { Random } from "./random";
import { startOwnedMachine } from "./simulatedMemory";

const USER_DATA: u64 = WRITABLE | USER | NO_EXECUTE;

const cursor = new MappingCursor();
const random = new Random();

export function main(): void {
  slotsComeAndGo();
  slotsKeepContents();
  oneMappingLiesInTheInfo();
  manyMappingsAreAChain();
  mappingsThatDoNotFitAreAChain();
  noMemoryForAMappingLeavesAll();
  theLeastUsedPageGoes();
  sharedFramesGoFromAllPages();
  pinnedFramesStay();
  threeTimesTheFrames();
  log.info("all cases passed");
}

function take(owner: FrameOwner): Frame {
  const frame = acquireFrame(owner);
  if (frame === null) panic("a frame must be free");
  return frame;
}

// --- Slots -----------------------------------------------------------------------------------------------------------

function slotsComeAndGo(): void {
  startOwnedMachine(2048n);
  const free = freeFrameCount();
  assert(!startMemorySwap(4000) && freeFrameCount() === free, "more than there is");
  assert(startMemorySwap(100) && freeSlotCount() === 100n, "as asked for");
  const frame = take(FrameOwner.Anonymous);
  for (let i: u64 = 0n; i < 100n; i += 1n) {
    const slot = writeOut(frame);
    assert(slot !== null && slot === i && slotReferences(slot) === 1, "one after the other");
  }
  assert(writeOut(frame) === null && freeSlotCount() === 0n, "there is no other");
  shareSlot(63n);
  dropSlot(63n);
  assert(slotReferences(63n) === 1 && freeSlotCount() === 0n, "shared, and used still");
  dropSlot(63n);
  assert(freeSlotCount() === 1n && slotReferences(63n) === 0, "free");
  const again = writeOut(frame);
  assert(again !== null && again === 63n, "to be had again");
  for (let i: u64 = 0n; i < 100n; i += 1n) dropSlot(i);
  stopSwap();
  assert(releaseFrame(frame));
  void releaseEmptySlabs();
  assert(freeFrameCount() === free, "all frames are back");
}

function slotsKeepContents(): void {
  startOwnedMachine(2048n);
  assert(startMemorySwap(50));
  const frame = take(FrameOwner.Anonymous);
  for (let i: u64 = 0n; i < 50n; i += 1n) {
    fill(frame, i);
    const slot = writeOut(frame);
    assert(slot !== null && slot === i, "the next slot");
  }
  for (let i: u64 = 0n; i < 50n; i += 1n) {
    assert(readIn(i, frame), "memory does not fail");
    expectFilled(frame, i);
    dropSlot(i);
  }
  stopSwap();
}

/** Ends swap in the middle of things. */
function endSwap(slots: u64): void {
  for (let slot: u64 = 0n; slot < slots; slot += 1n) {
    while (slotReferences(slot) !== 0) dropSlot(slot);
  }
  stopSwap();
}

function fill(frame: Frame, seed: u64): void {
  const words = frameWords(frame);
  for (let i: u32 = 0; i < words.length; i += 1) words[i] = wrappingMul(seed + 1n, 0x9e37_79b9_7f4a_7c15n) ^ u64(i);
}

function expectFilled(frame: Frame, seed: u64): void {
  const words = frameWords(frame);
  for (let i: u32 = 0; i < words.length; i += 1) {
    assert(words[i] === (wrappingMul(seed + 1n, 0x9e37_79b9_7f4a_7c15n) ^ u64(i)), `the content of ${seed} is intact`);
  }
}

// --- The reverse map -------------------------------------------------------------------------------------------------

function oneMappingLiesInTheInfo(): void {
  startOwnedMachine(2048n);
  const frame = take(FrameOwner.Anonymous);
  const free = freeFrameCount();
  assert(!firstMapping(frame, cursor) && mappingCount(frame) === 0, "nowhere");
  assert(addMapping(frame, frameAt(0xfff_ffffn), pageAt(0x7_ffff_ffffn)), "no memory is needed");
  assert(freeFrameCount() === free && mappingCount(frame) === 1, "none was");
  assert(firstMapping(frame, cursor), "one");
  assert(cursor.root === 0xfff_ffffn && cursor.page === 0x7_ffff_ffffn && !nextMapping(cursor), "this one");
  removeMapping(frame, frameAt(0xfff_ffffn), pageAt(0x7_ffff_ffffn));
  assert(mappingCount(frame) === 0 && frameInfo(frame).mapping === 0n, "nowhere again");
}

/** Adds and removes pages at random, and compares the set. */
function manyMappingsAreAChain(): void {
  startOwnedMachine(2048n);
  const frame = take(FrameOwner.Anonymous);
  const free = freeFrameCount();
  let expected: u64 = 0n;
  for (let i: u32 = 0; i < 20_000; i += 1) {
    const page = random.below(12n);
    if ((expected & (1n << page)) !== 0n) removeMapping(frame, frameAt(page + 5n), pageAt(page));
    else assert(addMapping(frame, frameAt(page + 5n), pageAt(page)), "memory is left");
    expected ^= 1n << page;
    assert(mappingsOf(frame) === expected && mappingCount(frame) === popCount(expected), "the same pages");
  }
  for (let page: u64 = 0n; page < 12n; page += 1n) {
    if ((expected & (1n << page)) !== 0n) removeMapping(frame, frameAt(page + 5n), pageAt(page));
  }
  void releaseEmptySlabs();
  assert(freeFrameCount() === free, "no chain is left");
}

/** A bit for each page; each at most once. */
function mappingsOf(frame: Frame): u64 {
  let found: u64 = 0n;
  for (let more = firstMapping(frame, cursor); more; more = nextMapping(cursor)) {
    assert(cursor.root === cursor.page + 5n && (found & (1n << cursor.page)) === 0n, "each once, with its root");
    found |= 1n << cursor.page;
  }
  return found;
}

function mappingsThatDoNotFitAreAChain(): void {
  startOwnedMachine(2048n);
  const frame = take(FrameOwner.Anonymous);
  const high = pageAt((1n << 52n) - 1n);
  assert(addMapping(frame, frameAt(5n), high) && addMapping(frame, frameAt(1n << 28n), pageAt(1n)), "in a chain");
  assert(mappingCount(frame) === 2, "both");
  removeMapping(frame, frameAt(1n << 28n), pageAt(1n));
  assert(firstMapping(frame, cursor) && cursor.page === high && cursor.root === 5n, "as it was");
  removeMapping(frame, frameAt(5n), high);
  assert(frameInfo(frame).mapping === 0n, "nowhere");
}

function noMemoryForAMappingLeavesAll(): void {
  startOwnedMachine(2048n);
  const frame = take(FrameOwner.Anonymous);
  assert(addMapping(frame, frameAt(5n), pageAt(0n)));
  void releaseEmptySlabs();
  failFrameAfter(1n);
  assert(!addMapping(frame, frameAt(6n), pageAt(1n)), "out of memory");
  assert(mappingsOf(frame) === 1n, "as it was");
  assert(addMapping(frame, frameAt(6n), pageAt(1n)) && mappingsOf(frame) === 3n, "now there is some");
}

// --- Eviction --------------------------------------------------------------------------------------------------------

const FIRST: u64 = 0x1234_5000n;

function newRoot(): Frame {
  const root = acquireZeroedFrame(FrameOwner.Table);
  if (root === null) panic("a frame must be free");
  return root;
}

function pageOf(index: u64): Page {
  return pageAfter(pageAt(FIRST), index);
}

/** Maps an anonymous frame, which has a reference for it already, as if the CPU had used it. */
function mapUsed(root: Frame, index: u64, frame: Frame): void {
  const flags = pageFlags(USER_DATA | ACCESSED);
  assert(mapPage(tableIn(root), pageOf(index), frame, flags) === MapResult.Mapped, "mapped");
  assert(addMapping(frame, root, pageOf(index)), "and recorded");
}

function entryAt(root: Frame, index: u64): PageTableEntry {
  const entry = findLeafEntry(tableIn(root), pageOf(index));
  if (entry === null) panic("the page has a table");
  return entry;
}

function theLeastUsedPageGoes(): void {
  startOwnedMachine(2048n);
  assert(startMemorySwap(10));
  const root = newRoot();
  for (let i: u64 = 0n; i < 5n; i += 1n) {
    const frame = take(FrameOwner.Anonymous);
    fill(frame, i);
    mapUsed(root, i, frame);
  }
  entryAt(root, 3n).clearAccessed();
  const evicted = evictOne();
  assert(evicted !== null && entryAt(root, 3n).isSwapped() && freeSlotCount() === 9n, "the one that was not used");
  assert(frameOwner(evicted) === FrameOwner.Anonymous && frameReferences(evicted) === 1, "the caller's now");
  assert(mappingCount(evicted) === 0 && releaseFrame(evicted), "and nobody else's");
  assert(!entryAt(root, 2n).isAccessed() && entryAt(root, 2n).isPresent(), "others had a second chance");
  const back = take(FrameOwner.Anonymous);
  assert(readIn(entryAt(root, 3n).swapSlot(), back));
  expectFilled(back, 3n);
  for (let i: u32 = 0; i < 4; i += 1) assert(evictOne() !== null, "all go in the end");
  assert(evictOne() === null, "then there is none");
  endSwap(10n);
}

function sharedFramesGoFromAllPages(): void {
  startOwnedMachine(2048n);
  assert(startMemorySwap(10));
  const frame = take(FrameOwner.Anonymous);
  shareFrame(frame);
  shareFrame(frame);
  const first = newRoot();
  const second = newRoot();
  mapUsed(first, 0n, frame);
  mapUsed(first, 1n, frame);
  mapUsed(second, 9n, frame);
  const evicted = evictOne();
  assert(evicted !== null && evicted === frame && frameReferences(frame) === 1, "only the caller's");
  const slot = entryAt(first, 0n).swapSlot();
  assert(slotReferences(slot) === 3, "one for each page");
  assert(entryAt(first, 1n).swapSlot() === slot && entryAt(second, 9n).swapSlot() === slot, "all have it");
  assert(entryAt(first, 0n).isSwapped() && entryAt(first, 1n).isSwapped() && entryAt(second, 9n).isSwapped(), "gone");
  endSwap(10n);
}

/** Somebody beside the pages has a reference; or nobody recorded the page. */
function pinnedFramesStay(): void {
  startOwnedMachine(2048n);
  assert(startMemorySwap(10));
  const root = newRoot();
  const pinned = take(FrameOwner.Anonymous);
  shareFrame(pinned);
  mapUsed(root, 0n, pinned);
  void take(FrameOwner.Anonymous);
  assert(evictOne() === null && entryAt(root, 0n).isPresent(), "it stays");
  assert(!releaseFrame(pinned));
  const evicted = evictOne();
  assert(evicted !== null && evicted === pinned, "until only the page has it");
  endSwap(10n);
}

// --- Three times the frames ------------------------------------------------------------------------------------------

const FRAMES: u64 = 1000n;
const PAGES: u64 = 3n * FRAMES;

/** What is in each page. */
const versions = new FixedArray<u64, 3000>();

/** Pages are touched at random, read and written; a page that is away is brought back, which drives another one out. */
function threeTimesTheFrames(): void {
  startOwnedMachine(8000n);
  const root = newRoot();
  makeTables(root);
  const free = freeFrameCount();
  assert(startMemorySwap(u32(PAGES)));
  takeAllBut(FRAMES);
  for (let page: u64 = 0n; page < PAGES; page += 1n) bringFirst(root, page);
  for (let i: u32 = 0; i < 30_000; i += 1) touch(root, random.below(PAGES));
  for (let page: u64 = 0n; page < PAGES; page += 1n) expectContent(root, page);
  for (let page: u64 = 0n; page < PAGES; page += 1n) drop(root, page);
  assert(freeSlotCount() === PAGES, "no slot is left in use");
  stopSwap();
  releaseAllOf(FrameOwner.File);
  void releaseEmptySlabs();
  assert(freeFrameCount() === free, "all frames are back");
}

function makeTables(root: Frame): void {
  const frame = take(FrameOwner.Anonymous);
  for (let page: u64 = 0n; page < PAGES; page += 1n) {
    assert(mapPage(tableIn(root), pageOf(page), frame, pageFlags(USER_DATA)) === MapResult.Mapped);
    entryAt(root, page).clear();
  }
  assert(releaseFrame(frame));
}

/** Leaves so many frames. */
function takeAllBut(count: u64): void {
  while (freeFrameCount() > count) void take(FrameOwner.File);
}

/** A frame for a page, if need be another page's. */
function takeOrEvict(): Frame {
  const frame = acquireFrame(FrameOwner.Anonymous) ?? evictOne();
  if (frame === null) panic("some page can go");
  return frame;
}

function bringFirst(root: Frame, page: u64): void {
  const frame = takeOrEvict();
  fill(frame, page);
  versions[u32(page)] = page;
  entryAt(root, page).set(frame, pageFlags(USER_DATA | ACCESSED));
  assert(addMapping(frame, root, pageOf(page)));
}

/** What the fault handler does, and the CPU. */
function use(root: Frame, page: u64): Frame {
  const entry = entryAt(root, page);
  if (entry.isSwapped()) {
    const slot = entry.swapSlot();
    const frame = takeOrEvict();
    assert(readIn(slot, frame));
    dropSlot(slot);
    entry.setSwappedIn(frame);
    assert(addMapping(frame, root, pageOf(page)));
  }
  entry.setRaw(entry.raw() | ACCESSED);
  return entry.frame();
}

function expectContent(root: Frame, page: u64): void {
  expectFilled(use(root, page), versions[u32(page)]);
}

function touch(root: Frame, page: u64): void {
  expectContent(root, page);
  if (random.below(2n) === 0n) return;
  versions[u32(page)] = random.below(1n << 40n);
  fill(use(root, page), versions[u32(page)]);
}

function drop(root: Frame, page: u64): void {
  const entry = entryAt(root, page);
  if (entry.isSwapped()) {
    dropSlot(entry.swapSlot());
  } else {
    const frame = entry.frame();
    removeMapping(frame, root, pageOf(page));
    assert(releaseFrame(frame), "only the page had it");
  }
  entry.clear();
}

function releaseAllOf(owner: FrameOwner): void {
  for (let number: u64 = 0n; number < 8000n; number += 1n) {
    const frame = uncheckedFrame(number);
    if (frameReferences(frame) !== 0 && frameOwner(frame) === owner) assert(releaseFrame(frame));
  }
}
