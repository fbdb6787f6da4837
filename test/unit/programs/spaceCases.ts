/** What operations on address spaces refuse, and why, case by case; how regions are cut, joined, and placed. */
import { type Frame, frameAt, type Page, pageAfter, pageAt } from "../../../arch/x86_64/addresses";
import { pageContaining, pageStart, virtAddr } from "../../../arch/x86_64/addresses";
import { PAGE_FAULT_USER } from "../../../arch/x86_64/exceptions";
import { UNCACHED } from "../../../arch/x86_64/pageTable";
import { flushOfPage, flushOfPages, NO_FLUSH } from "../../../arch/x86_64/tlb";
import {
  type AddressSpace,
  cloneSpace,
  createSpace,
  destroySpace,
  discardPages,
  mapPages,
  MapRequest,
  Placement,
  protectStretch,
  remapPages,
  RemapRequest,
  unmapPages,
} from "../../../kernel/mm/addressSpace";
import { evictOne } from "../../../kernel/mm/eviction";
import { FaultOutcome, initFaults, resolveFault } from "../../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import { openFileStore } from "../../../kernel/mm/fileStore";
import { failFrameAfter, frameFailurePending, FrameOwner, frameOwner } from "../../../kernel/mm/frames";
import { frameReferences, releaseFrame } from "../../../kernel/mm/frames";
import { countHeap, HeapCounters } from "../../../kernel/mm/heap";
import { findMapping, PageMapping } from "../../../kernel/mm/pageMapper";
import { populatePages, readPresence } from "../../../kernel/mm/presence";
import { SpaceResult } from "../../../kernel/mm/regions";
import { endUserPage, EXECUTE, firstUserPage, READ } from "../../../kernel/mm/regionTree";
import { RegionKind, STACK_GUARD_PAGES, WRITE } from "../../../kernel/mm/regionTree";
import { mappingCount } from "../../../kernel/mm/reverseMap";
import { releaseStore } from "../../../kernel/mm/sharedPages";
import { freeSlotCount, startMemorySwap, startSwap, stopSwap, SwapBackend } from "../../../kernel/mm/swap";
import { attachedTables } from "../../../kernel/mm/tables";
import { isUserRange } from "../../../kernel/mm/userMemory";
import { beginSpaceLedger, closeSpaceLedger, countSpace } from "../../metal/spaceLedger";
import { PageAccess } from "../../metal/spaceModel";
import { startOwnedMachine } from "./simulatedMemory";
import { accessByWalk } from "./walkedAccess";

/** Frames of the machine; those from here on are in the arena, but not the allocator's. */
const MEMORY: u64 = 3000n;
const DEVICE: u64 = 3010n;
/** Where the cases have their pages: the last ones of a leaf table, and the first of the next. */
const FIRST: u64 = 0x1_0000n - 8n;

const request = new MapRequest();
const remap = new RemapRequest();
const mapping = new PageMapping();
const wanted = new PageAccess();

const presence = new FixedArray<u8, 16>();
const fileBytes = new FixedArray<u8, 5000>();

type Case = (space: AddressSpace) => void;
const CASES: FixedArray<Case, 23> = [
  refusesStretches,
  refusesPlaces,
  refusesPermissions,
  refusesLimits,
  refusesStacks,
  refusesPhysical,
  refusesHoles,
  refusesRemaps,
  cutsAndJoins,
  keepsApart,
  findsPlaces,
  movesPages,
  mapsDevices,
  clonesWhole,
  leavesNoTable,
  copiesOnlyForWrites,
  evictsCopies,
  survivesBackend,
  reservesForNothing,
  movesOverOthers,
  tellsPresence,
  placesBelow,
  showsFiles,
];

export function main(): void {
  startOwnedMachine(MEMORY);
  initFaults();
  const free = freeFrames();
  for (const each of CASES) {
    const space = createSpace();
    if (space === null) panic("no frame for an address space");
    each(space);
    assert(beginSpaceLedger(), "there is memory for the ledger");
    countSpace(space);
    closeSpaceLedger();
    destroySpace(space);
    verifyCounters();
    assert(freeFrames() === free, "all frames are back");
  }
  userRanges();
  flushesOwe();
  log.info("all cases passed");
}

/** Frames that are free, or kept by the heap for the next object. */
function freeFrames(): u64 {
  const heap = new HeapCounters();
  countHeap(heap);
  return freeFrameCount() + heap.slabs + heap.largeFrames;
}

function page(index: u64): Page {
  return pageAt(wrappingAdd(FIRST, index));
}

function kernelPage(): Page {
  return pageContaining(virtAddr(0xffff_8000_0000_0000n));
}

