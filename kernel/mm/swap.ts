/**
 * Swap slots: where the content of a page is while no frame holds it.
 *
 *     frame --writeOut--> slot, 1 reference --shareSlot--> 2 ... --dropSlot--> 1 --dropSlot--> free
 *                           |
 *                           '--readIn--> another frame
 *
 * Every page table entry that holds a slot has a reference to it. What a slot is made of is the backend's; this file
 * knows which ones are free. The backend here keeps slots in memory that the pool gave for that.
 */

import { type Frame, MAX_FRAME_COUNT, frameAfter, uncheckedFrame } from "../../arch/x86_64/addresses";
import { uncheckedVirtAddr } from "../../arch/x86_64/addresses";
import { copyFrame } from "../../arch/x86_64/physmap";
import { FrameOwner, acquireFrames, releaseFrames } from "./frames";
import { allocateBytes, freeBytes } from "./heap";

/** What keeps slots. Each slot has the size of a frame. False: it could not be done. */
export class SwapBackend {
  write: (slot: u64, frame: Frame) => bool;
  read: (slot: u64, frame: Frame) => bool;
}

class Swap {
  backend: Ref<SwapBackend> | null;
  /** References to each slot; 0: it is free. */
  references: Slice<u32>;
  /** One bit for each free slot, and the word that a search starts with. */
  free: Slice<u64>;
  hint: u32;
  freeCount: u64;
  /** The memory backend's frames. */
  memory: Frame;
}
const swap = new Swap();

const IN_MEMORY: SwapBackend = { write: writeToMemory, read: readFromMemory };

// --- Starting --------------------------------------------------------------------------------------------------------

/** Starts with `slots` free slots. False: out of memory for what is to be known about them. */
export function startSwap(backend: SwapBackend, slots: u32): bool {
  assert(swap.backend === null, "there is swap already");
  assert(slots !== 0, "swap has at least one slot");
  const words = (slots + 63) / 64;
  const references = allocateBytes(u64(slots) * 4n);
  const free = allocateBytes(u64(words) * 8n);
  if (references === null || free === null) {
    if (references !== null) freeBytes(references);
    if (free !== null) freeBytes(free);
    return false;
  }
  swap.backend = backend;
  swap.references = sliceOf(overlay<Many<u32>>(references), slots);
  swap.free = sliceOf(overlay<Many<u64>>(free), words);
  swap.hint = 0;
  swap.freeCount = u64(slots);
  for (let slot: u32 = 0; slot < slots; slot += 1) swap.free[slot >> 6] |= 1n << (u64(slot) & 63n);
  return true;
}

/** Swap in memory: as many consecutive frames. False: there are not so many, or out of memory. */
export function startMemorySwap(slots: u32): bool {
  const first = acquireFrames(FrameOwner.Kernel, u64(slots), 1n, uncheckedFrame(MAX_FRAME_COUNT));
  if (first === null) return false;
  swap.memory = first;
  if (startSwap(IN_MEMORY, slots)) return true;
  releaseFrames(first, u64(slots));
  return false;
}

/** Ends swap, whatever its backend. A slot is in use: panic. */
export function stopSwap(): void {
  const slots = swap.references.length;
  assert(swap.freeCount === u64(slots), "swap ends when no slot is in use");
  if (swap.backend === IN_MEMORY) releaseFrames(swap.memory, u64(slots));
  freeBytes(uncheckedVirtAddr(addressOf(swap.references)));
  freeBytes(uncheckedVirtAddr(addressOf(swap.free)));
  swap.backend = null;
  swap.references = emptySlice<u32>();
  swap.free = emptySlice<u64>();
  swap.freeCount = 0n;
}

// --- Slots -----------------------------------------------------------------------------------------------------------

/** Copies a frame into a free slot, which has one reference then. Null: no slot is free, or the backend failed. */
export function writeOut(frame: Frame): u64 | null {
  const backend = swap.backend;
  if (backend === null || swap.freeCount === 0n) return null;
  const slot = takeSlot();
  if (backend.write(slot, frame)) return slot;
  dropSlot(slot);
  return null;
}

/** Copies a slot into a frame; the slot stays as it is. False: the backend failed. A free slot: panic. */
export function readIn(slot: u64, frame: Frame): bool {
  expectUsed(slot);
  const backend = swap.backend;
  return backend !== null && backend.read(slot, frame);
}

/** One reference more. A free slot: panic. */
export function shareSlot(slot: u64): void {
  expectUsed(slot);
  swap.references[u32(slot)] += 1;
}

/** One reference less; with the last one the slot is free. A free slot: panic. */
export function dropSlot(slot: u64): void {
  expectUsed(slot);
  const index = u32(slot);
  swap.references[index] -= 1;
  if (swap.references[index] !== 0) return;
  swap.free[index >> 6] |= 1n << (slot & 63n);
  swap.freeCount += 1n;
}

/** References to a slot; 0: it is free. */
export function slotReferences(slot: u64): u32 {
  return slot < u64(swap.references.length) ? swap.references[u32(slot)] : 0;
}

/** Slots in all. */
export function slotCount(): u64 {
  return u64(swap.references.length);
}

export function freeSlotCount(): u64 {
  return swap.freeCount;
}

/** A free slot gets one reference. There is one. */
function takeSlot(): u64 {
  while (swap.free[swap.hint] === 0n) swap.hint = swap.hint + 1 === swap.free.length ? 0 : swap.hint + 1;
  const free = swap.free[swap.hint];
  const slot = swap.hint * 64 + trailingZeros(free);
  swap.free[swap.hint] = free & (free - 1n);
  swap.references[slot] = 1;
  swap.freeCount -= 1n;
  return u64(slot);
}

function expectUsed(slot: u64): void {
  if (slotReferences(slot) === 0) panic(`swap slot ${slot} is not in use`);
}

// --- In memory -------------------------------------------------------------------------------------------------------

function writeToMemory(slot: u64, frame: Frame): bool {
  copyFrame(frameAfter(swap.memory, slot), frame);
  return true;
}

function readFromMemory(slot: u64, frame: Frame): bool {
  copyFrame(frame, frameAfter(swap.memory, slot));
  return true;
}
