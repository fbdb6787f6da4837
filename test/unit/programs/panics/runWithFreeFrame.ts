/** A run is given back of which one frame is free already; none of the others is freed before. */
import { frameAfter, uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { allocateFrames, freeFrame, freeFrames } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  const first = allocateFrames(200n, 64n) ?? uncheckedFrame(0n);
  freeFrame(frameAfter(first, 150n));
  freeFrames(first, 200n);
}
