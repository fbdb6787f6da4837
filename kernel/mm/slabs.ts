/**
 * Slabs: frames cut into cells of one size, for objects of one kind.
 *
 *     cache.partial --> slab <--> slab <--> ...        slabs with a free cell; full ones are in no list
 *
 *     0              64
 *     +--------------+---------+------+---------+------+---------+----
 *     | Slab         | redzone | cell | redzone | cell | redzone | ...      one frame
 *     +--------------+---------+------+---------+------+---------+----
 *
 * A bit in the header says whether a cell is free, so a free cell holds nothing of ours, and freeing it twice, or
 * something that is no cell, is found out in every build. An empty slab goes back to the pool, but for one that the
 * cache keeps to itself.
 *
 * Checked builds put a redzone around each cell, whose second word says how many bytes were asked for. It and the rest
 * of the cell must be untouched when the object is freed, and a freed cell must still hold its poison when it is given
 * out again.
 */

import { type Frame, type VirtAddr, PAGE_SIZE, frameStart, offsetInPage } from "../../arch/x86_64/addresses";
import { uncheckedVirtAddr } from "../../arch/x86_64/addresses";
import { frameOfVirt, frameToVirt } from "../../arch/x86_64/physmap";
import { FrameOwner, acquireFrame, frameInfo, frameOwner, releaseFrame } from "./frames";

/** Cells of one size. */
export class SlabCache {
  /** Bytes of an object, a multiple of 16; 0 before the first one. */
  size: u64;
  /** Cells of a slab. */
  capacity: u32;
  objects: u64;
  slabs: u64;
  /** Slabs without an object: at most one. */
  emptySlabs: u64;
  partial: Ref<Slab> | null;
  /** All caches that were ever used. */
  nextCache: Ref<SlabCache> | null;
}

/** The head of a slab's frame. */
export class Slab {
  cache: Ref<SlabCache>;
  next: Ref<Slab> | null;
  previous: Ref<Slab> | null;
  used: u32;
  /** One bit for each cell that is free. */
  readonly free: FixedArray<u64, 4>;
}
staticAssert(sizeOf<Slab>() === 64n);

/** In FrameInfo.mapping of a heap frame: it is a slab. */
export const SLAB_FRAME: u64 = 2n;
/** Cells start at multiples of it. */
export const CELL_ALIGNMENT: u64 = 16n;
/** Two words in checked builds. */
const REDZONE_BYTES: u64 = CHECKED_BUILD ? 16n : 0n;
const FIRST_CELL: u64 = sizeOf<Slab>() + REDZONE_BYTES;
/** Two to a slab, redzones or not. */
export const LARGEST_CELL: u64 = 1984n;

const REDZONE: u64 = 0xfe9c_efe9_cefe_9cefn;
const UNUSED_BYTE: u8 = 0xa5;
const FREED: u64 = 0xf4ee_d0b1_f4ee_d0b1n;

class Caches {
  first: Ref<SlabCache> | null;
}
const caches = new Caches();

// --- Cells -----------------------------------------------------------------------------------------------------------

/** Takes a cell for `bytes` bytes of at most `cache.size`, filled with zeros. Null: out of memory. */
export function allocateCell(cache: SlabCache, bytes: u64): VirtAddr | null {
  const slab = cache.partial ?? addSlab(cache);
  if (slab === null) return null;
  if (slab.used === 0) cache.emptySlabs -= 1n;
  const address = cellAddress(cache, slab, takeFreeBit(slab));
  slab.used += 1;
  cache.objects += 1n;
  if (slab.used === cache.capacity) unlink(cache, slab);
  if (CHECKED_BUILD) verifyFreed(cache, address);
  zeroMemory(address, cache.size);
  if (CHECKED_BUILD) guardCell(cache, address, bytes);
  return address;
}

/** Gives a cell of a slab back. Not the start of a cell, free already, or written to beyond its end: panic. */
export function freeCell(address: VirtAddr): void {
  const slab = slabOf(address);
  const cache = slab.cache;
  const index = cellIndex(cache, address);
  const word = index >> 6;
  const bit = cellBit(index);
  if ((slab.free[word] & bit) !== 0n) panic(`double free: the object at ${address} of the heap is free already`);
  if (CHECKED_BUILD) retireCell(cache, address);
  slab.free[word] |= bit;
  slab.used -= 1;
  cache.objects -= 1n;
  if (slab.used + 1 === cache.capacity) link(cache, slab);
  if (slab.used === 0) emptied(cache, slab);
}

