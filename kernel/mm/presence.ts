/**
 * Which pages of an address space are in memory, and how they come there before somebody touches them.
 *
 *     readPresence     leaf with a frame, or a store that has the page: 1    nothing yet, or swapped: 0
 *     populatePages    what a fault of each page would do, without the fault
 */

import { type Page, pageAfter, pageStart } from "../../arch/x86_64/addresses";
import { PAGE_FAULT_USER, PAGE_FAULT_WRITE } from "../../arch/x86_64/exceptions";
import { type AddressSpace } from "./addressSpace";
import { FaultOutcome, resolveFault } from "./faults";
import { findLeafEntry } from "./pageMapper";
import { type Region } from "./regionTree";
import { hasStoredFrame } from "./sharedPages";

/** Puts 1 or 0 into `target` for each page from `first` on. False: not all of them belong to regions. */
export function readPresence(space: AddressSpace, first: Page, target: Slice<u8>): bool {
  for (let i: u32 = 0; i < target.length; i += 1) {
    const page = pageAfter(first, u64(i));
    const region = space.regions.tree.find(page);
    if (region === null) return false;
    target[i] = isPresent(space, region, page) ? 1 : 0;
  }
  return true;
}

function isPresent(space: AddressSpace, region: Region, page: Page): bool {
  const leaf = findLeafEntry(space.root(), page);
  if (leaf !== null && !leaf.isEmpty()) return !leaf.isSwapped();
  return region.hasStore() && hasStoredFrame(region.store, region.origin + (page - region.first));
}

/**
 * Brings pages into memory, to be read or to be written to. Not Resolved: why the first one that could not come did
 * not; those before it are there.
 */
export function populatePages(space: AddressSpace, first: Page, pages: u64, toWrite: bool): FaultOutcome {
  const code = toWrite ? PAGE_FAULT_USER | PAGE_FAULT_WRITE : PAGE_FAULT_USER;
  for (let i: u64 = 0n; i < pages; i += 1n) {
    const outcome = resolveFault(space, pageStart(pageAfter(first, i)), code);
    if (outcome !== FaultOutcome.Resolved) return outcome;
  }
  return FaultOutcome.Resolved;
}