function expect(actual: SpaceResult, expected: SpaceResult, what: string): void {
  assert(actual === expected, `${what}: ${actual}, not ${expected}`);
}

/** A request for private pages that may be written. */
function ask(first: Page, pages: u64, placement: Placement): void {
  zeroStruct(request);
  request.kind = RegionKind.Private;
  request.placement = placement;
  request.access = READ | WRITE;
  request.first = first;
  request.pages = pages;
}

function map(space: AddressSpace, index: u64, pages: u64, kind: RegionKind = RegionKind.Private): void {
  ask(page(index), pages, Placement.Exactly);
  request.kind = kind;
  request.mostPages = pages;
  request.frame = frameAt(DEVICE);
  expect(mapPages(space, request), SpaceResult.Done, "mapping pages");
}

/** The access ends like this. */
function expectAccess(space: AddressSpace, index: u64, access: u32, expected: FaultOutcome): void {
  wanted.page = page(index);
  wanted.access = access;
  wanted.word = wrappingAdd(index, 1n);
  const outcome = accessByWalk(space, wanted);
  assert(outcome === expected, `an access of page ${index} ended with ${outcome}, not ${expected}`);
}

function write(space: AddressSpace, index: u64): void {
  expectAccess(space, index, WRITE, FaultOutcome.Resolved);
}

/** The page holds the word that was written to page `origin`. */
function expectWordOf(space: AddressSpace, index: u64, origin: u64): void {
  expectAccess(space, index, READ, FaultOutcome.Resolved);
  assert(wanted.word === origin + 1n, `page ${index} holds ${wanted.word}`);
}

function expectZero(space: AddressSpace, index: u64): void {
  expectAccess(space, index, READ, FaultOutcome.Resolved);
  assert(wanted.word === 0n, `page ${index} is not zero`);
}

function expectRegions(space: AddressSpace, count: u32, what: string): void {
  space.regions.tree.verify();
  assert(space.regions.tree.count === count, `${what}: ${space.regions.tree.count} regions, not ${count}`);
}

// --- Refusals --------------------------------------------------------------------------------------------------------

function refusesStretches(space: AddressSpace): void {
  const invalid = SpaceResult.Invalid;
  expect(unmapPages(space, page(0n), 0n), invalid, "unmapping nothing");
  expect(unmapPages(space, pageAt(firstUserPage() - 1n), 1n), invalid, "unmapping the null pages");
  expect(unmapPages(space, pageAt(endUserPage()), 1n), invalid, "unmapping what is beyond");
  expect(unmapPages(space, pageAt(endUserPage() - 1n), 2n), invalid, "unmapping up to beyond");
  expect(unmapPages(space, kernelPage(), 1n), invalid, "unmapping what is the kernel's");
  expect(unmapPages(space, page(0n), u64.MAX), invalid, "unmapping more than there is");
  expect(unmapPages(space, page(0n), 9n), SpaceResult.Done, "unmapping a hole");
  expect(protectStretch(space, page(0n), 0n, READ), invalid, "protecting nothing");
  expect(protectStretch(space, pageAt(0n), 1n, READ), invalid, "protecting the null page");
  expect(protectStretch(space, pageAt(endUserPage()), 1n, READ), invalid, "protecting what is beyond");
  expect(discardPages(space, page(0n), 0n), invalid, "discarding nothing");
  expect(discardPages(space, pageAt(0n), 1n), invalid, "discarding the null page");
  remap.first = page(0n);
  remap.oldPages = 0n;
  remap.newPages = 1n;
  expect(remapPages(space, remap), invalid, "remapping nothing");
}

function refusesPlaces(space: AddressSpace): void {
  ask(page(0n), 0n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.Invalid, "mapping nothing");
  ask(pageAt(0n), endUserPage() - firstUserPage() + 1n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Invalid, "more than there is");
  ask(pageAt(firstUserPage() - 1n), 1n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.Invalid, "at the null pages");
  ask(pageAt(firstUserPage() - 1n), 1n, Placement.Replacing);
  expect(mapPages(space, request), SpaceResult.Invalid, "in place of the null pages");
  ask(pageAt(endUserPage()), 1n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.Invalid, "beyond the end");
  ask(pageAt(endUserPage() - 1n), 2n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.Invalid, "across the end");
  map(space, 0n, 4n);
  ask(page(3n), 4n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.Exists, "over what is mapped");
  ask(page(0n), 4n, Placement.Exactly);
  request.memoryType = UNCACHED;
  expect(mapPages(space, request), SpaceResult.Invalid, "memory of the pool is write-back");
  expectRegions(space, 1, "nothing changed");
}

