/**
 * The Nth acquisition of a frame fails, for every N that a whole workload has: each failure is an answer to whoever
 * asked, what was written before is still there, and afterwards every frame, table and slot is back.
 *
 *     heap | swap | create, map 40 regions | touch | clone, copy on write | protect | remap | evict, touch | destroy
 *
 * For the host and for the machine: how a page is accessed is the caller's.
 */
import { type Frame, type Page, pageAfter, pagingLevels } from "../../arch/x86_64/addresses";
import { userWindowFirst } from "../../arch/x86_64/pageTable";
import {
  type AddressSpace,
  cloneSpace,
  createSpace,
  destroySpace,
  discardPages,
  leaveSpace,
  mapPages,
  MapRequest,
  Placement,
  protectStretch,
  remapPages,
  RemapRequest,
  unmapPages,
} from "../../kernel/mm/addressSpace";
import { evictOne } from "../../kernel/mm/eviction";
import { FaultOutcome } from "../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../kernel/mm/frameAllocator";
import { failFrameAfter, frameFailurePending, releaseFrame } from "../../kernel/mm/frames";
import { allocateBytes, freeBytes } from "../../kernel/mm/heap";
import { SpaceResult } from "../../kernel/mm/regions";
import { READ, RegionKind, WRITE } from "../../kernel/mm/regionTree";
import { releaseEmptySlabs } from "../../kernel/mm/slabs";
import { slotCount, startMemorySwap, stopSwap } from "../../kernel/mm/swap";
import { attachedTables } from "../../kernel/mm/tables";
import { beginSpaceLedger, closeSpaceLedger, countSpace } from "./spaceLedger";
import { type Accessor, PageAccess } from "./spaceModel";

/** Regions: more than fit into the head of an address space. */
const REGIONS: u32 = 40;
/** From one region to the next: most of them have a leaf table of their own. */
const STRIDE: u64 = 600n;
const REGION_PAGES: u64 = 4n;
/** The pages, from the start of the user window. */
const FIRST: u64 = 0x5_0000_0000n;
const SLOTS: u32 = 16;
const STACK: u32 = 39;
const SHARED: u32 = 38;
const PHYSICAL: u32 = 37;

class Shortage {
  accessor: Accessor = accessNothing;
  device: Frame;
  withSwap: bool;
  /** The word that the second page of each region holds; 0: nothing was written. */
  readonly words: FixedArray<u64, 40>;
  /** Answers that said that memory was short. */
  refusals: u64;
  readonly tables: FixedArray<u32, 5>;
}
const shortage = new Shortage();
const request = new MapRequest();
const remap = new RemapRequest();
const wanted = new PageAccess();

function accessNothing(_space: AddressSpace, _access: PageAccess): FaultOutcome {
  return FaultOutcome.NoRegion;
}

/**
 * Runs the workload until no acquisition is left to fail, with or without swap: with it a page fault finds another
 * frame. Returns how many have failed.
 */
export function failEveryAcquisition(device: Frame, accessor: Accessor, withSwap: bool): u64 {
  shortage.accessor = accessor;
  shortage.device = device;
  shortage.withSwap = withSwap;
  void releaseEmptySlabs();
  const free = freeFrameCount();
  countTables();
  let failed: u64 = 0n;
  while (failNext(failed + 1n)) {
    failed += 1n;
    assert(withSwap || shortage.refusals !== 0n, `nobody was told of the failure of acquisition ${failed}`);
    expectAsBefore(free, failed);
  }
  assert(shortage.refusals === 0n, "without a failure everything is done");
  expectAsBefore(free, failed);
  return failed;
}

/** Runs the workload with a failure of this acquisition. False: there was none so late. */
function failNext(count: u64): bool {
  shortage.refusals = 0n;
  failFrameAfter(count);
  workload();
  const pending = frameFailurePending();
  failFrameAfter(0n);
  return !pending;
}

function countTables(): void {
  for (let level: u32 = 1; level < pagingLevels(); level += 1) shortage.tables[level] = attachedTables(level);
}

function expectAsBefore(free: u64, failed: u64): void {
  void releaseEmptySlabs();
  verifyCounters();
  const lost = wrappingSub(free, freeFrameCount());
  assert(lost === 0n, `acquisition ${failed} failed, and ${lost} frames are lost`);
  assert(slotCount() === 0n, "swap has ended");
  for (let level: u32 = 1; level < pagingLevels(); level += 1) {
    assert(attachedTables(level) === shortage.tables[level], `as many tables of level ${level} as before`);
  }
  assert(beginSpaceLedger(), "there is memory for the ledger");
  closeSpaceLedger();
  void releaseEmptySlabs();
}

// --- The workload ----------------------------------------------------------------------------------------------------

function workload(): void {
  useHeap();
  const hasSwap = shortage.withSwap && startMemorySwap(SLOTS);
  if (!hasSwap && shortage.withSwap) shortage.refusals += 1n;
  const space = createSpace();
  if (space === null) shortage.refusals += 1n;
  else workIn(space, hasSwap);
  if (hasSwap) stopSwap();
}

function workIn(space: AddressSpace, hasSwap: bool): void {
  for (let i: u32 = 0; i < REGIONS; i += 1) mapOne(space, i);
  for (let i: u32 = 0; i < REGIONS; i += 3) writeWord(space, i, u64(i) + 1000n);
  for (let i: u32 = 36; i < REGIONS; i += 1) writeWord(space, i, u64(i) + 2000n);
  readUntouched(space);
  cloneAndWrite(space);
  changeRegions(space);
  if (hasSwap) evictSome();
  expectWords(space);
  checkLedgerOf(space);
  leaveSpace();
  destroySpace(space);
}

