/** A frame is given back that nobody took. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { freeFrame } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  freeFrame(frameAt(700n));
}