function refusesPermissions(space: AddressSpace): void {
  ask(page(0n), 1n, Placement.Exactly);
  request.access = WRITE | EXECUTE;
  expect(mapPages(space, request), SpaceResult.NotAllowed, "writable and executable");
  request.access = 8;
  expect(mapPages(space, request), SpaceResult.NotAllowed, "unknown permissions");
  map(space, 0n, 4n);
  expect(protectStretch(space, page(0n), 1n, READ | WRITE | EXECUTE), SpaceResult.NotAllowed, "all at once");
  write(space, 0n);
  expectAccess(space, 0n, EXECUTE, FaultOutcome.NoExecute);
  expect(protectStretch(space, page(0n), 1n, READ), SpaceResult.Done, "read-only");
  expectAccess(space, 0n, WRITE, FaultOutcome.NoWrite);
  expectAccess(space, 0n, EXECUTE, FaultOutcome.NoExecute);
  expect(protectStretch(space, page(0n), 1n, EXECUTE), SpaceResult.Done, "executable");
  expectAccess(space, 0n, EXECUTE, FaultOutcome.Resolved);
  expect(protectStretch(space, page(0n), 1n, 0), SpaceResult.Done, "no access");
  expectAccess(space, 0n, READ, FaultOutcome.NoAccess);
  expectAccess(space, 0n, EXECUTE, FaultOutcome.NoAccess);
  expect(protectStretch(space, page(0n), 1n, READ | WRITE), SpaceResult.Done, "as before");
  expectWordOf(space, 0n, 0n);
}

function refusesLimits(space: AddressSpace): void {
  space.regions.maxRegions = 4;
  space.regions.maxPages = 20n;
  map(space, 0n, 4n);
  map(space, 100n, 4n);
  expect(unmapPages(space, page(1n), 1n), SpaceResult.Done, "a third region, by way of a fourth");
  space.regions.maxRegions = 3;
  expect(unmapPages(space, page(102n), 1n), SpaceResult.OutOfMemory, "a cut that would make a fourth");
  expect(protectStretch(space, page(101n), 1n, READ), SpaceResult.OutOfMemory, "a change in the middle");
  expect(protectStretch(space, page(100n), 4n, READ), SpaceResult.Done, "a change of all needs no region");
  ask(page(200n), 1n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.OutOfMemory, "a fourth region");
  space.regions.maxRegions = 10;
  ask(page(200n), 14n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.OutOfMemory, "more pages than allowed");
  ask(page(200n), 13n, Placement.Exactly);
  expect(mapPages(space, request), SpaceResult.Done, "as many as allowed");
  askRemap(0n, 1n, 2n, true);
  expect(remapPages(space, remap), SpaceResult.OutOfMemory, "not one more by growth");
  expectRegions(space, 4, "what was refused changed nothing");
}

function refusesStacks(space: AddressSpace): void {
  ask(page(0n), 4n, Placement.Exactly);
  request.kind = RegionKind.Stack;
  request.mostPages = 3n;
  expect(mapPages(space, request), SpaceResult.Invalid, "smaller at most than it is");
  request.mostPages = endUserPage();
  expect(mapPages(space, request), SpaceResult.Invalid, "with more pages than there are");
  ask(pageAt(0n), 4n, Placement.Anywhere);
  request.kind = RegionKind.Stack;
  request.mostPages = u64.MAX;
  expect(mapPages(space, request), SpaceResult.Invalid, "anywhere, with more pages than there are");
  ask(pageAt(firstUserPage() + 8n), 4n, Placement.Exactly);
  request.kind = RegionKind.Stack;
  request.mostPages = 100n;
  expect(mapPages(space, request), SpaceResult.Invalid, "with its floor below all pages");
  ask(page(0n), 4n, Placement.Exactly);
  request.kind = RegionKind.Stack;
  request.mostPages = 10n;
  expect(mapPages(space, request), SpaceResult.Done, "a stack");
  ask(pageAt(FIRST - 6n - STACK_GUARD_PAGES - 2n), 3n, Placement.Exactly);
  expect(
    mapPages(space, request),
    SpaceResult.Done,
    "what would come near to its floor is mapped where it was asked for",
  );
  expectAccess(space, wrappingSub(0n, 6n), WRITE, FaultOutcome.NoRegion);
  expectAccess(space, wrappingSub(0n, 5n), WRITE, FaultOutcome.Resolved);
  expect(unmapPages(space, pageAt(FIRST - 6n - STACK_GUARD_PAGES - 2n), 3n), SpaceResult.Done, "it goes");
  expectAccess(space, wrappingSub(0n, 6n), WRITE, FaultOutcome.Resolved);
  expectAccess(space, wrappingSub(0n, 7n), WRITE, FaultOutcome.NoRegion);
  space.regions.maxPages = 10n;
  expect(unmapPages(space, pageAt(FIRST - 6n), 2n), SpaceResult.Done, "two pages less");
  space.regions.maxPages = 9n;
  expectAccess(space, wrappingSub(0n, 6n), WRITE, FaultOutcome.NoRegion);
  expectAccess(space, wrappingSub(0n, 5n), WRITE, FaultOutcome.Resolved);
}

