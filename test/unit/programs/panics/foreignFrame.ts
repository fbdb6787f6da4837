/** A frame is given back that the allocator does not manage: its own bitmap. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { freeFrame, isManaged } from "../../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "../simulatedMemory";

export function main(): void {
  startSmallMachine(1024n);
  assert(!isManaged(frameAt(256n)), "the bitmap lies there");
  freeFrame(frameAt(256n));
}
