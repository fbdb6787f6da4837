/**
 * Physical memory on the host: frame f of the simulated machine is the f-th 4 KiB of an arena, and the physmap's base
 * is the arena's address. Frames beyond the arena exist for the allocator's arithmetic, but must not be touched.
 */
import { physAddr } from "../../../arch/x86_64/addresses";
import { setPhysmapBase } from "../../../arch/x86_64/physmap";
import { MemoryKind, RawMemoryRange } from "../../../boot/bootInfo";
import { initFrameAllocator } from "../../../kernel/mm/frameAllocator";
import { initFrames } from "../../../kernel/mm/frames";
import { initHeap } from "../../../kernel/mm/heap";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, memoryMap } from "../../../kernel/mm/memoryMap";
import { frameAt } from "../../../arch/x86_64/addresses";

@aligned(4096)
class Arena {
  readonly bytes: FixedArray<u8, 33554432>;
}
const arena = new Arena();

/** Frames that really exist: 32 MiB. */
export const ARENA_FRAMES: u64 = 8192n;

/** Makes the arena the physical memory. */
export function useArena(): void {
  setPhysmapBase(addressOf(arena));
}

/** Where physical memory starts on the host. */
export function arenaBase(): u64 {
  return addressOf(arena);
}

/** Starts a memory map of usable regions; frame 0 is taken out as in the kernel. */
export function beginMachine(): void {
  useArena();
  beginMemoryMap(46n);
  addClaim(physAddr(0n), 4096n, MemoryKind.Reserved);
}

/** Frames `first` up to `end` are of this kind. */
export function addFramesOfKind(first: u64, end: u64, kind: MemoryKind): void {
  const range = new RawMemoryRange();
  range.base = first << 12n;
  range.length = (end - first) << 12n;
  range.kind = u64(kind);
  addRange(range);
}

/** Finishes the map and starts the frame allocator on it. */
export function startMachine(): void {
  finishMemoryMap(memoryMap);
  initFrameAllocator(memoryMap, frameAt(ARENA_FRAMES));
}

/** A machine with this many frames of usable memory, all in the arena. */
export function startSmallMachine(frames: u64): void {
  beginMachine();
  addFramesOfKind(0n, frames, MemoryKind.Usable);
  startMachine();
}

/** The same, and frames have owners, and there is a heap. */
export function startOwnedMachine(frames: u64): void {
  startSmallMachine(frames);
  initFrames(memoryMap);
  initHeap();
}
