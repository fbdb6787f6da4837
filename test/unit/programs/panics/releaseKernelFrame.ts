/** A frame that the boot took is released. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { allocateFrame } from "../../../../kernel/mm/frameAllocator";
import { releaseFrame } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  void releaseFrame(allocateFrame() ?? uncheckedFrame(0n));
}
