/** A run is given back whose end wraps around 64 bits. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { allocateFrames, freeFrames } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  const first = allocateFrames(3n) ?? uncheckedFrame(0n);
  freeFrames(first, u64.MAX);
}