function refusesPhysical(space: AddressSpace): void {
  ask(page(0n), 4n, Placement.Exactly);
  request.kind = RegionKind.Physical;
  request.frame = frameAt(100n);
  expect(mapPages(space, request), SpaceResult.Invalid, "frames of the pool");
  request.frame = frameAt(MEMORY - 2n);
  expect(mapPages(space, request), SpaceResult.Invalid, "the last frames of the pool and some beyond");
  request.frame = frameAt((1n << 40n) - 2n);
  expect(mapPages(space, request), SpaceResult.Invalid, "frames beyond all addresses");
  map(space, 0n, 4n, RegionKind.Physical);
  askRemap(0n, 4n, 8n, true);
  expect(remapPages(space, remap), SpaceResult.Invalid, "given frames do not grow");
}

function refusesHoles(space: AddressSpace): void {
  map(space, 0n, 4n);
  map(space, 6n, 4n);
  expect(protectStretch(space, page(2n), 6n, READ), SpaceResult.BadAddress, "protecting over a hole");
  expect(protectStretch(space, page(8n), 3n, READ), SpaceResult.BadAddress, "protecting beyond");
  expect(discardPages(space, page(2n), 6n), SpaceResult.BadAddress, "discarding over a hole");
  expect(unmapPages(space, page(2n), 6n), SpaceResult.Done, "unmapping over a hole");
  expectRegions(space, 2, "both are shorter");
  expectAccess(space, 2n, READ, FaultOutcome.NoRegion);
  expectZero(space, 1n);
  expectZero(space, 8n);
}

function askRemap(index: u64, oldPages: u64, newPages: u64, mayMove: bool): void {
  remap.first = page(index);
  remap.oldPages = oldPages;
  remap.newPages = newPages;
  remap.mayMove = mayMove;
}

function refusesRemaps(space: AddressSpace): void {
  map(space, 0n, 4n);
  ask(page(4n), 4n, Placement.Exactly);
  request.access = READ;
  expect(mapPages(space, request), SpaceResult.Done, "a neighbour of another kind");
  askRemap(20n, 1n, 2n, true);
  expect(remapPages(space, remap), SpaceResult.BadAddress, "what is not mapped");
  askRemap(2n, 4n, 8n, true);
  expect(remapPages(space, remap), SpaceResult.BadAddress, "pages of two regions");
  askRemap(0n, 4n, 0n, true);
  expect(remapPages(space, remap), SpaceResult.Invalid, "to nothing");
  askRemap(0n, 4n, 5n, false);
  expect(remapPages(space, remap), SpaceResult.OutOfMemory, "there is no room, and it must not move");
  askRemap(0n, 4n, 4n, false);
  expect(remapPages(space, remap), SpaceResult.Done, "the same");
  askRemap(4n, 4n, 6n, false);
  expect(remapPages(space, remap), SpaceResult.Done, "there is room above");
  askRemap(4n, 6n, 1n, false);
  expect(remapPages(space, remap), SpaceResult.Done, "shorter");
  expectAccess(space, 5n, READ, FaultOutcome.NoRegion);
  ask(page(50n), 4n, Placement.Exactly);
  request.kind = RegionKind.Stack;
  request.mostPages = 10n;
  expect(mapPages(space, request), SpaceResult.Done, "a stack");
  askRemap(50n, 4n, 5n, true);
  expect(remapPages(space, remap), SpaceResult.Invalid, "stacks grow by themselves");
}

// --- Regions ---------------------------------------------------------------------------------------------------------

function cutsAndJoins(space: AddressSpace): void {
  map(space, 0n, 8n);
  map(space, 8n, 8n);
  expectRegions(space, 1, "neighbours that are alike are one");
  write(space, 3n);
  write(space, 12n);
  expect(protectStretch(space, page(4n), 4n, READ), SpaceResult.Done, "the middle");
  expectRegions(space, 3, "cut at both ends");
  expectAccess(space, 4n, WRITE, FaultOutcome.NoWrite);
  write(space, 3n);
  write(space, 8n);
  expect(protectStretch(space, page(4n), 4n, READ | WRITE), SpaceResult.Done, "as before");
  expectRegions(space, 1, "joined again");
  expect(unmapPages(space, page(6n), 4n), SpaceResult.Done, "a hole");
  expectRegions(space, 2, "cut in two");
  map(space, 6n, 4n);
  expectRegions(space, 1, "filled");
  expectWordOf(space, 3n, 3n);
  expectZero(space, 8n);
  expectWordOf(space, 12n, 12n);
}

