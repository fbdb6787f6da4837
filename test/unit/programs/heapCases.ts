/** The heap at its limits: every size, classes of objects, large ones, running out of memory, and the checks. */
import { type VirtAddr } from "../../../arch/x86_64/addresses";
import { acquireFrame, failFrameAfter, FrameOwner } from "../../../kernel/mm/frames";
import { freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import {
  allocateBytes,
  allocateObject,
  countHeap,
  freeBytes,
  freeObject,
  heapClass,
  HeapCounters,
  ObjectCache,
} from "../../../kernel/mm/heap";
import { LARGEST_CELL, releaseEmptySlabs } from "../../../kernel/mm/slabs";
import { startOwnedMachine } from "./simulatedMemory";

class Region {
  first: u64;
  count: u64;
  next: Ref<Region> | null;
  flags: u32;
}

class Tiny {
  value: u8;
}

const regions = new ObjectCache<Region>();
const counters = new HeapCounters();
const held = new FixedArray<VirtAddr, 8192>();

export function main(): void {
  everySizeFits();
  sizesAreTheSmallestThatFit();
  objectsStartAsZeros();
  cachesHoldOneKind();
  oneSpareSlabIsKept();
  largeObjectsAreFrames();
  outOfMemoryIsNull();
  failureLeavesNothingBehind();
  log.info("all cases passed");
}

function take(bytes: u64): VirtAddr {
  const address = allocateBytes(bytes);
  if (address === null) panic(`${bytes} bytes must be free`);
  return address;
}

/** All is given back: the pool has as many frames as before. */
function expectAllBack(free: u64): void {
  void releaseEmptySlabs();
  countHeap(counters);
  assert(counters.objects === 0n && counters.bytes === 0n && counters.slabs === 0n, "the heap is empty");
  assert(freeFrameCount() === free, "all frames are back");
  verifyCounters();
}

/** Every byte of an object of every size can be written; alignment is 16. */
function everySizeFits(): void {
  startOwnedMachine(4096n);
  const free = freeFrameCount();
  for (let bytes: u64 = 1n; bytes < 9000n; bytes += bytes < 2100n ? 1n : 137n) {
    const address = take(bytes);
    assert(address % 16n === 0n, "aligned");
    fillMemory(address, 0xff, bytes);
    freeBytes(address);
  }
  expectAllBack(free);
}

function sizesAreTheSmallestThatFit(): void {
  startOwnedMachine(4096n);
  let below: u64 = 0n;
  for (let index: u32 = 0; ; index += 1) {
    const cache = heapClass(index);
    if (cache === null) break;
    assert(cache.size > below && cache.size % 16n === 0n, "sizes grow");
    expectClass(below + 1n, cache.size);
    expectClass(cache.size, cache.size);
    below = cache.size;
  }
  assert(below === LARGEST_CELL, "up to the largest");
}

function expectClass(bytes: u64, size: u64): void {
  countHeap(counters);
  const before = counters.bytes;
  const address = take(bytes);
  countHeap(counters);
  assert(counters.bytes - before === size, `${bytes} bytes take ${size}`);
  freeBytes(address);
}

function objectsStartAsZeros(): void {
  startOwnedMachine(4096n);
  for (let round: u32 = 0; round < 3; round += 1) {
    const tiny = allocateObject<Tiny>();
    const region = allocateObject<Region>();
    if (tiny === null || region === null) panic("two objects must be free");
    assert(tiny.value === 0 && region.first === 0n && region.next === null && region.flags === 0, "zeros");
    tiny.value = 255;
    region.first = u64.MAX;
    region.next = region;
    region.flags = u32.MAX;
    freeObject(tiny);
    freeObject(region);
  }
}

function cachesHoldOneKind(): void {
  startOwnedMachine(4096n);
  const free = freeFrameCount();
  let list: Region | null = null;
  for (let i: u64 = 0n; i < 1000n; i += 1n) {
    const region = regions.allocate();
    if (region === null) panic("an object must be free");
    region.first = i;
    region.next = list;
    list = region;
  }
  assert(regions.slabs.objects === 1000n, "counted");
  for (let i: u64 = 1000n; i > 0n; i -= 1n) {
    if (list === null) panic("the list is too short");
    assert(list.first === i - 1n, "intact");
    const next: Region | null = list.next;
    regions.free(list);
    list = next;
  }
  assert(regions.slabs.objects === 0n && regions.slabs.slabs === 1n, "one slab is kept");
  expectAllBack(free);
  assert(regions.slabs.slabs === 0n, "until it is asked for");
}

function oneSpareSlabIsKept(): void {
  startOwnedMachine(4096n);
  const free = freeFrameCount();
  for (let i: u32 = 0; i < 100; i += 1) held[i] = take(1984n);
  assert(freeFrameCount() === free - 50n, "two to a slab");
  for (let i: u32 = 0; i < 100; i += 1) freeBytes(held[i]);
  assert(freeFrameCount() === free - 1n, "one slab is kept");
  for (let i: u32 = 0; i < 10; i += 1) freeBytes(take(1984n));
  assert(freeFrameCount() === free - 1n, "and used again");
  assert(releaseEmptySlabs() === 1n, "there was one");
  expectAllBack(free);
}

function largeObjectsAreFrames(): void {
  startOwnedMachine(4096n);
  const free = freeFrameCount();
  const first = take(1985n);
  const second = take(3n * 4096n);
  const third = take(3n * 4096n + 1n);
  assert(first % 4096n === 0n && second % 4096n === 0n && third % 4096n === 0n, "whole frames");
  countHeap(counters);
  assert(counters.largeObjects === 3n && counters.largeFrames === 8n && counters.bytes === 8n * 4096n, "counted");
  assert(freeFrameCount() === free - 8n, "taken");
  for (let i: u64 = 0n; i < 3n * 4096n; i += 8n) assert(peek64(second + i) === 0n, "zeros");
  freeBytes(second);
  freeBytes(first);
  freeBytes(third);
  expectAllBack(free);
}

function outOfMemoryIsNull(): void {
  startOwnedMachine(1024n);
  const free = freeFrameCount();
  assert(allocateBytes(u64.MAX) === null && allocateBytes(1024n * 4096n) === null, "more than there is");
  let count: u32 = 0;
  for (let address = allocateBytes(976n); address !== null; address = allocateBytes(976n)) {
    held[count] = address;
    count += 1;
  }
  assert(u64(count) === free * 4n && freeFrameCount() === 0n, "four to a frame, and every frame was used");
  assert(regions.allocate() === null && allocateBytes(16n) === null && allocateBytes(5000n) === null, "nothing left");
  for (let i: u32 = 0; i < count; i += 1) freeBytes(held[i]);
  expectAllBack(free);
}

function failureLeavesNothingBehind(): void {
  startOwnedMachine(1024n);
  const free = freeFrameCount();
  failFrameAfter(1n);
  assert(allocateBytes(100n) === null, "no slab");
  failFrameAfter(1n);
  assert(allocateBytes(10_000n) === null, "no frames");
  failFrameAfter(1n);
  assert(regions.allocate() === null, "no slab of its own");
  expectAllBack(free);
  assert(acquireFrame(FrameOwner.Heap) !== null, "all is as always");
}
