/** A frame is given back twice. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { allocateFrame, freeFrame, freeFrameCount } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  const frame = allocateFrame() ?? uncheckedFrame(0n);
  const free = freeFrameCount();
  freeFrame(frame);
  assert(freeFrameCount() === free + 1n, "the first time is right");
  freeFrame(frame);
}
