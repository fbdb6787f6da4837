/** A swap slot is dropped that is free. */
import { dropSlot, startMemorySwap } from "../../../../kernel/mm/swap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  assert(startMemorySwap(10));
  dropSlot(7n);
}
