/**
 * Address spaces that need more frames than there are: three times memory written and read through the fault path, then
 * the model of test/metal with pages that come and go.
 */
import { type Frame, frameAt, pageAt } from "../../../arch/x86_64/addresses";
import {
  type AddressSpace,
  createSpace,
  destroySpace,
  mapPages,
  MapRequest,
  Placement,
} from "../../../kernel/mm/addressSpace";
import { FaultOutcome, initFaults } from "../../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import { acquireFrame, FrameOwner, releaseFrame } from "../../../kernel/mm/frames";
import { initHeap } from "../../../kernel/mm/heap";
import { SpaceResult } from "../../../kernel/mm/regions";
import { READ, RegionKind, WRITE } from "../../../kernel/mm/regionTree";
import { freeSlotCount, slotCount, startMemorySwap, stopSwap } from "../../../kernel/mm/swap";
import { finishSpaceModel, PageAccess, runSpaceModel, spaceModelCounts, startSpaceModel } from "../../metal/spaceModel";
import { Random } from "./random";
import { startOwnedMachine } from "./simulatedMemory";
import { accessByWalk } from "./walkedAccess";

/** Frames of the machine; those from here on are in the arena, but not the allocator's. */
const MEMORY: u64 = 4000n;
const SLOTS: u32 = 3200;
const FIRST: u64 = 0x1_0000n - 100n;
const STEPS: u32 = 200_000;

class Seen {
  leastFreeSlots: u64;
  /** Frames that the model has to do without. */
  readonly taken: FixedArray<Frame, 550>;
}
const seen = new Seen();
const request = new MapRequest();
const wanted = new PageAccess();
const random = new Random();

export function main(): void {
  startOwnedMachine(MEMORY);
  initHeap();
  initFaults();
  const before = freeFrameCount();
  assert(startMemorySwap(SLOTS), "there is memory for the slots");
  const free = freeFrameCount();
  seen.leastFreeSlots = slotCount();
  workWith(free * 3n);
  takeFrames();
  startSpaceModel(frameAt(MEMORY), accessAndLook, true);
  runSpaceModel(STEPS, 1000);
  finishSpaceModel();
  const swapped = slotCount() - seen.leastFreeSlots;
  for (const frame of seen.taken) void releaseFrame(frame);
  assert(freeSlotCount() === slotCount(), "all slots are free again");
  stopSwap();
  verifyCounters();
  assert(freeFrameCount() >= before - 20n, `${before - freeFrameCount()} frames are lost, more than the heap may keep`);
  const counts = spaceModelCounts;
  log.info(`frames=${free} steps=${counts.steps} accesses=${counts.accesses} swapped=${swapped}`);
}

function takeFrames(): void {
  for (let i: u32 = 0; i < seen.taken.length; i += 1) {
    const frame = acquireFrame(FrameOwner.Kernel);
    if (frame === null) panic("no frame to take away");
    seen.taken[i] = frame;
  }
}

/** Writes so many pages, reads them in order, and writes and reads some in none. */
function workWith(pages: u64): void {
  const space = createSpace();
  if (space === null) panic("no frame for an address space");
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = pageAt(FIRST);
  request.pages = pages;
  assert(mapPages(space, request) === SpaceResult.Done, "the pages are mapped");
  for (let i: u64 = 0n; i < pages; i += 1n) write(space, i, i * 3n);
  for (let i: u64 = 0n; i < pages; i += 1n) expectWord(space, i, i * 3n);
  for (let i: u64 = 0n; i < pages; i += 1n) {
    const index = random.below(pages);
    expectWord(space, index, index * 3n);
    write(space, index, index * 3n);
  }
  assert(slotCount() - freeSlotCount() > pages / 2n, "most pages are in swap");
  destroySpace(space);
}

function write(space: AddressSpace, index: u64, word: u64): void {
  wanted.page = pageAt(FIRST + index);
  wanted.access = WRITE;
  wanted.word = word;
  const outcome = accessByWalk(space, wanted);
  assert(outcome === FaultOutcome.Resolved, `writing page ${index} ended with ${outcome}`);
}

function expectWord(space: AddressSpace, index: u64, word: u64): void {
  wanted.page = pageAt(FIRST + index);
  wanted.access = READ;
  const outcome = accessByWalk(space, wanted);
  assert(outcome === FaultOutcome.Resolved, `reading page ${index} ended with ${outcome}`);
  assert(wanted.word === word, `page ${index} holds ${wanted.word}, not ${word}`);
}

function accessAndLook(space: AddressSpace, access: PageAccess): FaultOutcome {
  const outcome = accessByWalk(space, access);
  if (freeSlotCount() < seen.leastFreeSlots) seen.leastFreeSlots = freeSlotCount();
  return outcome;
}
