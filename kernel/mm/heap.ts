/**
 * The kernel heap: objects of any size, reached through the direct map.
 *
 *     up to 1984 bytes    a cell of the smallest of 22 sizes that fits      slabs.ts
 *     more                whole frames, consecutive ones
 *
 * Objects are filled with zeros. Out of memory is null. A wrong free is a panic that says what is wrong: free already,
 * inside of an object, or nothing of the heap's.
 *
 *     const regions = new ObjectCache<Region>();      a kind of object with slabs of its own
 *     const region = regions.allocate();
 *     if (region === null) return Result.OutOfMemory;
 *     ...
 *     regions.free(region);
 */

import { type Frame, type VirtAddr, PAGE_SIZE, frameAfter, offsetInPage, pagesFor } from "../../arch/x86_64/addresses";
import { MAX_FRAME_COUNT, uncheckedFrame, uncheckedVirtAddr } from "../../arch/x86_64/addresses";
import { frameOfVirt, frameToVirt, physmapBase, zeroFrame } from "../../arch/x86_64/physmap";
import { FrameOwner, acquireFrames, frameInfo, frameOwner, releaseFrames } from "./frames";
import { CELL_ALIGNMENT, LARGEST_CELL, SLAB_FRAME, SlabCache } from "./slabs";
import { allocateCell, fillUnused, forgetSlabs, freeCell, prepareCache, slabCacheIn, verifyUnused } from "./slabs";

/** Objects of one class, with slabs of their own. Zeros are what an object starts with, not its initialisers. */
export class ObjectCache<T extends object> {
  readonly slabs: SlabCache;

  /** An object filled with zeros. Null: out of memory. */
  allocate(): T | null {
    if (this.slabs.size === 0n) prepareCache(this.slabs, sizeOf<T>());
    const address = allocateCell(this.slabs, sizeOf<T>());
    return address === null ? null : overlay<T>(address);
  }

  /** Frees an object of this cache. Any other: panic. */
  free(object: T): void {
    const address = uncheckedVirtAddr(addressOf(object));
    if (slabCacheOf(address) !== this.slabs) panic(`free of ${address}, which is no object of this cache`);
    freeCell(address);
  }
}

/** Bytes of the cells by class. */
const CLASS_SIZES: FixedArray<u16, 22> = [
  16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 416, 480, 544, 640, 784, 976, 1312, 1984,
];

/** What the heap holds now. */
export class HeapCounters {
  /** Objects of all sizes. */
  objects: u64;
  /** Bytes of their cells and frames. */
  bytes: u64;
  slabs: u64;
  largeObjects: u64;
  largeFrames: u64;
}

class Heap {
  readonly classes: FixedArray<SlabCache, 22>;
  /** Which class objects of 16 * index bytes belong to. */
  readonly classOf: FixedArray<u8, 125>;
  largeObjects: u64;
  largeFrames: u64;
}
const heap = new Heap();

/** A run for a large object may lie anywhere. */
const NO_LIMIT: u64 = MAX_FRAME_COUNT;

// --- Bytes -----------------------------------------------------------------------------------------------------------

/** Memory for `bytes` bytes, at least one, aligned to 16 and filled with zeros. Null: out of memory. */
export function allocateBytes(bytes: u64): VirtAddr | null {
  assert(bytes !== 0n, "an object has at least one byte");
  if (bytes > LARGEST_CELL) return allocateLarge(bytes);
  return allocateCell(heap.classes[heap.classOf[u32((bytes + CELL_ALIGNMENT - 1n) / CELL_ALIGNMENT)]], bytes);
}

/** Frees what `allocateBytes` gave. Anything else, or the same again: panic. */
export function freeBytes(address: VirtAddr): void {
  if (slabCacheOf(address) !== null) freeCell(address);
  else freeLarge(address);
}

/** So many bytes, at least one, as a slice. Null: out of memory. */
export function allocateByteSlice(bytes: u32): Slice<u8> | null {
  const address = allocateBytes(u64(bytes));
  return address === null ? null : sliceOf(overlay<Many<u8>>(address), bytes);
}

/** Frees what `allocateByteSlice` gave, or a part of it from its first byte on. */
export function freeByteSlice(slice: Slice<u8>): void {
  freeBytes(uncheckedVirtAddr(addressOf(slice)));
}