/** What is not alike is never joined. */
function keepsApart(space: AddressSpace): void {
  map(space, 0n, 4n, RegionKind.Shared);
  map(space, 4n, 4n, RegionKind.Shared);
  map(space, 8n, 4n);
  map(space, 12n, 4n, RegionKind.Physical);
  map(space, 16n, 4n, RegionKind.Physical);
  map(space, 20n, 4n, RegionKind.Stack);
  map(space, 24n, 4n, RegionKind.Stack);
  expectRegions(space, 7, "two stores, two devices, two stacks, and private pages");
  expect(protectStretch(space, page(1n), 2n, READ), SpaceResult.Done, "a part of a store");
  expectRegions(space, 9, "cut");
  write(space, 0n);
  write(space, 3n);
  expect(protectStretch(space, page(1n), 2n, READ | WRITE), SpaceResult.Done, "as before");
  expectRegions(space, 7, "the parts of a store that follow each other are joined");
  expectWordOf(space, 3n, 3n);
  expect(unmapPages(space, page(1n), 2n), SpaceResult.Done, "the middle of a store");
  expectWordOf(space, 3n, 3n);
}

function findsPlaces(space: AddressSpace): void {
  ask(pageAt(0n), 10n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "anywhere");
  assert(request.first === endUserPage() - 10n, "is at the top");
  const top = request.first;
  ask(top, 10n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "a wish for what is taken");
  assert(request.first === top - 10n, "goes below");
  ask(page(0n), 4n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "a wish for what is free");
  assert(request.first === page(0n), "is granted");
  expect(unmapPages(space, pageAt(top - 3n), 5n), SpaceResult.Done, "a gap");
  ask(pageAt(0n), 5n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "what fits into the gap");
  assert(request.first === top - 3n, "goes there");
  ask(pageAt(0n), endUserPage() - firstUserPage(), Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.OutOfMemory, "there is no gap for all");
  ask(pageAt(0n), 3n, Placement.Anywhere);
  request.kind = RegionKind.Stack;
  request.mostPages = 30n;
  expect(mapPages(space, request), SpaceResult.Done, "a stack");
  assert(request.first === top - 13n, "with room to grow below it");
  ask(pageAt(0n), 1n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "what comes next");
  assert(request.first === top - 10n - 30n - STACK_GUARD_PAGES - 1n, "is below the guard of its floor");
}

function movesPages(space: AddressSpace): void {
  map(space, 0n, 4n);
  map(space, 4n, 4n, RegionKind.Shared);
  write(space, 1n);
  write(space, 2n);
  expectZero(space, 3n);
  write(space, 4n);
  expectMappings(space, 1n, 1);
  expectMappings(space, 4n, 0);
  askRemap(0n, 4n, 8n, true);
  expect(remapPages(space, remap), SpaceResult.Done, "it moves");
  const moved = remap.first - FIRST;
  assert(remap.first === endUserPage() - 8n, "to where there is room");
  expectWordOf(space, moved + 1n, 1n);
  expectWordOf(space, moved + 2n, 2n);
  expectZero(space, moved + 3n);
  expectZero(space, moved + 5n);
  expectAccess(space, 1n, READ, FaultOutcome.NoRegion);
  write(space, moved + 2n);
  askRemap(4n, 4n, 2n * 512n, true);
  write(space, 5n);
  expect(remapPages(space, remap), SpaceResult.Done, "shared pages grow above");
  expectWordOf(space, 5n, 5n);
  map(space, 5000n, 2n);
  map(space, 5002n, 1n, RegionKind.Shared);
  write(space, 5001n);
  failFrameAfter(1n);
  askRemap(5000n, 2n, 600n, true);
  expect(remapPages(space, remap), SpaceResult.OutOfMemory, "there is no frame for a table");
  expectWordOf(space, 5001n, 5001n);
}

/** How many pages the reverse map knows of the frame that this page has. Pages of a store are found through that. */
function expectMappings(space: AddressSpace, index: u64, count: u32): void {
  assert(findMapping(space.root(), page(index), mapping), "the page has a frame");
  assert(mappingCount(mapping.frame) === count, "the reverse map knows private pages, and no others");
}

