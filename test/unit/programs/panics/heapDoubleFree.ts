/** An object of the heap is freed twice. */
import { uncheckedVirtAddr } from "../../../../arch/x86_64/addresses";
import { allocateBytes, freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const address = allocateBytes(100n) ?? uncheckedVirtAddr(0n);
  void allocateBytes(100n);
  freeBytes(address);
  freeBytes(address);
}
