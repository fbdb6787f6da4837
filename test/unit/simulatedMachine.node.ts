/**
 * Physical memory of the simulated machine for tests of kernel/mm: a memory map, and the frame allocator on it.
 *
 *     0        1 MiB     2 MiB          66 MiB                    RAM_END
 *     | usable | usable  | the program  | usable                  |
 */
import { frameAt, physAddr } from "../../arch/x86_64/addresses";
import { setPhysmapBase } from "../../arch/x86_64/physmap";
import { BootInfo, MemoryKind, RawMemoryRange } from "../../boot/bootInfo";
import { machine } from "../../compiler/machine/session";
import { initFrameAllocator } from "../../kernel/mm/frameAllocator";
import { initFrames } from "../../kernel/mm/frames";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, memoryMap } from "../../kernel/mm/memoryMap";

export const RAM_END = 128n << 20n;
/** Frames that the loader's direct map shows. */
const REACHABLE = 1n << 20n;
const PHYSICAL_BITS = 46n;

/** A machine as after its reset, with all of RAM free but the first frame and the program. */
export function startMemory(): void {
  machine.reset();
  setPhysmapBase(machine.directMap);
  beginMemoryMap(PHYSICAL_BITS);
  addRange(usableRange(0n, RAM_END));
  addClaim(physAddr(0n), 4096n, MemoryKind.Reserved);
  addClaim(physAddr(machine.image.physicalAddress), imageBytes(), MemoryKind.KernelAndModules);
  finishMemoryMap(memoryMap);
  initFrameAllocator(memoryMap, frameAt(REACHABLE));
  initFrames(memoryMap);
}

/** What a loader would hand to the kernel on this machine. */
export function bootInfo(): BootInfo {
  const info = new BootInfo();
  info.loaderName = "vitest";
  info.hhdmBase = machine.directMap;
  info.kernelPhysBase = physAddr(machine.image.physicalAddress);
  info.kernelVirtBase = machine.image.virtualAddress as typeof info.kernelVirtBase;
  info.memoryMap[0] = usableRange(0n, RAM_END);
  info.memoryMapLength = 1;
  return info;
}

function usableRange(base: bigint, end: bigint): RawMemoryRange {
  const range = new RawMemoryRange();
  range.base = base;
  range.length = end - base;
  range.kind = BigInt(MemoryKind.Usable);
  return range;
}

const imageBytes = (): bigint => machine.image.limits("data").end - machine.image.virtualAddress;
