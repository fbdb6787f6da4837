/** The second page of a large object is freed. */
import { uncheckedVirtAddr } from "../../../../arch/x86_64/addresses";
import { allocateBytes, freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const address = allocateBytes(9000n) ?? uncheckedVirtAddr(0n);
  freeBytes(uncheckedVirtAddr(address + 4096n));
}
