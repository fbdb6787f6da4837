// What the processor does on a TLB miss: four levels of tables, in physical memory, from CR3 on.
//
// Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging".

import { FAULT_FETCH, FAULT_PRESENT, FAULT_USER, FAULT_WRITE, PageFault, type Access } from "./errors";
import type { PhysicalMemory } from "./physicalMemory";
import type { Translation } from "./tlb";

const PRESENT = 1n << 0n;
const WRITABLE = 1n << 1n;
const USER = 1n << 2n;
const ACCESSED = 1n << 5n;
const DIRTY = 1n << 6n;
const HUGE = 1n << 7n;
const GLOBAL = 1n << 8n;
const NO_EXECUTE = 1n << 63n;
const FRAME_MASK = 0x000f_ffff_ffff_f000n;

/** Bytes that an entry of each level covers; level 4 is the PML4. */
const COVERS = [0, 0x1000, 0x20_0000, 0x4000_0000, 0x80_0000_0000];

/** What an access is allowed to do depends on these. */
export interface AccessMode {
  readonly access: Access;
  readonly user: boolean;
  /** CR0.WP: supervisor writes obey the tables. */
  readonly writeProtect: boolean;
}

export const errorCode = (mode: AccessMode, present: boolean): number =>
  (present ? FAULT_PRESENT : 0) |
  (mode.access === "write" ? FAULT_WRITE : 0) |
  (mode.user ? FAULT_USER : 0) |
  (mode.access === "execute" ? FAULT_FETCH : 0);

export function isAllowed(entry: Translation, mode: AccessMode): boolean {
  if (mode.user && !entry.user) return false;
  if (mode.access === "execute") return entry.executable;
  return mode.access === "read" || entry.writable || (!mode.user && !mode.writeProtect);
}

/** The entries from the root down to the leaf, or to the first that is not present. */
function entriesFor(memory: PhysicalMemory, root: bigint, pointer: number): { address: number; value: bigint }[] {
  const entries: { address: number; value: bigint }[] = [];
  let table = Number(root & FRAME_MASK);
  for (let level = 4; level >= 1; level -= 1) {
    const covers = COVERS[level] ?? 0;
    const index = Math.floor(pointer / covers) & 511;
    const address = table + index * 8;
    const value = memory.read64(address);
    entries.push({ address, value });
    if ((value & PRESENT) === 0n || isLeaf(level, value)) return entries;
    table = Number(value & FRAME_MASK);
  }
  return entries;
}

const isLeaf = (level: number, value: bigint): boolean =>
  level === 1 || ((level === 2 || level === 3) && (value & HUGE) !== 0n);

/**
 * The translation that the tables give, whatever it allows; undefined when an entry is not present. Changes nothing.
 */
export function lookUp(memory: PhysicalMemory, root: bigint, pointer: number): Translation | undefined {
  const entries = entriesFor(memory, root, pointer);
  const leaf = entries[entries.length - 1];
  if (leaf === undefined || (leaf.value & PRESENT) === 0n) return undefined;
  const size = COVERS[5 - entries.length] ?? 0;
  const every = (bit: bigint): boolean => entries.every(({ value }) => (value & bit) !== 0n);
  return {
    page: Math.floor(pointer / size) * size,
    size,
    physical: Math.floor(Number(leaf.value & FRAME_MASK) / size) * size,
    writable: every(WRITABLE),
    user: every(USER),
    executable: entries.every(({ value }) => (value & NO_EXECUTE) === 0n),
    global: (leaf.value & GLOBAL) !== 0n,
    dirty: (leaf.value & DIRTY) !== 0n,
  };
}

/** Walks for an access: marks the entries accessed, and the leaf dirty for a write. Not allowed: PageFault. */
export function walk(memory: PhysicalMemory, root: bigint, pointer: number, mode: AccessMode): Translation {
  const found = lookUp(memory, root, pointer);
  if (found === undefined) throw new PageFault(pointer, mode.access, errorCode(mode, false));
  if (!isAllowed(found, mode)) throw new PageFault(pointer, mode.access, errorCode(mode, true));
  const entries = entriesFor(memory, root, pointer);
  const isWrite = mode.access === "write";
  for (const [index, { address, value }] of entries.entries()) {
    const marks = isWrite && index === entries.length - 1 ? ACCESSED | DIRTY : ACCESSED;
    if ((value & marks) !== marks) memory.write64(address, value | marks);
  }
  return { ...found, dirty: found.dirty || isWrite };
}
