/**
 * Reserved memory, and usable memory that something else covers, that is less than a frame, or that lies beyond the
 * CPU.
 */
import { physAddr } from "../../../../arch/x86_64/addresses";
import { MemoryKind, RawMemoryRange } from "../../../../boot/bootInfo";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, memoryMap } from "../../../../kernel/mm/memoryMap";

export function main(): void {
  beginMemoryMap(40n);
  add(0x10_0000n, 0x10_0000n, MemoryKind.Reserved);
  add(0x18_0000n, 0x10_0000n, MemoryKind.Usable);
  add(0x20_0000n, 0x10_0000n, MemoryKind.AcpiNvs);
  add(0x1800n, 0x1000n, MemoryKind.Usable);
  add(0n, 0x1000n, MemoryKind.Usable);
  add(1n << 40n, 1n << 30n, MemoryKind.Usable);
  addClaim(physAddr(0n), 0x1000n, MemoryKind.Reserved);
  finishMemoryMap(memoryMap);
}

function add(base: u64, length: u64, kind: MemoryKind): void {
  const range = new RawMemoryRange();
  range.base = base;
  range.length = length;
  range.kind = u64(kind);
  addRange(range);
}
