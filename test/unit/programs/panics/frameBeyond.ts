/** A frame far above all memory is given back. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { freeFrame } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  freeFrame(frameAt((1n << 38n) + 700n));
}
