/**
 * How page tables are reached. An entry that leads to a table is all that is needed to find that table; the root of an
 * address space is found by its frame. What frames hold as data is always reached through the HHDM (physmap.ts).
 *
 *     offset      table = HHDM base + address of its frame
 *     identity    table = address of its frame: RAM is mapped there too, supervisor only, in the lowest entries of
 *                 every root
 *     recursive   table = address of the entry, shifted: one entry of every root leads back to that root, so that the
 *                 walk of such an address ends one level early, at the table
 *
 * A recursive address is made of indices; each step down shifts them and appends that of the entry. `s` is the root's
 * entry that leads back to the root:
 *
 *     root  s s s s | 0    its entry i  s s s s | i    the table it leads to  s s s i | 0    the next  s s i j | 0
 *
 * Only the root in CR3 shows itself. Another one is hung on one of two more entries of the root in CR3, and reached by
 * the same shifts with that index in front. The last two that were asked for can be used at a time.
 *
 * Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging".
 */

import { type Frame, INDEX_BITS, NO_FRAME, PAGE_SHIFT, PAGE_SIZE, type VirtAddr } from "./addresses";
import { pageContaining, pagingLevels, setPagingLevels } from "./addresses";
import { forgetOtherContexts, rootTable } from "./contexts";
import { PageTable, type PageTableEntry, isUserPage } from "./pageTable";
import { physmapBase, setTableBase, tableBase, tableIn } from "./physmap";

/** How page tables are reached. */
export enum PhysmapMode {
  Offset,
  Identity,
  Recursive,
}

class TableAccess {
  mode: PhysmapMode = PhysmapMode.Offset;
  /** Four levels, and tables at a base: what `findLeafTable` is made for. */
  isPlain: bool = true;
  /** The bits of a recursive address that a step down shifts. */
  shifted: u64;
  /** The root's entry that leads back to it; the two behind it are for other roots. */
  selfIndex: u32;
  /** The root that the entries for other roots were written to, and which ones hang on them. */
  host: Frame;
  readonly guests: FixedArray<Frame, 2>;
  /** Which one was asked for last. */
  latest: u32;
}
const access = new TableAccess();

const OFFSET_MASK: u64 = PAGE_SIZE - 1n;

// --- Choosing --------------------------------------------------------------------------------------------------------

/** Adopts the number of levels that the processor walks. Tables are at the HHDM until `useTables` says otherwise. */
export function adoptLevels(levels: u32): void {
  setPagingLevels(levels);
  useTables(PhysmapMode.Offset);
}

/** From now on tables are reached like this. The root in CR3 must have been prepared for it. */
export function useTables(mode: PhysmapMode): void {
  access.mode = mode;
  access.isPlain = mode !== PhysmapMode.Recursive && pagingLevels() === 4;
  setTableBase(mode === PhysmapMode.Identity ? 0n : physmapBase());
  access.host = NO_FRAME;
}

/** How tables are reached now. */
export function physmapMode(): PhysmapMode {
  return access.mode;
}

/** Chooses the root's entries for recursive access: this one and the two behind it, in the kernel half. */
export function reserveSelfEntries(index: u32): void {
  access.selfIndex = index;
  access.shifted = (1n << (PAGE_SHIFT + INDEX_BITS * (u64(pagingLevels()) - 1n))) - PAGE_SIZE;
}

/** How many entries of a root recursive access takes. */
export const SELF_ENTRIES: u32 = 3;

/** Whether an entry of a root is one of them, which there need not be. */
export function isSelfEntry(index: u32): bool {
  const first = access.selfIndex;
  return first !== 0 && index >= first && index < first + SELF_ENTRIES;
}

/** Makes the root table in this frame show itself, if entries are reserved for that. */
export function addSelfEntry(root: Frame): void {
  if (access.selfIndex === 0) return;
  const table = tableIn(root);
  table.entries[access.selfIndex].setSelf(root);
  for (let i: u32 = 1; i < SELF_ENTRIES; i += 1) table.entries[access.selfIndex + i].clear();
}

// --- Reaching --------------------------------------------------------------------------------------------------------

/** Whether there are four levels, and tables lie at a base plus their frame's address. */
export function tablesArePlain(): bool {
  return access.isPlain;
}

/** The table that this entry, which must lead to one, points to. */
export function tableUnder(entry: PageTableEntry): PageTable {
  if (access.mode === PhysmapMode.Recursive) return overlay<PageTable>(tableByEntry(addressOf(entry)));
  return plainTableUnder(entry);
}

/** The same when tables are plain. */
export function plainTableUnder(entry: PageTableEntry): PageTable {
  return overlay<PageTable>(wrappingAdd(tableBase(), entry.tableAddress()));
}

/** The indices below the root's own move up by one, and the entry's becomes the last. */
function tableByEntry(entry: u64): u64 {
  return (entry & ~(access.shifted | OFFSET_MASK)) | ((entry << INDEX_BITS) & access.shifted);
}

/**
 * The root table in this frame. In recursive mode it may be used until two other roots have been asked for, or CR3
 * changes.
 */
export function rootTableOf(frame: Frame): PageTable {
  if (access.mode !== PhysmapMode.Recursive) return overlay<PageTable>(tableBase() + (frame << PAGE_SHIFT));
  const active = rootTable();
  if (frame === active) return rootAt(0);
  if (access.host !== active) {
    access.host = active;
    access.guests[0] = NO_FRAME;
    access.guests[1] = NO_FRAME;
  }
  if (frame === access.guests[access.latest]) return rootAt(access.latest + 1);
  access.latest ^= 1;
  if (frame !== access.guests[access.latest]) hangGuest(frame);
  return rootAt(access.latest + 1);
}

/** Hangs another root on an entry of the one in CR3. What the TLB knows by that entry is of the guest before. */
function hangGuest(frame: Frame): void {
  access.guests[access.latest] = frame;
  rootAt(0).entries[access.selfIndex + access.latest + 1].setSelf(frame);
  writeCr3(readCr3());
}

/** The recursive address of the root in CR3 (0), or of a guest (1, 2): its index, then only the self entry's. */
function rootAt(which: u32): PageTable {
  let indices: u64 = u64(access.selfIndex + which);
  for (let i: u32 = 1; i < pagingLevels(); i += 1) indices = (indices << INDEX_BITS) | u64(access.selfIndex);
  return overlay<PageTable>((indices << PAGE_SHIFT) | ~((access.shifted << INDEX_BITS) | access.shifted | OFFSET_MASK));
}

/** CR3 changes: other roots have to be hung anew. */
export function forgetGuests(): void {
  access.host = NO_FRAME;
}

/**
 * Makes the processor forget a table that no entry leads to any more, so that its frame can be used for anything.
 * `address` is one that the table stood on the way to. Translations of pages are not meant: the processor may remember
 * those without the table.
 *
 * A table of the kernel half may be remembered by every process context, and INVLPG empties that of the root in use.
 *
 * Intel SDM Vol. 3A, "Caches for Paging Structures": INVLPG empties them for all addresses.
 */
export function forgetTable(table: PageTable, address: VirtAddr): void {
  invlpg(address);
  if (!isUserPage(pageContaining(address))) forgetOtherContexts();
  if (access.mode !== PhysmapMode.Recursive) return;
  const below = addressOf(table) & access.shifted;
  for (let i: u32 = 0; i < SELF_ENTRIES; i += 1) invlpg((addressOf(rootAt(i)) & ~access.shifted) | below);
}