/** Prepares a cache for objects of so many bytes, 1 .. LARGEST_CELL. Again with the same number: nothing happens. */
export function prepareCache(cache: SlabCache, bytes: u64): void {
  assert(bytes !== 0n && bytes <= LARGEST_CELL, "an object of a slab has 1 to 1984 bytes");
  const size = (bytes + CELL_ALIGNMENT - 1n) & ~(CELL_ALIGNMENT - 1n);
  if (cache.size === size) return;
  assert(cache.size === 0n, "objects of one cache have one size");
  cache.size = size;
  cache.capacity = u32((PAGE_SIZE - FIRST_CELL) / stride(cache));
  cache.nextCache = caches.first;
  caches.first = cache;
}

/**
 * Gives all slabs without an object back to the pool, which then has all frames of the heap that hold nothing. Returns
 * their number.
 */
export function releaseEmptySlabs(): u64 {
  let released: u64 = 0n;
  for (let cache = caches.first; cache !== null; cache = cache.nextCache) {
    for (let slab = cache.partial; slab !== null && cache.emptySlabs !== 0n; slab = slab.next) {
      if (slab.used !== 0) continue;
      removeSlab(cache, slab);
      released += 1n;
      break;
    }
  }
  return released;
}

/** Makes all caches empty, as if their slabs had never been: before memory management starts. */
export function forgetSlabs(): void {
  for (let cache = caches.first; cache !== null; cache = cache.nextCache) {
    cache.partial = null;
    cache.objects = 0n;
    cache.slabs = 0n;
    cache.emptySlabs = 0n;
  }
}

/** The first of all caches that were ever used. */
export function firstCache(): SlabCache | null {
  return caches.first;
}

/** Whether the frame is a slab. */
export function isSlab(frame: Frame): bool {
  return frameOwner(frame) === FrameOwner.Heap && frameInfo(frame).mapping === SLAB_FRAME;
}

/** The cache that a slab belongs to. */
export function slabCacheIn(frame: Frame): SlabCache {
  return overlay<Slab>(frameToVirt(frame)).cache;
}

/** Checks a slab: its count of free cells, all redzones, and the poison in free cells. Anything wrong: panic. */
export function verifySlab(frame: Frame): void {
  const slab = overlay<Slab>(frameToVirt(frame));
  const cache = slab.cache;
  let used: u32 = 0;
  for (let index: u32 = 0; index < cache.capacity; index += 1) {
    const isFree = (slab.free[index >> 6] & cellBit(index)) !== 0n;
    if (!isFree) used += 1;
    if (!CHECKED_BUILD) continue;
    const address = cellAddress(cache, slab, index);
    if (isFree) verifyFreed(cache, address);
    else verifyGuards(cache, address);
  }
  assert(used === slab.used, `the slab at ${frameStart(frame)} has ${used} objects, and counts ${slab.used}`);
}

// --- Slabs of a cache ------------------------------------------------------------------------------------------------

/** A slab of free cells at the head of the list. Null: out of memory. */
function addSlab(cache: SlabCache): Slab | null {
  const frame = acquireFrame(FrameOwner.Heap);
  if (frame === null) return null;
  frameInfo(frame).mapping = SLAB_FRAME;
  const slab = overlay<Slab>(frameToVirt(frame));
  zeroStruct(slab);
  slab.cache = cache;
  for (let i: u32 = 0; i < cache.capacity; i += 1) slab.free[i >> 6] |= cellBit(i);
  if (CHECKED_BUILD) poisonCells(cache, slab);
  link(cache, slab);
  cache.slabs += 1n;
  cache.emptySlabs += 1n;
  return slab;
}

/** The last object of a slab is gone. */
function emptied(cache: SlabCache, slab: Slab): void {
  cache.emptySlabs += 1n;
  if (cache.emptySlabs > 1n) removeSlab(cache, slab);
}

function removeSlab(cache: SlabCache, slab: Slab): void {
  unlink(cache, slab);
  cache.slabs -= 1n;
  cache.emptySlabs -= 1n;
  void releaseFrame(frameOfVirt(uncheckedVirtAddr(addressOf(slab))));
}

function link(cache: SlabCache, slab: Slab): void {
  const next = cache.partial;
  slab.previous = null;
  slab.next = next;
  if (next !== null) next.previous = slab;
  cache.partial = slab;
}

function unlink(cache: SlabCache, slab: Slab): void {
  const next = slab.next;
  const previous = slab.previous;
  if (next !== null) next.previous = previous;
  if (previous !== null) previous.next = next;
  else cache.partial = next;
}

// --- Cells of a slab -------------------------------------------------------------------------------------------------

