/** A run of no frames is given back. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { freeFrames } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  freeFrames(frameAt(500n), 0n);
}