/** Given frames: what is written is there, with the memory type, and nobody counts them. */
function mapsDevices(space: AddressSpace): void {
  ask(page(0n), 4n, Placement.Exactly);
  request.kind = RegionKind.Physical;
  request.frame = frameAt(DEVICE);
  request.memoryType = UNCACHED;
  expect(mapPages(space, request), SpaceResult.Done, "device frames");
  write(space, 2n);
  assert(frameOf(space, 2n) === frameAt(DEVICE + 2n), "each page has its frame");
  assert((mapping.flags & UNCACHED) === UNCACHED, "and its memory type");
  assert(frameReferences(frameAt(DEVICE + 2n)) === 0, "nobody counts");
  expect(protectStretch(space, page(2n), 1n, READ), SpaceResult.Done, "read-only");
  expectAccess(space, 2n, WRITE, FaultOutcome.NoWrite);
  expectWordOf(space, 2n, 2n);
  expect(discardPages(space, page(0n), 4n), SpaceResult.Done, "discarding forgets the leaf");
  expectWordOf(space, 2n, 2n);
}

function frameOf(space: AddressSpace, index: u64): Frame {
  assert(findMapping(space.root(), page(index), mapping), "the page is mapped");
  return mapping.frame;
}

/** A clone has every region, its own copies of private pages, and the same shared and given ones. */
function clonesWhole(space: AddressSpace): void {
  map(space, 0n, 2n);
  map(space, 2n, 2n, RegionKind.Shared);
  map(space, 4n, 2n, RegionKind.Physical);
  map(space, 6n, 2n, RegionKind.Stack);
  for (let i: u64 = 0n; i < 8n; i += 1n) write(space, i);
  const clone = cloneSpace(space);
  if (clone === null) panic("no frames for a clone");
  expectRegions(clone, 4, "as many regions");
  for (let i: u64 = 0n; i < 8n; i += 1n) expectWordOf(clone, i, i);
  assert(
    frameOf(clone, 0n) === frameOf(space, 0n) && frameReferences(mapping.frame) === 2,
    "one frame, two references",
  );
  assert(frameOf(clone, 3n) === frameOf(space, 3n), "shared pages are the same");
  assert(frameOf(clone, 5n) === frameOf(space, 5n), "given ones too");
  write(clone, 0n);
  assert(frameOf(clone, 0n) !== frameOf(space, 0n), "a write makes a copy");
  expect(protectStretch(clone, page(0n), 2n, 0), SpaceResult.Done, "what a clone forbids");
  expectWordOf(space, 1n, 1n);
  expect(protectStretch(clone, page(0n), 2n, READ | WRITE), SpaceResult.Done, "and allows again");
  write(clone, 1n);
  assert(frameOf(clone, 1n) !== frameOf(space, 1n), "is no way to write to what is shared");
  assert(beginSpaceLedger(), "there is memory for the ledger");
  countSpace(space);
  countSpace(clone);
  closeSpaceLedger();
  destroySpace(clone);
  for (let i: u64 = 0n; i < 8n; i += 1n) expectWordOf(space, i, i);
}

// --- Faults ----------------------------------------------------------------------------------------------------------

/** A fault that finds no frame for its page gives back the tables that it made. */
function leavesNoTable(space: AddressSpace): void {
  map(space, 0n, 4n);
  map(space, 5000n, 4n, RegionKind.Shared);
  const tables = attachedTables(1) + attachedTables(2) + attachedTables(3);
  failFrameAfter(4n);
  expectAccess(space, 0n, WRITE, FaultOutcome.OutOfMemory);
  failFrameAfter(7n);
  expectAccess(space, 5000n, WRITE, FaultOutcome.OutOfMemory);
  assert(!frameFailurePending(), "the frame of the page was the one");
  assert(attachedTables(1) + attachedTables(2) + attachedTables(3) === tables, "no table is left");
}

/** A fault of a read where the page can be read only means that the TLB was behind. */
function copiesOnlyForWrites(space: AddressSpace): void {
  map(space, 0n, 1n);
  write(space, 0n);
  const clone = cloneSpace(space);
  if (clone === null) panic("no frames for a clone");
  const frame = frameOf(space, 0n);
  assert(resolveFault(space, pageStart(page(0n)), PAGE_FAULT_USER) === FaultOutcome.Resolved, "it can be read");
  assert(frameOf(space, 0n) === frame && frameReferences(frame) === 2, "nothing was copied");
  destroySpace(clone);
}

/** The frames of a copy and of the last owner are known to the reverse map as those of new pages are. */
function evictsCopies(space: AddressSpace): void {
  assert(startMemorySwap(8), "there is memory for slots");
  map(space, 0n, 1n);
  write(space, 0n);
  const clone = cloneSpace(space);
  if (clone === null) panic("no frames for a clone");
  write(space, 0n);
  write(clone, 0n);
  for (let i: u64 = 0n; i < 2n; i += 1n) {
    const frame = evictOne();
    assert(frame !== null && releaseFrame(frame), "both can go to swap");
  }
  assert(!findMapping(space.root(), page(0n), mapping), "that of the space");
  assert(!findMapping(clone.root(), page(0n), mapping), "and that of the clone");
  expectWordOf(space, 0n, 0n);
  expectWordOf(clone, 0n, 0n);
  destroySpace(clone);
  stopSwap();
  assert(freeSlotCount() === 0n, "without swap no slot is free");
}

