/**
 * How tables are reached. An entry that leads to a table is all that is needed to find that table.
 *
 * The frame's address plus a base does it: the base is that of the HHDM.
 */

import { type VirtAddr } from "./addresses";
import { type PageTable, type PageTableEntry } from "./pageTable";
import { tableIn } from "./physmap";

/** The table that this entry, which must lead to one, points to. */
export function tableUnder(entry: PageTableEntry): PageTable {
  return tableIn(entry.frame());
}

/**
 * Makes the processor forget a table that no entry leads to any more, so that its frame can be used for anything.
 * `address` is one that the table stood on the way to. Translations of pages are not meant: the processor may remember
 * those without the table.
 *
 * Intel SDM Vol. 3A, "Caches for Paging Structures": INVLPG empties them for all addresses.
 */
export function forgetTable(_table: PageTable, address: VirtAddr): void {
  invlpg(address);
}
