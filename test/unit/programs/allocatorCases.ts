/** The frame allocator at its limits: tiny, full, sparse and large machines, and runs of every shape. */
import { type Frame, frameAt, frameStart, uncheckedFrame } from "../../../arch/x86_64/addresses";
import { frameToVirt } from "../../../arch/x86_64/physmap";
import { MemoryKind } from "../../../boot/bootInfo";
import {
  addFrames,
  allocateFrame,
  allocateFrames,
  allocateZeroedFrame,
  bitmapFrameCount,
  freeFrame,
  freeFrameAt,
  freeFrameCount,
  freeFrames,
  isFree,
  isManaged,
  managedFrameCount,
  verifyCounters,
} from "../../../kernel/mm/frameAllocator";
import { addFramesOfKind, beginMachine, startMachine, startSmallMachine } from "./simulatedMemory";

export function main(): void {
  twoFramesAreEnough();
  lowMemoryIsKeptFree();
  emptyIsNullUntilAFree();
  freedFramesComeBackAnywhere();
  zeroedFramesAreZero();
  runsMayFillAllOfMemory();
  runsRespectAlignmentAndHoles();
  impossibleRunsAreNull();
  farMemoryIsLeftAlone();
  largeMachinesCount();
  frameIsFoundHoweverFar();
  reclaimableMemoryJoinsLater();
  log.info("all cases passed");
}

function take(): Frame {
  const frame = allocateFrame();
  if (frame === null) panic("a frame must be free");
  return frame;
}

/** Where a run that must exist was found. */
function runOf(count: u64, alignment: u64): Frame {
  const first = allocateFrames(count, alignment);
  if (first === null) panic(`a run of ${count} frames must be free`);
  return first;
}

/** One for the bitmap, one to give. */
function twoFramesAreEnough(): void {
  startSmallMachine(3n);
  assert(managedFrameCount() === 1n && bitmapFrameCount() === 1n, "one frame is left");
  const frame = take();
  assert(frame === 2n, "the bitmap took the first");
  assert(allocateFrame() === null && allocateFrame() === null, "there is no other");
  freeFrame(frame);
  assert(take() === frame, "it can be had again");
  verifyCounters();
}

/** The bitmap goes above 1 MiB where that is possible. */
function lowMemoryIsKeptFree(): void {
  startSmallMachine(1024n);
  for (let frame: u64 = 1n; frame < 256n; frame += 1n) assert(isFree(frameAt(frame)), "all below 1 MiB is free");
  assert(!isManaged(frameAt(256n)) && isFree(frameAt(257n)), "the bitmap lies right above");
}

function emptyIsNullUntilAFree(): void {
  startSmallMachine(1000n);
  let last = take();
  for (let frame = allocateFrame(); frame !== null; frame = allocateFrame()) last = frame;
  assert(freeFrameCount() === 0n && allocateFrame() === null, "all are taken");
  for (let i: u32 = 0; i < 100; i += 1) {
    freeFrame(last);
    verifyCounters();
    assert(take() === last, "the only free frame is found");
    verifyCounters();
  }
}

/** In words before, at and after the current one. */
function freedFramesComeBackAnywhere(): void {
  startSmallMachine(8000n);
  for (let i: u32 = 0; i < 5000; i += 1) void take();
  const free = freeFrameCount();
  freeFrame(frameAt(3n));
  freeFrame(frameAt(4000n));
  freeFrameAt(frameStart(frameAt(5000n)));
  verifyCounters();
  for (let i: u64 = 0n; i < free + 3n; i += 1n) void take();
  assert(allocateFrame() === null, "each of them was found");
  assert(!isFree(frameAt(3n)) && !isFree(frameAt(4000n)) && !isFree(frameAt(5000n)), "and taken");
}

function zeroedFramesAreZero(): void {
  startSmallMachine(600n);
  const dirty = take();
  fillMemory(frameToVirt(dirty), 0xff, 4096n);
  freeFrame(dirty);
  const frame = allocateZeroedFrame() ?? uncheckedFrame(0n);
  assert(frame === dirty, "the same frame");
  for (let offset: u64 = 0n; offset < 4096n; offset += 8n) assert(peek64(frameToVirt(frame) + offset) === 0n, "clean");
}

function runsMayFillAllOfMemory(): void {
  startSmallMachine(2048n);
  const free = freeFrameCount();
  assert(runOf(2048n - 257n, 1n) === 257n, "all above the bitmap");
  assert(runOf(255n, 1n) === 1n, "all below it");
  assert(freeFrameCount() === 0n && allocateFrame() === null, "that was all");
  verifyCounters();
  freeFrames(frameAt(257n), 2048n - 257n);
  freeFrames(frameAt(1n), 255n);
  assert(freeFrameCount() === free, "all is back");
  verifyCounters();
}

