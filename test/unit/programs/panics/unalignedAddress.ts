/** An address within a frame is given back. */
import { frameStart, physAddr, uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { allocateFrame, freeFrameAt } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  const frame = allocateFrame() ?? uncheckedFrame(0n);
  freeFrameAt(physAddr(frameStart(frame) + 1n));
}