class Backend {
  works: bool;
}
const backend = new Backend();
const FAILING: SwapBackend = { write: workOrFail, read: workOrFail };

function workOrFail(_slot: u64, _frame: Frame): bool {
  return backend.works;
}

/** A backend that fails is an answer, and neither a frame nor a slot is lost. */
function survivesBackend(space: AddressSpace): void {
  assert(startSwap(FAILING, 4), "there is memory for slots");
  map(space, 0n, 1n);
  write(space, 0n);
  backend.works = false;
  assert(evictOne() === null && freeSlotCount() === 4n, "what cannot be written keeps its frame, and no slot");
  backend.works = true;
  const frame = evictOne();
  assert(frame !== null && releaseFrame(frame) && freeSlotCount() === 3n, "it goes");
  const free = freeFrameCount();
  backend.works = false;
  expectAccess(space, 0n, READ, FaultOutcome.SwapFailed);
  assert(freeFrameCount() === free && freeSlotCount() === 3n, "what cannot be read stays in its slot");
  backend.works = true;
  expectAccess(space, 0n, READ, FaultOutcome.Resolved);
  assert(freeSlotCount() === 4n, "and comes back when it can");
  stopSwap();
}

/** What nobody touches costs no frame: 4 GiB without access, and 64 GiB to write to. */
function reservesForNothing(space: AddressSpace): void {
  const free = freeFrameCount();
  ask(pageAt(0n), 1n << 20n, Placement.Anywhere);
  request.access = 0;
  expect(mapPages(space, request), SpaceResult.Done, "4 GiB");
  const first = request.first;
  ask(pageAt(0n), 1n << 24n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "64 GiB");
  assert(freeFrameCount() === free, "no frame was taken");
  expect(protectStretch(space, pageAfter(first, 1000n), 1n, READ | WRITE), SpaceResult.Done, "a page of it to use");
  write(space, first + 1000n - FIRST);
  assert(free - freeFrameCount() === 4n, "its frame, and three tables");
}

/** To a place of its own choice a stretch moves in place of what is there, and takes along what fits. */
function movesOverOthers(space: AddressSpace): void {
  map(space, 0n, 4n);
  map(space, 100n, 8n, RegionKind.Shared);
  for (let i: u64 = 0n; i < 4n; i += 1n) write(space, i);
  for (let i: u64 = 100n; i < 108n; i += 1n) write(space, i);
  askRemap(0n, 4n, 2n, true);
  remap.isFixed = true;
  remap.target = page(102n);
  expect(remapPages(space, remap), SpaceResult.Done, "smaller, to the middle of another");
  expectWordOf(space, 102n, 0n);
  expectWordOf(space, 103n, 1n);
  expectWordOf(space, 101n, 101n);
  expectWordOf(space, 104n, 104n);
  expectAccess(space, 0n, READ, FaultOutcome.NoRegion);
  expectAccess(space, 3n, READ, FaultOutcome.NoRegion);
  askRemap(102n, 2n, 3n, true);
  remap.target = page(103n + 1000n);
  expect(remapPages(space, remap), SpaceResult.Done, "larger, to where nothing is");
  expectWordOf(space, 1104n, 1n);
  expectZero(space, 1105n);
  askRemap(1103n, 4n, 1n, true);
  expect(remapPages(space, remap), SpaceResult.Invalid, "onto itself");
  remap.target = page(2000n);
  expect(remapPages(space, remap), SpaceResult.Done, "the tail need not be mapped");
  remap.isFixed = false;
}

/** Which pages are there, before and after they are touched, populated, discarded and sent to swap. */
function tellsPresence(space: AddressSpace): void {
  map(space, 0n, 6n);
  map(space, 6n, 2n, RegionKind.Shared);
  expectPresence(space, "________");
  write(space, 1n);
  expectZero(space, 2n);
  write(space, 7n);
  expectPresence(space, "_##____#");
  assert(populatePages(space, page(0n), 4n, true) === FaultOutcome.Resolved, "they can be written to");
  expectPresence(space, "####___#");
  expect(protectStretch(space, page(2n), 1n, 0), SpaceResult.Done, "a page without access");
  expectPresence(space, "####___#");
  assert(populatePages(space, page(2n), 1n, false) === FaultOutcome.NoAccess, "nobody may have it");
  expect(discardPages(space, page(1n), 7n), SpaceResult.Done, "all but the first is given up");
  expectPresence(space, "#______#");
  assert(!readPresence(space, page(1n), subslice(presence, 0, 8)), "what is not mapped has no answer");
  assert(startMemorySwap(64), "there is memory for the slots");
  const frame = evictOne() ?? evictOne();
  assert(frame !== null && releaseFrame(frame), "a page goes to swap");
  expectPresence(space, "_______#");
  expectZero(space, 0n);
  expectPresence(space, "#______#");
  stopSwap();
}