function runsRespectAlignmentAndHoles(): void {
  startSmallMachine(4096n);
  assert(runOf(512n, 512n) === 512n, "the first 2 MiB that are whole");
  assert(runOf(1n, 256n) === 768n + 256n, "frame 256 is the bitmap's");
  assert(runOf(255n, 1n) === 1n, "the first that fit");
  assert(runOf(3n, 2n) === 258n, "the first even");
  assert(runOf(252n, 1n) === 1025n, "what is left between is too short");
  assert(runOf(251n, 1n) === 261n, "but not for this");
  verifyCounters();
}

function impossibleRunsAreNull(): void {
  startSmallMachine(1024n);
  const free = freeFrameCount();
  assert(allocateFrames(1024n) === null, "more than there is in a row");
  assert(allocateFrames(u64.MAX) === null, "more than there is anywhere");
  assert(allocateFrames(1n, 1n << 63n) === null, "only frame 0 is so aligned");
  assert(allocateFrames(1n, 1024n) === null, "or a frame beyond");
  assert(freeFrameCount() === free, "nothing was taken");
}

/** 100 frames at 64 TiB are not worth a bitmap of gigabytes. */
function farMemoryIsLeftAlone(): void {
  beginMachine();
  addFramesOfKind(0n, 8192n, MemoryKind.Usable);
  addFramesOfKind(1n << 33n, (1n << 33n) + 100n, MemoryKind.Usable);
  startMachine();
  assert(managedFrameCount() === 8191n - bitmapFrameCount(), "the near memory is managed");
  assert(!isManaged(frameAt(1n << 33n)), "the far one is not");
  assert(bitmapFrameCount() <= 2n, "and costs nothing");
}

/** 16 GiB with a hole below 4 GiB; only the bitmap is touched. */
function largeMachinesCount(): void {
  beginMachine();
  addFramesOfKind(0n, 0x8_0000n, MemoryKind.Usable);
  addFramesOfKind(0x10_0000n, 0x48_0000n, MemoryKind.Usable);
  startMachine();
  assert(bitmapFrameCount() === 291n, "a quarter byte and a little per frame");
  assert(managedFrameCount() === 0x40_0000n - 1n - 291n, "everything counts");
  let taken: u64 = 0n;
  for (let frame = allocateFrame(); frame !== null; frame = allocateFrame()) taken += 1n;
  assert(taken === managedFrameCount(), "everything can be had");
  verifyCounters();
  freeFrame(frameAt(0x47_ffffn));
  assert(take() === 0x47_ffffn, "the last frame is found from the other end");
  freeFrames(frameAt(0x10_0000n), 0x38_0000n);
  verifyCounters();
  assert(runOf(0x38_0000n, 0x10_0000n) === 0x10_0000n, "in one run");
}

/** 256 GiB, so that there are four summaries: the one free frame is found from any other, forwards and around. */
function frameIsFoundHoweverFar(): void {
  const first: u64 = 1n << 24n;
  const frames: u64 = 1n << 26n;
  beginMachine();
  addFramesOfKind(0n, 8192n, MemoryKind.Usable);
  addFramesOfKind(first, first + frames, MemoryKind.Usable);
  startMachine();
  assert(runOf(frames, 1n << 24n) === first, "all of it");
  while (allocateFrame() !== null);
  let at: u64 = first;
  for (let i: u64 = 0n; i < 300n; i += 1n) {
    at = first + (((at - first) * 5n + 0x123_4567n) % frames);
    freeFrame(frameAt(at));
    assert(take() === at && allocateFrame() === null, "the only one");
  }
  verifyCounters();
  freeFrame(frameAt(first + 1n));
  freeFrame(frameAt(first + frames - 2n));
  assert(runOf(1n, 1n) === first + 1n && runOf(1n, 1n) === first + frames - 2n, "runs are found likewise");
  verifyCounters();
}

function reclaimableMemoryJoinsLater(): void {
  beginMachine();
  addFramesOfKind(0n, 1000n, MemoryKind.Usable);
  addFramesOfKind(1000n, 2000n, MemoryKind.BootloaderReclaimable);
  startMachine();
  const before = managedFrameCount();
  assert(!isManaged(frameAt(1000n)), "not yet");
  addFrames(frameAt(1000n), frameAt(2000n));
  assert(managedFrameCount() === before + 1000n && isFree(frameAt(1999n)), "now");
  verifyCounters();
}
