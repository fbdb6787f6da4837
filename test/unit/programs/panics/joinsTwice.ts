/** Memory joins the pool that is in it already. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { addFrames } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  addFrames(frameAt(600n), frameAt(601n));
}
