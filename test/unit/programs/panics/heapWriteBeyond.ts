/** A byte beyond the object is written. */
import { uncheckedVirtAddr } from "../../../../arch/x86_64/addresses";
import { allocateBytes, freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const address = allocateBytes(100n) ?? uncheckedVirtAddr(0n);
  poke8(address + 99n, 0);
  freeBytes(address);
  const again = allocateBytes(100n) ?? uncheckedVirtAddr(0n);
  poke8(again + 100n, 0);
  freeBytes(again);
}
