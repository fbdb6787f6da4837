/** A run is given back that goes on above the last frame. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { allocateFrames, freeFrames } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  void allocateFrames(24n);
  freeFrames(frameAt(1000n), 100n);
}
