/**
 * The heap against a model that knows where each object lies and what it holds: a million operations, in phases of
 * filling and of emptying, with contents compared, and overlap noticed because each object has content of its own. In
 * the end nothing is left; and when memory is fullest, the frames hold as much late as they do early: memory does not
 * fall apart.
 */
import { type VirtAddr, frameAt } from "../../../arch/x86_64/addresses";
import { freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import { allocateBytes, countHeap, freeBytes, HeapCounters } from "../../../kernel/mm/heap";
import { isSlab, releaseEmptySlabs, verifySlab } from "../../../kernel/mm/slabs";
import { Random } from "./random";
import { startOwnedMachine } from "./simulatedMemory";

const OPERATIONS: u32 = 1_000_000;
const FRAMES: u64 = 4096n;
/** Operations until filling turns into emptying, or back. */
const PHASE: u32 = 25_000;

class Held {
  address: VirtAddr;
  bytes: u64;
  seed: u64;
}

class Model {
  readonly held: FixedArray<Held, 8000>;
  count: u32;
  bytes: u64;
  /** Per cent of their bytes that the objects take in frames, when memory is fullest: at most, early and late. */
  earlyShare: u64;
  lateShare: u64;
  refused: u64;
}
const model = new Model();
const random = new Random();
const counters = new HeapCounters();

export function main(): void {
  startOwnedMachine(FRAMES);
  const free = freeFrameCount();
  for (let i: u32 = 0; i < OPERATIONS; i += 1) {
    const filling = (i / PHASE) % 2 === 0;
    if (random.below(100n) < (filling ? 60n : 40n)) take();
    else give();
    if (i % (2 * PHASE) === PHASE - 1) noteShare(i, ((free - freeFrameCount()) * 409_600n) / model.bytes);
    if (i % 50_000 === 0) verifyAll();
  }
  assert(model.lateShare <= model.earlyShare + 2n, "memory does not fall apart");
  while (model.count > 0) give();
  verifyAll();
  void releaseEmptySlabs();
  assert(freeFrameCount() === free, "all frames are back");
  log.info(`operations=${OPERATIONS} early=${model.earlyShare} late=${model.lateShare} refused=${model.refused}`);
}

/** Mostly small objects; now and then a large one. */
function size(): u64 {
  const choice = random.below(100n);
  if (choice < 60n) return 1n + random.below(128n);
  if (choice < 97n) return 1n + random.below(1984n);
  return 1n + random.below(20_000n);
}

function take(): void {
  if (model.count === model.held.length) return;
  const bytes = size();
  const address = allocateBytes(bytes);
  if (address === null) {
    model.refused += 1n;
    return;
  }
  assert(address % 16n === 0n, "aligned");
  const held = model.held[model.count];
  held.address = address;
  held.bytes = bytes;
  held.seed = random.next();
  model.count += 1;
  model.bytes += bytes;
  fill(held);
}

function give(): void {
  if (model.count === 0) return;
  const index = u32(random.below(u64(model.count)));
  const held = model.held[index];
  compare(held);
  freeBytes(held.address);
  model.bytes -= held.bytes;
  model.count -= 1;
  if (index !== model.count) copyStruct(held, model.held[model.count]);
}

/** Each eighth byte at first and last ones: who overlaps with another is noticed. */
function fill(held: Held): void {
  for (let i: u64 = 0n; i < held.bytes; i += 8n) poke8(held.address + i, u8.wrap(held.seed >> (i & 31n)));
  poke8(held.address + held.bytes - 1n, u8.wrap(held.seed >> 40n));
}

function compare(held: Held): void {
  assert(peek8(held.address + held.bytes - 1n) === u8.wrap(held.seed >> 40n), "the last byte is intact");
  for (let i: u64 = 0n; i + 1n < held.bytes; i += 8n) {
    assert(peek8(held.address + i) === u8.wrap(held.seed >> (i & 31n)), "the object is intact");
  }
}

function noteShare(index: u32, share: u64): void {
  if (index < OPERATIONS / 4) model.earlyShare = share > model.earlyShare ? share : model.earlyShare;
  else model.lateShare = share > model.lateShare ? share : model.lateShare;
}

/** Counters, redzones and poison of everything. */
function verifyAll(): void {
  verifyCounters();
  countHeap(counters);
  assert(counters.objects === u64(model.count), "the model counts the same objects");
  let slabs: u64 = 0n;
  for (let number: u64 = 0n; number < FRAMES; number += 1n) {
    if (!isSlab(frameAt(number))) continue;
    slabs += 1n;
    verifySlab(frameAt(number));
  }
  assert(slabs === counters.slabs, "every slab is counted");
}