/** An object of class T, filled with zeros, from the slabs of its size. Null: out of memory. */
export function allocateObject<T extends object>(): T | null {
  const address = allocateBytes(sizeOf<T>());
  return address === null ? null : overlay<T>(address);
}

/** Frees what `allocateObject` gave. */
export function freeObject<T extends object>(object: T): void {
  freeBytes(uncheckedVirtAddr(addressOf(object)));
}

// --- Setting up ------------------------------------------------------------------------------------------------------

/** Starts with no object at all. After `initFrames`. */
export function initHeap(): void {
  forgetSlabs();
  heap.largeObjects = 0n;
  heap.largeFrames = 0n;
  let index: u8 = 0;
  for (let size: u32 = 0; size < heap.classOf.length; size += 1) {
    if (u64(size) * CELL_ALIGNMENT > u64(CLASS_SIZES[index])) index += 1;
    heap.classOf[size] = index;
  }
  for (let i: u32 = 0; i < heap.classes.length; i += 1) prepareCache(heap.classes[i], u64(CLASS_SIZES[i]));
}

// --- Counters --------------------------------------------------------------------------------------------------------

/** Counts what the sizes of the heap hold. ObjectCaches count for themselves. */
export function countHeap(counters: HeapCounters): void {
  counters.largeObjects = heap.largeObjects;
  counters.largeFrames = heap.largeFrames;
  counters.objects = heap.largeObjects;
  counters.bytes = heap.largeFrames * PAGE_SIZE;
  counters.slabs = 0n;
  for (const cache of heap.classes) {
    counters.objects += cache.objects;
    counters.bytes += cache.objects * cache.size;
    counters.slabs += cache.slabs;
  }
}

/** The slabs of one of the heap's sizes, smallest first; null: there are not so many sizes. */
export function heapClass(index: u32): SlabCache | null {
  return index < heap.classes.length ? heap.classes[index] : null;
}

// --- Large objects ---------------------------------------------------------------------------------------------------

/** In FrameInfo.mapping of its first frame a large object has its bytes * 4 + 1. */
const LARGE_SHIFT: u64 = 2n;
const LARGE_TAG: u64 = 1n;

function allocateLarge(bytes: u64): VirtAddr | null {
  if (bytes > u64.MAX - PAGE_SIZE) return null;
  const count = pagesFor(bytes);
  const first = acquireFrames(FrameOwner.Heap, count, 1n, uncheckedFrame(NO_LIMIT));
  if (first === null) return null;
  for (let i: u64 = 0n; i < count; i += 1n) zeroFrame(frameAfter(first, i));
  frameInfo(first).mapping = (bytes << LARGE_SHIFT) | LARGE_TAG;
  heap.largeObjects += 1n;
  heap.largeFrames += count;
  if (CHECKED_BUILD) guardLarge(first, bytes);
  return frameToVirt(first);
}

function freeLarge(address: VirtAddr): void {
  const first = frameOfVirt(address);
  const mapping = frameInfo(first).mapping;
  if (mapping === 0n || offsetInPage(address) !== 0n) panic(`free of ${address}, which lies inside of an object`);
  const bytes = mapping >> LARGE_SHIFT;
  if (CHECKED_BUILD) verifyUnused(address, bytes, unusedBytes(bytes));
  heap.largeObjects -= 1n;
  heap.largeFrames -= pagesFor(bytes);
  releaseFrames(first, pagesFor(bytes));
}

/** Fills what the last frame has more than was asked for. */
function guardLarge(first: Frame, bytes: u64): void {
  fillUnused(frameToVirt(first) + bytes, unusedBytes(bytes));
}

function unusedBytes(bytes: u64): u64 {
  return pagesFor(bytes) * PAGE_SIZE - bytes;
}

// --- Where an object belongs -----------------------------------------------------------------------------------------

/** The cache of the slab that holds this address; null for a large object. Nothing of the heap's: panic. */
function slabCacheOf(address: VirtAddr): SlabCache | null {
  if (address < physmapBase()) panic(`free of ${address}, which is nothing of the heap's`);
  const frame = frameOfVirt(address);
  const owner = frameOwner(frame);
  if (owner === FrameOwner.Free) panic(`free of ${address}, which is nothing of the heap's, or was freed already`);
  if (owner !== FrameOwner.Heap) panic(`free of ${address}, which is nothing of the heap's: its owner is ${owner}`);
  return frameInfo(frame).mapping === SLAB_FRAME ? slabCacheIn(frame) : null;
}
