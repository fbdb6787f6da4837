/** Owners and references of frames: taking, sharing, releasing, runs, holes, poison, and failing on purpose. */
import { type Frame, frameAfter, frameAt } from "../../../arch/x86_64/addresses";
import { frameWords } from "../../../arch/x86_64/physmap";
import { MemoryKind } from "../../../boot/bootInfo";
import {
  addFrames,
  allocateFrame,
  freeFrame,
  freeFrameCount,
  isManaged,
  managedFrameCount,
  verifyCounters,
} from "../../../kernel/mm/frameAllocator";
import {
  acquireFrame,
  acquireFrames,
  acquireZeroedFrame,
  failFrameAfter,
  frameFailurePending,
  frameInfo,
  frameInfoFrameCount,
  frameOwner,
  FrameOwner,
  frameReferences,
  initFrames,
  releaseFrame,
  releaseFrames,
  shareFrame,
} from "../../../kernel/mm/frames";
import { memoryMap } from "../../../kernel/mm/memoryMap";
import { addFramesOfKind, ARENA_FRAMES, beginMachine, startMachine, startOwnedMachine } from "./simulatedMemory";

export function main(): void {
  ownersAreRemembered();
  theLastReferenceGivesBack();
  zeroedFramesAreZero();
  infosStartAfresh();
  infosOfUntouchedMemoryAreZero();
  everyFrameHasAnInfoOfItsOwn();
  runsHaveOwners();
  runsStayBelowTheirLimit();
  holesCostNothing();
  reclaimableMemoryHasInfos();
  lowMemoryIsKeptFree();
  theNthAcquisitionFails();
  log.info("all cases passed");
}

function take(owner: FrameOwner): Frame {
  const frame = acquireFrame(owner);
  if (frame === null) panic("a frame must be free");
  return frame;
}

function ownersAreRemembered(): void {
  startOwnedMachine(2048n);
  const table = take(FrameOwner.Table);
  const anonymous = take(FrameOwner.Anonymous);
  assert(frameOwner(table) === FrameOwner.Table && frameOwner(anonymous) === FrameOwner.Anonymous, "as acquired");
  assert(frameReferences(table) === 1, "one reference");
  assert(frameOwner(frameAt(2000n)) === FrameOwner.Free && frameReferences(frameAt(2000n)) === 0, "free");
  const taken = allocateFrame();
  assert(taken !== null && frameOwner(taken) === FrameOwner.Kernel, "taken before there were owners: the kernel's");
  assert(frameReferences(taken) === 0, "and nobody's to release");
  assert(frameOwner(frameAt(256n)) === FrameOwner.Kernel, "the bitmap is the kernel's");
  assert(frameOwner(frameAt(1n << 30n)) === FrameOwner.Device, "no RAM");
}

function theLastReferenceGivesBack(): void {
  startOwnedMachine(2048n);
  const free = freeFrameCount();
  const frame = take(FrameOwner.Anonymous);
  shareFrame(frame);
  shareFrame(frame);
  assert(frameReferences(frame) === 3, "three references");
  assert(!releaseFrame(frame) && !releaseFrame(frame) && frameReferences(frame) === 1, "one is left");
  assert(freeFrameCount() === free - 1n, "still taken");
  assert(releaseFrame(frame) && freeFrameCount() === free, "given back");
  assert(frameOwner(frame) === FrameOwner.Free && frameReferences(frame) === 0, "nobody's");
  assert(take(FrameOwner.Table) === frame, "to be had again");
  verifyCounters();
}

function zeroedFramesAreZero(): void {
  startOwnedMachine(2048n);
  const first = take(FrameOwner.Heap);
  frameWords(first)[511] = u64.MAX;
  assert(releaseFrame(first));
  const again = acquireZeroedFrame(FrameOwner.Table);
  assert(again !== null && again === first, "the same frame");
  for (const word of frameWords(first)) assert(word === 0n, "clean");
}

/** What was known about a frame is gone with its release. */
function infosStartAfresh(): void {
  startOwnedMachine(2048n);
  const frame = take(FrameOwner.Table);
  frameInfo(frame).liveEntries = 17;
  frameInfo(frame).mapping = 4711n;
  assert(frameInfo(frame).liveEntries === 17 && frameInfo(frame).mapping === 4711n, "kept");
  frameInfo(frame).mapping = 0n;
  assert(releaseFrame(frame));
  assert(take(FrameOwner.Anonymous) === frame, "the same frame");
  assert(frameInfo(frame).liveEntries === 0 && frameInfo(frame).mapping === 0n, "afresh");
}

/** Memory holds anything at the boot. */
function infosOfUntouchedMemoryAreZero(): void {
  startOwnedMachine(2048n);
  fillAll(0xffff_ffff_ffff_ffffn);
  startOwnedMachine(2048n);
  const frame = allocateFrame();
  assert(frame !== null && frameOwner(frame) === FrameOwner.Kernel && frameReferences(frame) === 0, "not acquired");
  freeFrame(frame);
  assert(take(FrameOwner.Table) === frame && frameReferences(frame) === 1, "nothing of what memory held");
}

function fillAll(value: u64): void {
  for (let frame: u64 = 1n; frame < 2048n; frame += 1n) {
    for (let i: u32 = 0; i < 512; i += 1) frameWords(frameAt(frame))[i] = value;
  }
}

