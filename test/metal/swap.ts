/** Swap on the machine: the CPU notes which pages it used, and loses those that are taken away. */
import { PAGE_SIZE, type Page, pageAfter, pageContaining, pageStart, virtAddr } from "../../arch/x86_64/addresses";
import { KERNEL_DATA, type PageTableEntry } from "../../arch/x86_64/pageTable";
import { frameToVirt } from "../../arch/x86_64/physmap";
import { probeRead, probeWrite } from "../../arch/x86_64/probe";
import { applyFlush } from "../../arch/x86_64/tlb";
import { evictOne } from "../../kernel/mm/eviction";
import { acquireFrame, FrameOwner, releaseFrame } from "../../kernel/mm/frames";
import { freeFrameCount } from "../../kernel/mm/frameAllocator";
import { allocateBytes, freeBytes } from "../../kernel/mm/heap";
import { kernelRoot, kernelRootFrame } from "../../kernel/mm/kernelSpace";
import { findLeafEntry, mapPage, MapResult, PageMapping, unmapPage } from "../../kernel/mm/pageMapper";
import { addMapping } from "../../kernel/mm/reverseMap";
import { releaseEmptySlabs } from "../../kernel/mm/slabs";
import { dropSlot, readIn, startMemorySwap, stopSwap } from "../../kernel/mm/swap";
import { MetalTest } from "./metalTest";

/** Addresses that nothing else uses: PML4 entry 508. */
const WINDOW: u64 = 0xffff_fe00_0000_0000n;
const PAGES: u64 = 8n;

export const SWAP_TESTS: FixedArray<MetalTest, 2> = [
  { name: "swap", run: testSwap },
  { name: "heap", run: testHeap },
];

function pageOf(index: u64): Page {
  return pageAfter(pageContaining(virtAddr(WINDOW)), index);
}

function addressOfPage(index: u64): u64 {
  return pageStart(pageOf(index));
}

function entryAt(index: u64): PageTableEntry {
  const entry = findLeafEntry(kernelRoot(), pageOf(index));
  if (entry === null) panic("the page has a table");
  return entry;
}

/** Pages that were written to, all of them used; then the third alone is read. */
function testSwap(): void {
  assert(startMemorySwap(u32(PAGES)), "memory for slots");
  for (let i: u64 = 0n; i < PAGES; i += 1n) mapNew(i);
  const first = evictOne();
  assert(first !== null && releaseFrame(first), "after a round one goes, though all were used");
  assert(!probeRead(addressOfPage(0n)) && entryAt(0n).isSwapped(), "the first one: it is not there any more");
  assert(probeRead(addressOfPage(2n)), "the third is used");
  assert(entryAt(2n).isAccessed() && !entryAt(3n).isAccessed(), "which the CPU noted, and of no other");
  for (let i: u64 = 2n; i < PAGES; i += 1n) {
    const frame = evictOne();
    assert(frame !== null && releaseFrame(frame), "the others go first");
    assert(!entryAt(2n).isSwapped(), "the third stays");
  }
  const last = evictOne();
  assert(last !== null && releaseFrame(last) && entryAt(2n).isSwapped(), "then goes as well");
  for (let i: u64 = 0n; i < PAGES; i += 1n) bringBack(i);
  stopSwap();
  for (let i: u64 = 0n; i < PAGES; i += 1n) giveBack(i);
}

function mapNew(index: u64): void {
  const frame = acquireFrame(FrameOwner.Anonymous);
  if (frame === null) panic("no frame for a test");
  assert(mapPage(kernelRoot(), pageOf(index), frame, KERNEL_DATA) === MapResult.Mapped, "mapped");
  assert(addMapping(frame, kernelRootFrame(), pageOf(index)), "recorded");
  assert(probeWrite(addressOfPage(index), index + 77n), "writable");
  assert(entryAt(index).isAccessed(), "the CPU notes it");
}

function bringBack(index: u64): void {
  const entry = entryAt(index);
  assert(!probeRead(addressOfPage(index)), "a page that is away faults");
  const frame = acquireFrame(FrameOwner.Anonymous);
  if (frame === null) panic("no frame for a test");
  const slot = entry.swapSlot();
  assert(readIn(slot, frame), "memory does not fail");
  dropSlot(slot);
  entry.setSwappedIn(frame);
  assert(peek64(addressOfPage(index)) === index + 77n, "it holds what it held");
  assert(probeWrite(addressOfPage(index), 5n) && peek64(frameToVirt(frame)) === 5n, "and can be written to");
}

function giveBack(index: u64): void {
  const old = new PageMapping();
  const flush = unmapPage(kernelRoot(), pageOf(index), old);
  if (flush === null) panic("the page is mapped");
  applyFlush(flush);
  assert(releaseFrame(old.frame), "nobody else has the frame");
  assert(!probeRead(addressOfPage(index)), "and nobody reads it");
}

/** Frames that small objects take at least, where there are so many, and those of a large object. */
const SMALL_FRAMES: u64 = 0x1_0000n;
const LARGE_FRAMES: u64 = 0x4000n;

/**
 * The heap takes all memory, and gives all of it back. What a large machine has beyond small objects, every byte of
 * which is used, goes to large ones before, used at both ends.
 */
function testHeap(): void {
  const free = freeFrameCount();
  const large = takeLarge();
  takeSmall();
  freeLarge(large);
  void releaseEmptySlabs();
  assert(freeFrameCount() === free, "all frames are back");
}

/** Large objects until few frames are left: a chain of them. */
function takeLarge(): u64 {
  let last: u64 = 0n;
  while (freeFrameCount() > SMALL_FRAMES + LARGE_FRAMES) {
    const at = allocateBytes(LARGE_FRAMES * PAGE_SIZE);
    if (at === null) return last;
    poke64(at, last);
    poke64(at + LARGE_FRAMES * PAGE_SIZE - 8n, at);
    last = at;
  }
  return last;
}

function freeLarge(chain: u64): void {
  let last = chain;
  while (last !== 0n) {
    const next = peek64(last);
    assert(peek64(last + LARGE_FRAMES * PAGE_SIZE - 8n) === last, "intact");
    freeBytes(virtAddr(last));
    last = next;
  }
}

function takeSmall(): void {
  const free = freeFrameCount();
  let last: u64 = 0n;
  let count: u64 = 0n;
  for (let at = allocateBytes(1000n); at !== null; at = allocateBytes(1000n)) {
    fillMemory(at, 0xff, 1000n);
    poke64(at, last);
    last = at;
    count += 1n;
  }
  assert(freeFrameCount() === 0n && count === free * 3n, "three to a frame, in every frame");
  while (last !== 0n) {
    const next = peek64(last);
    assert(peek64(last + 992n) === u64.MAX, "intact");
    freeBytes(virtAddr(last));
    last = next;
  }
}
