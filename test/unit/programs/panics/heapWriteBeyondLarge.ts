/** A byte beyond a large object is written. */
import { uncheckedVirtAddr } from "../../../../arch/x86_64/addresses";
import { allocateBytes, freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const address = allocateBytes(5000n) ?? uncheckedVirtAddr(0n);
  poke8(address + 5000n, 0);
  freeBytes(address);
}