/** Writes a different reference count for each frame of memory, and then reads them all. */
function everyFrameHasAnInfoOfItsOwn(): void {
  startOwnedMachine(3000n);
  let frames: u64 = 0n;
  for (let frame = acquireFrame(FrameOwner.File); frame !== null; frame = acquireFrame(FrameOwner.File)) {
    frameInfo(frame).references = u32(frame);
    frames += 1n;
  }
  assert(frames + frameInfoFrameCount() === managedFrameCount(), "every frame can be acquired");
  for (let number: u64 = 0n; number < 3000n; number += 1n) {
    const frame = frameAt(number);
    if (!isManaged(frame) || frameOwner(frame) !== FrameOwner.File) continue;
    assert(frameReferences(frame) === u32(number), "its own");
    frames -= 1n;
  }
  assert(frames === 0n, "all of them found");
}

function runsHaveOwners(): void {
  startOwnedMachine(2048n);
  const free = freeFrameCount();
  const first = acquireFrames(FrameOwner.Device, 300n, 64n, frameAt(ARENA_FRAMES));
  if (first === null) panic("a run must be free");
  assert(first % 64n === 0n && freeFrameCount() === free - 300n, "aligned, and taken");
  for (let i: u64 = 0n; i < 300n; i += 1n) {
    const frame = frameAfter(first, i);
    assert(frameOwner(frame) === FrameOwner.Device && frameReferences(frame) === 1, "each has its owner");
  }
  shareFrame(frameAfter(first, 7n));
  releaseFrames(first, 300n);
  assert(freeFrameCount() === free - 1n && frameReferences(frameAfter(first, 7n)) === 1, "one is shared still");
  assert(releaseFrame(frameAfter(first, 7n)) && freeFrameCount() === free, "all are back");
  verifyCounters();
}

function runsStayBelowTheirLimit(): void {
  startOwnedMachine(2048n);
  const free = freeFrameCount();
  assert(acquireFrames(FrameOwner.Device, 256n, 1n, frameAt(256n)) === null, "one frame too many");
  assert(acquireFrames(FrameOwner.Device, 4n, 1n, frameAt(4n)) === null, "frame 0 is not to be had");
  assert(acquireFrames(FrameOwner.Device, 1n, 1024n, frameAt(1024n)) === null, "the only one so aligned is above");
  assert(acquireFrames(FrameOwner.Device, 5000n, 1n, frameAt(ARENA_FRAMES)) === null, "more than there is");
  assert(freeFrameCount() === free, "nothing was taken");
  const low = acquireFrames(FrameOwner.Device, 255n, 1n, frameAt(256n));
  assert(low !== null && low === 1n, "just so many");
  verifyCounters();
}

/** 2 GiB of hole between two regions of 8 MiB: parts for the regions, one word per MiB for the hole. */
function holesCostNothing(): void {
  beginMachine();
  addFramesOfKind(0n, 2048n, MemoryKind.Usable);
  addFramesOfKind(526_336n, 528_384n, MemoryKind.Usable);
  startMachine();
  initFrames(memoryMap);
  assert(frameInfoFrameCount() === 8n + 8n + 5n, "a part per MiB of memory, 2064 words of directory");
  let last = take(FrameOwner.Anonymous);
  for (let i: u32 = 0; i < 3000; i += 1) last = take(FrameOwner.Anonymous);
  assert(last >= 526_336n && frameOwner(last) === FrameOwner.Anonymous, "beyond the hole");
  assert(frameOwner(frameAt(300_000n)) === FrameOwner.Device, "in the hole is no memory");
}

/** It joins the pool after the boot. */
function reclaimableMemoryHasInfos(): void {
  beginMachine();
  addFramesOfKind(0n, 1000n, MemoryKind.Usable);
  addFramesOfKind(1000n, 2000n, MemoryKind.BootloaderReclaimable);
  startMachine();
  initFrames(memoryMap);
  addFrames(frameAt(1000n), frameAt(2000n));
  let last = take(FrameOwner.File);
  for (let frame = acquireFrame(FrameOwner.File); frame !== null; frame = acquireFrame(FrameOwner.File)) last = frame;
  assert(last >= 1000n && frameOwner(last) === FrameOwner.File, "acquired");
}

function lowMemoryIsKeptFree(): void {
  startOwnedMachine(4096n);
  for (let frame: u64 = 1n; frame < 256n; frame += 1n) {
    assert(frameOwner(frameAt(frame)) === FrameOwner.Free, "all below 1 MiB is free");
  }
}

function theNthAcquisitionFails(): void {
  startOwnedMachine(2048n);
  const before = take(FrameOwner.Heap);
  const free = freeFrameCount();
  for (let nth: u64 = 1n; nth <= 10n; nth += 1n) {
    failFrameAfter(nth);
    for (let i: u64 = 1n; i < nth; i += 1n) assert(acquireEither(i) !== null, "not yet");
    assert(frameFailurePending() && acquireEither(nth) === null && !frameFailurePending(), "now");
    assert(freeFrameCount() === free - (nth - 1n), "nothing was taken");
    assert(acquireEither(nth) !== null && freeFrameCount() === free - nth, "and all is as always");
    releaseAllBut(before);
    assert(freeFrameCount() === free, "all are back");
  }
  failFrameAfter(1n);
  failFrameAfter(0n);
  assert(acquireFrame(FrameOwner.Table) !== null, "called off");
  verifyCounters();
}

/** A single frame or a run of one. */
function acquireEither(index: u64): Frame | null {
  if (index % 3n === 0n) return acquireFrames(FrameOwner.Table, 1n, 1n, frameAt(ARENA_FRAMES));
  return index % 3n === 1n ? acquireZeroedFrame(FrameOwner.Table) : acquireFrame(FrameOwner.Table);
}

function releaseAllBut(kept: Frame): void {
  for (let number: u64 = 0n; number < 2048n; number += 1n) {
    const frame = frameAt(number);
    if (frame !== kept && frameReferences(frame) !== 0) assert(releaseFrame(frame), "it had one reference");
  }
}
