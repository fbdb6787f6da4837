/** What lies in the kernel image is freed. */
import { uncheckedVirtAddr } from "../../../../arch/x86_64/addresses";
import { freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  freeBytes(uncheckedVirtAddr(4096n));
}
