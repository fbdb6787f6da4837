/**
 * Address spaces that need more frames than there are, for the host and for the machine: three times memory is written
 * and read through the fault path, then the model runs with pages that come and go.
 *
 *     all frames   | slots of swap | taken: a chain through the frames themselves | left, for programs |
 */
import {
  frameContaining,
  type Frame,
  frameStart,
  NO_FRAME,
  type Page,
  pageAfter,
  physAddr,
} from "../../arch/x86_64/addresses";
import { userWindowFirst } from "../../arch/x86_64/pageTable";
import { frameToVirt } from "../../arch/x86_64/physmap";
import { type AddressSpace, createSpace, destroySpace, leaveSpace } from "../../kernel/mm/addressSpace";
import { mapPages, MapRequest, Placement } from "../../kernel/mm/addressSpace";
import { FaultOutcome } from "../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../kernel/mm/frameAllocator";
import { acquireFrame, FrameOwner, releaseFrame } from "../../kernel/mm/frames";
import { SpaceResult } from "../../kernel/mm/regions";
import { READ, RegionKind, WRITE } from "../../kernel/mm/regionTree";
import { freeSlotCount, slotCount, startMemorySwap, stopSwap } from "../../kernel/mm/swap";
import { type Accessor, finishSpaceModel, PageAccess, runSpaceModel, startSpaceModel } from "./spaceModel";

/** Frames left for a program that wants three times as many pages, and for the spaces of the model. */
const LEFT: u64 = 800n;
const LEFT_FOR_MODEL: u64 = 220n;
const SLOTS: u32 = 3200;
/** The program's pages, from the start of the user window: across the border of two leaf tables. */
const FIRST: u64 = 0x5_0000_0000n - 100n;

class Swapping {
  accessor: Accessor = accessNothing;
  leastFreeSlots: u64;
  /** The first frame of the chain of those taken; each holds the address of the next. */
  taken: Frame;
  random: u64;
}
const swapping = new Swapping();
const request = new MapRequest();
const wanted = new PageAccess();

function accessNothing(_space: AddressSpace, _access: PageAccess): FaultOutcome {
  return FaultOutcome.NoRegion;
}

/** Runs all of it, with so many steps of the model. Returns how many slots were in use at most. */
export function runSwapSpaces(firstDevice: Frame, accessor: Accessor, steps: u32): u64 {
  const before = freeFrameCount();
  swapping.accessor = accessor;
  swapping.random = 88172645463325252n;
  swapping.taken = NO_FRAME;
  assert(startMemorySwap(SLOTS), "there is memory for the slots");
  takeFramesBut(LEFT);
  workWith(freeFrameCount() * 3n);
  takeFramesBut(LEFT_FOR_MODEL);
  swapping.leastFreeSlots = slotCount();
  startSpaceModel(firstDevice, accessAndLook, true);
  runSpaceModel(steps, 1000);
  finishSpaceModel();
  const swapped = slotCount() - swapping.leastFreeSlots;
  giveFramesBack();
  assert(freeSlotCount() === slotCount(), "all slots are free again");
  stopSwap();
  verifyCounters();
  assert(freeFrameCount() >= before - 20n, `${before - freeFrameCount()} frames are lost, more than the heap may keep`);
  return swapped;
}

function takeFramesBut(left: u64): void {
  while (freeFrameCount() > left) {
    const frame = acquireFrame(FrameOwner.Kernel);
    if (frame === null) panic("no frame to take away");
    poke64(frameToVirt(frame), frameStart(swapping.taken));
    swapping.taken = frame;
  }
}

function giveFramesBack(): void {
  while (swapping.taken !== NO_FRAME) {
    const frame = swapping.taken;
    swapping.taken = frameContaining(physAddr(peek64(frameToVirt(frame))));
    void releaseFrame(frame);
  }
}

/** Writes so many pages, reads them in order, and writes and reads some in none. */
function workWith(pages: u64): void {
  const space = createSpace();
  if (space === null) panic("no frame for an address space");
  zeroStruct(request);
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = pageOf(0n);
  request.pages = pages;
  assert(mapPages(space, request) === SpaceResult.Done, "the pages are mapped");
  for (let i: u64 = 0n; i < pages; i += 1n) write(space, i, i * 3n);
  for (let i: u64 = 0n; i < pages; i += 1n) expectWord(space, i, i * 3n);
  for (let i: u64 = 0n; i < pages; i += 1n) {
    const index = randomBelow(pages);
    expectWord(space, index, index * 3n);
    write(space, index, index * 3n);
  }
  assert(slotCount() - freeSlotCount() > pages / 2n, "most pages are in swap");
  leaveSpace();
  destroySpace(space);
}

function pageOf(index: u64): Page {
  return pageAfter(userWindowFirst(), FIRST + index);
}

function randomBelow(limit: u64): u64 {
  swapping.random ^= swapping.random << 13n;
  swapping.random ^= swapping.random >> 7n;
  swapping.random ^= swapping.random << 17n;
  return swapping.random % limit;
}

function write(space: AddressSpace, index: u64, word: u64): void {
  wanted.page = pageOf(index);
  wanted.access = WRITE;
  wanted.word = word;
  const accessor = swapping.accessor;
  const outcome = accessor(space, wanted);
  assert(outcome === FaultOutcome.Resolved, `writing page ${index} ended with ${outcome}`);
}

function expectWord(space: AddressSpace, index: u64, word: u64): void {
  wanted.page = pageOf(index);
  wanted.access = READ;
  const accessor = swapping.accessor;
  const outcome = accessor(space, wanted);
  assert(outcome === FaultOutcome.Resolved, `reading page ${index} ended with ${outcome}`);
  assert(wanted.word === word, `page ${index} holds ${wanted.word}, not ${word}`);
}

function accessAndLook(space: AddressSpace, access: PageAccess): FaultOutcome {
  const accessor = swapping.accessor;
  const outcome = accessor(space, access);
  if (freeSlotCount() < swapping.leastFreeSlots) swapping.leastFreeSlots = freeSlotCount();
  return outcome;
}
