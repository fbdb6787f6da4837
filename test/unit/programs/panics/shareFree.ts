/** A free frame is shared. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { shareFrame } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  shareFrame(frameAt(700n));
}