/** `_` stands for a page that is not there, `#` for one that is. */
function expectPresence(space: AddressSpace, expected: string): void {
  const bytes = bytesOf(expected);
  const part = subslice(presence, 0, bytes.length);
  assert(readPresence(space, page(0n), part), "all of it is mapped");
  for (let i: u32 = 0; i < bytes.length; i += 1) {
    assert((part[i] === 1) === (bytes[i] === 0x23), `page ${i} of ${expected} is there: ${part[i]}`);
  }
}

/** What goes anywhere goes below the page that the space names, above it only when there is no room below. */
function placesBelow(space: AddressSpace): void {
  const top = page(1000n);
  space.placeEnd = top;
  ask(pageAt(0n), 10n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "a place");
  assert(request.first === top - 10n, "right below");
  ask(pageAt(0n), endUserPage() - top - 5n, Placement.Anywhere);
  expect(mapPages(space, request), SpaceResult.Done, "what has no room there");
  assert(request.first === top + 5n, "goes above");
}

/** Two spaces have a file's page in one frame until one writes to it; what it gives up comes from the file again. */
function showsFiles(space: AddressSpace): void {
  for (let i: u32 = 0; i < fileBytes.length; i += 1) fileBytes[i] = u8(i % 251);
  mapFile(space);
  const clone = cloneSpace(space);
  if (clone === null) panic("no frame for a clone");
  expectFile(space, 0n, 0);
  expectFile(clone, 0n, 0);
  const shared = frameOf(space, 0n);
  assert(frameOf(clone, 0n) === shared, "both show one frame");
  assert(frameOwner(shared) === FrameOwner.File && frameReferences(shared) === 3, "the file's: the store has it too");
  write(space, 0n);
  expectWordOf(space, 0n, 0n);
  expectFile(clone, 0n, 0);
  assert(frameOwner(frameOf(space, 0n)) === FrameOwner.Anonymous, "who writes has a copy");
  write(clone, 1n);
  expectFile(space, 1n, 4096);
  expectZero(space, 2n);
  expect(discardPages(space, page(0n), 1n), SpaceResult.Done, "the copy is given up");
  expectFile(space, 0n, 0);
  assert(beginSpaceLedger(), "there is memory for the ledger");
  countSpace(space);
  countSpace(clone);
  closeSpaceLedger();
  destroySpace(clone);
}

/** Three pages of the file from the start on: one whole, one in part, one behind its end. */
function mapFile(space: AddressSpace): void {
  const store = openFileStore(fileBytes);
  if (store === null) panic("no frame for the store of a file");
  ask(page(0n), 3n, Placement.Exactly);
  request.kind = RegionKind.File;
  request.store = store;
  expect(mapPages(space, request), SpaceResult.Done, "a file");
  releaseStore(store);
}

/** The page begins with the word that the file has at `offset`. */
function expectFile(space: AddressSpace, index: u64, offset: u32): void {
  let word: u64 = 0n;
  for (let i: u32 = 8; i > 0; i -= 1) word = (word << 8n) | u64(fileBytes[offset + i - 1]);
  expectWordOf(space, index, wrappingSub(word, 1n));
}

/** A page is a debt, and many are another. */
function flushesOwe(): void {
  const one = flushOfPage(page(0n));
  const all = flushOfPages(page(0n), 1000n);
  assert(one === flushOfPages(page(0n), 1n) && one !== NO_FLUSH && all !== NO_FLUSH, "a page, and many");
}

function userRanges(): void {
  const first = firstUserPage() << 12n;
  const end = endUserPage() << 12n;
  assert(isUserRange(first, end - first) && isUserRange(end - 1n, 1n), "all of it, and its last byte");
  assert(!isUserRange(first - 1n, 1n) && !isUserRange(first - 1n, 2n), "not the null pages");
  assert(!isUserRange(end, 1n) && !isUserRange(end - 1n, 2n), "not beyond");
  assert(!isUserRange(first, u64.MAX) && !isUserRange(u64.MAX, 1n), "nothing that wraps around");
  assert(isUserRange(0n, 0n) && isUserRange(u64.MAX, 0n), "no bytes are anywhere");
  assert(pageAfter(page(0n), 1n) === page(1n), "pages follow each other");
}
