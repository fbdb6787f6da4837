/**
 * The frame allocator against a model that keeps one byte per frame and searches it from the start: a million random
 * operations on a machine with holes, with every answer compared and the counters recounted again and again.
 */
import { frameAfter, uncheckedFrame, type Frame } from "../../../arch/x86_64/addresses";
import { MemoryKind } from "../../../boot/bootInfo";
import {
  addFrames,
  allocateFrame,
  allocateFrames,
  freeFrame,
  freeFrameCount,
  freeFrames,
  isFree,
  isManaged,
  managedFrameCount,
  verifyCounters,
} from "../../../kernel/mm/frameAllocator";
import { Random } from "./random";
import { addFramesOfKind, beginMachine, startMachine } from "./simulatedMemory";

/** Frames the model knows; usable memory lies below. */
const SPACE: u64 = 40_000n;

const UNMANAGED: u8 = 0;
const FREE: u8 = 1;
const TAKEN: u8 = 2;

class Model {
  readonly state: FixedArray<u8, 40000>;
  /** What single allocations took, in no order. */
  readonly taken: FixedArray<u64, 40000>;
  takenCount: u32;
  freeCount: u64;
  managedCount: u64;
  runs: u64;
  refusedRuns: u64;
  exhaustions: u64;
}
const model = new Model();
const random = new Random();

export function main(): void {
  run(1_000_000);
}

export function run(operations: u32): void {
  startHoleyMachine();
  readModel();
  for (let i: u32 = 0; i < operations; i += 1) {
    step(i);
    if (i % 4096 === 0) compareAll();
  }
  releaseAll();
  compareAll();
  joinReclaimed();
  compareAll();
  log.info(`operations=${operations} runs=${model.runs} refused=${model.refusedRuns} emptied=${model.exhaustions}`);
}

/** Regions that start and end within words, an empty stretch of several groups, and memory that joins later. */
function startHoleyMachine(): void {
  beginMachine();
  addFramesOfKind(0n, 159n, MemoryKind.Usable);
  addFramesOfKind(256n, 2000n, MemoryKind.Usable);
  addFramesOfKind(2001n, 2002n, MemoryKind.Usable);
  addFramesOfKind(2100n, 3000n, MemoryKind.BootloaderReclaimable);
  addFramesOfKind(20_000n, 24_096n, MemoryKind.Usable);
  addFramesOfKind(39_990n, 40_000n, MemoryKind.Usable);
  startMachine();
}

function readModel(): void {
  for (let frame: u64 = 0n; frame < SPACE; frame += 1n) {
    const state = isManaged(uncheckedFrame(frame)) ? FREE : UNMANAGED;
    model.state[u32(frame)] = state;
    if (state === FREE) model.managedCount += 1n;
  }
  model.freeCount = model.managedCount;
  assert(model.managedCount === 158n + 1744n + 1n + 4096n + 10n - 3n, "all usable frames but the bitmap's are managed");
}

/** Phases of mostly allocating and of mostly freeing, so that memory runs full and empty. */
function step(index: u32): void {
  const filling = (index / 30_000) % 2 === 0;
  const choice = random.below(100n);
  const taking: u64 = filling ? 70n : 30n;
  if (choice < 2n) takeRun();
  else if (choice < taking) takeOne();
  else giveOne();
}

function takeOne(): void {
  const frame = allocateFrame();
  if (frame === null) {
    assert(model.freeCount === 0n, "null only when nothing is free");
    model.exhaustions += 1n;
    return;
  }
  assert(model.state[u32(frame)] === FREE, `frame ${u64(frame)} was not free`);
  model.state[u32(frame)] = TAKEN;
  model.freeCount -= 1n;
  model.taken[model.takenCount] = frame;
  model.takenCount += 1;
}

function giveOne(): void {
  if (model.takenCount === 0) return;
  const index = u32(random.below(u64(model.takenCount)));
  const frame = uncheckedFrame(model.taken[index]);
  model.takenCount -= 1;
  model.taken[index] = model.taken[model.takenCount];
  freeFrame(frame);
  model.state[u32(frame)] = FREE;
  model.freeCount += 1n;
}

/** Takes a run, compares it with the first that the model finds, and gives it back. */
function takeRun(): void {
  const count = 1n + random.below(200n);
  const alignment: u64 = 1n << random.below(9n);
  const expected = modelRun(count, alignment);
  const first = allocateFrames(count, alignment);
  if (first === null) {
    assert(expected === SPACE, `a run of ${count} frames aligned to ${alignment} exists at ${expected}`);
    model.refusedRuns += 1n;
    return;
  }
  assert(first === expected, `the first run of ${count} frames aligned to ${alignment} is at ${expected}`);
  assert(freeFrameCount() === model.freeCount - count, "a run counts");
  if (random.below(64n) === 0n) verifyCounters();
  giveRun(first, count);
  model.runs += 1n;
}

/** Sometimes frame by frame. */
function giveRun(first: Frame, count: u64): void {
  if (random.below(4n) !== 0n) {
    freeFrames(first, count);
    return;
  }
  for (let i: u64 = 0n; i < count; i += 1n) freeFrame(frameAfter(first, i));
}

/** The first fitting run, or SPACE. */
function modelRun(count: u64, alignment: u64): u64 {
  for (let first: u64 = 0n; first + count <= SPACE; first += alignment) {
    let length: u64 = 0n;
    while (length < count && model.state[u32(first + length)] === FREE) length += 1n;
    if (length === count) return first;
  }
  return SPACE;
}

function compareAll(): void {
  verifyCounters();
  assert(freeFrameCount() === model.freeCount, "the model counts the same free frames");
  assert(managedFrameCount() === model.managedCount, "the model counts the same managed frames");
  for (let frame: u64 = 0n; frame < SPACE; frame += 1n) {
    const state = model.state[u32(frame)];
    assert(isFree(uncheckedFrame(frame)) === (state === FREE), `frame ${frame}: free or not`);
    assert(isManaged(uncheckedFrame(frame)) === (state !== UNMANAGED), `frame ${frame}: managed or not`);
  }
}

function releaseAll(): void {
  while (model.takenCount > 0) giveOne();
  assert(freeFrameCount() === managedFrameCount(), "everything is back");
}

function joinReclaimed(): void {
  addFrames(uncheckedFrame(2100n), uncheckedFrame(3000n));
  for (let frame: u32 = 2100; frame < 3000; frame += 1) model.state[frame] = FREE;
  model.freeCount += 900n;
  model.managedCount += 900n;
}
