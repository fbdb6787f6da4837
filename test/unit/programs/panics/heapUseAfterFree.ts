/** An object is written to after it was freed. */
import { uncheckedVirtAddr } from "../../../../arch/x86_64/addresses";
import { allocateBytes, freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const address = allocateBytes(100n) ?? uncheckedVirtAddr(0n);
  const other = allocateBytes(100n);
  assert(other !== null);
  freeBytes(address);
  poke8(address + 50n, 0);
  void allocateBytes(100n);
}