/** Objects of the smallest and a large class, and one of several frames. */
function useHeap(): void {
  const small = allocateBytes(40n);
  const large = allocateBytes(1500n);
  const pages = allocateBytes(20_000n);
  if (small === null || large === null || pages === null) shortage.refusals += 1n;
  if (small !== null) freeBytes(small);
  if (large !== null) freeBytes(large);
  if (pages !== null) freeBytes(pages);
}

function pageOf(region: u32, index: u64): Page {
  return pageAfter(userWindowFirst(), FIRST + u64(region) * STRIDE + index);
}

/** Whether the operation was done. What else it may answer is that memory is short. */
function isDone(result: SpaceResult): bool {
  if (result === SpaceResult.Done) return true;
  assert(result === SpaceResult.OutOfMemory, `an operation ended with ${result}`);
  shortage.refusals += 1n;
  return false;
}

function mapOne(space: AddressSpace, region: u32): void {
  zeroStruct(request);
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = pageOf(region, 0n);
  request.pages = REGION_PAGES;
  request.kind = kindOf(region);
  if (region === STACK) request.mostPages = 100n;
  if (region === PHYSICAL) request.frame = shortage.device;
  shortage.words[region] = 0n;
  if (!isDone(mapPages(space, request))) shortage.words[region] = u64.MAX;
}

function kindOf(region: u32): RegionKind {
  switch (region) {
    case STACK:
      return RegionKind.Stack;
    case SHARED:
      return RegionKind.Shared;
    case PHYSICAL:
      return RegionKind.Physical;
    default:
      return RegionKind.Private;
  }
}

/** The region was not mapped, for want of memory. */
function isMissing(region: u32): bool {
  return shortage.words[region] === u64.MAX;
}

/** Accesses a page that allows it. False: memory is short. */
function access(space: AddressSpace, page: Page, kind: u32, word: u64): bool {
  wanted.page = page;
  wanted.access = kind;
  wanted.word = word;
  const accessor = shortage.accessor;
  const outcome = accessor(space, wanted);
  if (outcome === FaultOutcome.Resolved) return true;
  assert(outcome === FaultOutcome.OutOfMemory, `an access ended with ${outcome}`);
  shortage.refusals += 1n;
  return false;
}

function writeWord(space: AddressSpace, region: u32, word: u64): void {
  if (isMissing(region)) return;
  if (access(space, pageOf(region, 1n), WRITE, word)) shortage.words[region] = word;
}

/** Reads what nobody has touched, and lets the stack grow. */
function readUntouched(space: AddressSpace): void {
  if (!isMissing(4) && access(space, pageOf(4, 2n), READ, 1n)) assert(wanted.word === 0n, "untouched pages are zero");
  if (!isMissing(4)) void access(space, pageOf(4, 2n), WRITE, 7n);
  if (!isMissing(STACK)) void access(space, pageAfter(pageOf(STACK, 0n), 0n), READ, 0n);
  if (!isMissing(STACK)) void access(space, pageAfter(pageOf(STACK - 1, STRIDE), 0n), READ, 0n);
}

/** A clone writes to what it shares, and so does the space itself; neither sees it of the other. */
function cloneAndWrite(space: AddressSpace): void {
  const clone = cloneSpace(space);
  if (clone === null) {
    shortage.refusals += 1n;
    return;
  }
  for (let i: u32 = 0; i < SHARED - 2; i += 6) {
    if (!isMissing(i)) void access(clone, pageOf(i, 1n), WRITE, 77n);
  }
  for (let i: u32 = 0; i < SHARED - 2; i += 9) writeWord(space, i, u64(i) + 3000n);
  expectWords(space);
  leaveSpace();
  destroySpace(clone);
}

/** Cuts, joins, moves: what is moved has other leaf tables, what is cut needs regions. */
function changeRegions(space: AddressSpace): void {
  for (let i: u32 = 6; i < 18; i += 3) {
    if (!isMissing(i)) void isDone(protectStretch(space, pageOf(i, 1n), 2n, READ));
  }
  if (!isMissing(7)) void isDone(discardPages(space, pageOf(7, 0n), REGION_PAGES));
  if (!isMissing(9)) void isDone(unmapPages(space, pageOf(9, 2n), 1n));
  if (!isMissing(21)) moveBack(space, 21);
}

/** Makes a region too large for its place, so that it moves, and brings its page back. */
function moveBack(space: AddressSpace, region: u32): void {
  remap.first = pageOf(region, 0n);
  remap.oldPages = REGION_PAGES;
  remap.newPages = STRIDE + 1n;
  remap.mayMove = true;
  if (!isDone(remapPages(space, remap))) return;
  if (access(space, pageAfter(remap.first, 1n), READ, 0n)) {
    assert(wanted.word === shortage.words[region], "what was moved holds what it held");
  }
  shortage.words[region] = u64.MAX;
}

function evictSome(): void {
  for (let i: u32 = 0; i < SLOTS / 2; i += 1) {
    const frame = evictOne();
    if (frame !== null) void releaseFrame(frame);
  }
}

function expectWords(space: AddressSpace): void {
  for (let i: u32 = 0; i < REGIONS; i += 1) {
    if (isMissing(i) || !access(space, pageOf(i, 1n), READ, 0n)) continue;
    const word = shortage.words[i];
    assert(i === PHYSICAL || wanted.word === word, `region ${i} holds ${wanted.word}, not ${word}`);
  }
}

/** Once the failure has come, the ledger may take memory itself. */
function checkLedgerOf(space: AddressSpace): void {
  if (frameFailurePending() || !beginSpaceLedger()) return;
  countSpace(space);
  closeSpaceLedger();
}
