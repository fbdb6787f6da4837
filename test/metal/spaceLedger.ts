/** The ledger over the kernel's tables and those of address spaces, with the stores of their shared pages. */
import { type Frame, pageAt, pagingLevels } from "../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, tableIndex } from "../../arch/x86_64/pageTable";
import { type AddressSpace } from "../../kernel/mm/addressSpace";
import { kernelRootFrame } from "../../kernel/mm/kernelSpace";
import { addRoot, beginLedger, closeLedger, LedgerReport, panicOver } from "../../kernel/mm/ledger";
import { firstUserPage } from "../../kernel/mm/regionTree";

/** Stores whose tables were counted already. */
class Stores {
  readonly seen: FixedArray<Frame, 64>;
  count: u32;
}
const stores = new Stores();
const report = new LedgerReport();

/** Starts with the kernel's own tables. False: there is no memory to count in. */
export function beginSpaceLedger(): bool {
  if (!beginLedger()) return false;
  addRoot(kernelRootFrame(), 0, ENTRIES_PER_TABLE);
  stores.count = 0;
  return true;
}

/** Counts what belongs to this address space alone, and to the stores that it shares. */
export function countSpace(space: AddressSpace): void {
  addRoot(space.rootFrame, tableIndex(pageAt(firstUserPage()), pagingLevels()), ENTRIES_PER_TABLE / 2);
  for (let region = space.regions.tree.lowest; region !== null; region = region.next) {
    if (region.hasStore() && !wasCounted(region.store)) addRoot(region.store, 0, ENTRIES_PER_TABLE);
  }
}

/** Everything was counted. It does not agree: panic. */
export function closeSpaceLedger(): void {
  if (!closeLedger(report)) panicOver(report);
}

function wasCounted(store: Frame): bool {
  for (let i: u32 = 0; i < stores.count; i += 1) {
    if (stores.seen[i] === store) return true;
  }
  stores.seen[stores.count] = store;
  stores.count += 1;
  return false;
}
