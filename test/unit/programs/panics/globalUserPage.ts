/** A page of programs is mapped global: a switch to another address space would leave it in the TLB. */
import { frameAt, pageAt } from "../../../../arch/x86_64/addresses";
import { GLOBAL, PageTable, pageFlags } from "../../../../arch/x86_64/pageTable";
import { mapPage } from "../../../../kernel/mm/pageMapper";
import { startOwnedMachine } from "../simulatedMemory";

const root = new PageTable();

export function main(): void {
  startOwnedMachine(1024n);
  void mapPage(root, pageAt(0x1000n), frameAt(5n), pageFlags(GLOBAL));
}