/** From one cell to the next. */
function stride(cache: SlabCache): u64 {
  return cache.size + REDZONE_BYTES;
}

function cellAddress(cache: SlabCache, slab: Slab, index: u32): VirtAddr {
  return uncheckedVirtAddr(addressOf(slab) + FIRST_CELL + u64(index) * stride(cache));
}

/** Which cell of its slab starts here. None: panic. */
function cellIndex(cache: SlabCache, address: VirtAddr): u32 {
  const offset = offsetInPage(address);
  if (offset < FIRST_CELL) panic(`free of ${address}, which is the head of a slab`);
  const index = (offset - FIRST_CELL) / stride(cache);
  if (index >= u64(cache.capacity) || FIRST_CELL + index * stride(cache) !== offset) {
    panic(`free of ${address}, which lies inside of an object`);
  }
  return u32(index);
}

/** The bit of a cell in its word of `free`. */
function cellBit(index: u32): u64 {
  return 1n << (u64(index) & 63n);
}

function slabOf(address: VirtAddr): Slab {
  return overlay<Slab>(address - offsetInPage(address));
}

/** Takes the first cell of a slab that has one. */
function takeFreeBit(slab: Slab): u32 {
  let word: u32 = 0;
  while (slab.free[word] === 0n) word += 1;
  const free = slab.free[word];
  slab.free[word] = free & (free - 1n);
  return word * 64 + trailingZeros(free);
}

// --- Checked builds: redzones and poison -----------------------------------------------------------------------------

function wordsAt(address: u64, bytes: u64): Slice<u64> {
  return sliceOf(overlay<Many<u64>>(address), u32(bytes / 8n));
}

/** The two words after a cell, or before the first. */
function redzoneAt(address: u64): Slice<u64> {
  return wordsAt(address, 16n);
}

function poisonCells(cache: SlabCache, slab: Slab): void {
  setRedzone(addressOf(slab) + FIRST_CELL - REDZONE_BYTES, 0n);
  for (let i: u32 = 0; i < cache.capacity; i += 1) {
    const address = cellAddress(cache, slab, i);
    poisonCell(cache, address);
    setRedzone(address + cache.size, 0n);
  }
}

function setRedzone(address: u64, bytes: u64): void {
  const redzone = redzoneAt(address);
  redzone[0] = REDZONE;
  redzone[1] = REDZONE ^ bytes;
}

function poisonCell(cache: SlabCache, address: VirtAddr): void {
  const words = wordsAt(address, cache.size);
  for (let i: u32 = 0; i < words.length; i += 1) words[i] = FREED;
}

function verifyFreed(cache: SlabCache, address: VirtAddr): void {
  for (const word of wordsAt(address, cache.size)) {
    if (word !== FREED) panic(`the object at ${address} of the heap was written to after it was freed`);
  }
}

/** An object of so many bytes lives here now. */
function guardCell(cache: SlabCache, address: VirtAddr, bytes: u64): void {
  setRedzone(address + cache.size, bytes);
  fillUnused(address + bytes, cache.size - bytes);
}

/** The object is freed: it must have kept to its bytes. */
function retireCell(cache: SlabCache, address: VirtAddr): void {
  verifyGuards(cache, address);
  setRedzone(address + cache.size, 0n);
  poisonCell(cache, address);
}

/** The redzones on both sides of a live object, and what its cell has more than was asked for. */
function verifyGuards(cache: SlabCache, address: VirtAddr): void {
  const after = redzoneAt(address + cache.size);
  const before = redzoneAt(address - REDZONE_BYTES);
  const bytes = after[1] ^ REDZONE;
  if (before[0] !== REDZONE || (before[1] ^ REDZONE) > cache.size) {
    panic(`something wrote below the object at ${address} of the heap`);
  }
  if (after[0] !== REDZONE || bytes > cache.size) panic(`something wrote beyond the object at ${address} of the heap`);
  verifyUnused(address, bytes, cache.size - bytes);
}

/** Marks what an object has more than was asked for. */
export function fillUnused(address: u64, bytes: u64): void {
  fillMemory(address, UNUSED_BYTE, bytes);
}

/** Looks at the `unused` bytes behind the `bytes` that the object at `address` was asked for. Written to: panic. */
export function verifyUnused(address: VirtAddr, bytes: u64, unused: u64): void {
  for (const byte of sliceOf(overlay<Many<u8>>(address + bytes), u32(unused))) {
    if (byte !== UNUSED_BYTE) panic(`something wrote beyond the object at ${address} of the heap`);
  }
}
