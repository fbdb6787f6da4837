// What the processor does on a TLB miss: four or five levels of tables, in physical memory, from CR3 on. It remembers
// the entries that led to tables, and does not look at them again until they are invalidated.
//
// Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging", "Access Rights", "Page-Fault Exceptions".

import { FAULT_FETCH, FAULT_PRESENT, FAULT_RESERVED, FAULT_USER, FAULT_WRITE, PageFault, type Access } from "./errors";
import type { PhysicalMemory } from "./physicalMemory";
import type { Tlb, Translation } from "./tlb";

const PRESENT = 1n << 0n;
const WRITABLE = 1n << 1n;
const USER = 1n << 2n;
const ACCESSED = 1n << 5n;
const DIRTY = 1n << 6n;
const HUGE = 1n << 7n;
const GLOBAL = 1n << 8n;
const NO_EXECUTE = 1n << 63n;
const FRAME_MASK = 0x000f_ffff_ffff_f000n;
/** Bit 12 of a huge leaf is PAT; below the leaf's size no other bit of the address may be set. */
const HUGE_PAT = 1n << 12n;

/** Bytes that an entry of each level covers; level 4 is the PML4, 5 the PML5. */
const COVERS = [0, 0x1000, 0x20_0000, 0x4000_0000, 0x80_0000_0000, 0x1_0000_0000_0000];

/** Where the tables begin, and what their entries may hold. */
export interface Tables {
  /** As in CR3. */
  readonly root: bigint;
  readonly levels: number;
  /** Width of physical addresses. */
  readonly physicalBits: number;
}

/** What an access is allowed to do depends on these. */
export interface AccessMode {
  readonly access: Access;
  readonly user: boolean;
  /** CR0.WP: supervisor writes obey the tables. */
  readonly writeProtect: boolean;
  /** CR4.SMEP: the supervisor does not execute user pages. */
  readonly smep: boolean;
  /** CR4.SMAP, unless RFLAGS.AC suspends it: the supervisor does not touch user pages. */
  readonly smap: boolean;
}

export const errorCode = (mode: AccessMode, cause: number): number =>
  cause |
  (mode.access === "write" ? FAULT_WRITE : 0) |
  (mode.user ? FAULT_USER : 0) |
  (mode.access === "execute" ? FAULT_FETCH : 0);

export function isAllowed(entry: Translation, mode: AccessMode): boolean {
  if (mode.user && !entry.user) return false;
  if (mode.access === "execute") return entry.executable && !(mode.smep && !mode.user && entry.user);
  if (mode.smap && !mode.user && entry.user) return false;
  return mode.access === "read" || entry.writable || (!mode.user && !mode.writeProtect);
}

interface Entry {
  readonly address: number;
  readonly value: bigint;
  readonly level: number;
}

/** The entries from the root down to the leaf, or to the first that is not present or not as it must be. */
function entriesFor(memory: PhysicalMemory, tables: Tables, pointer: number, tlb?: Tlb): Entry[] {
  const entries: Entry[] = [];
  let table = Number(tables.root & FRAME_MASK);
  for (let level = tables.levels; level >= 1; level -= 1) {
    const covered = Math.floor(pointer / (COVERS[level] ?? 0));
    const address = table + (covered & 511) * 8;
    const entry = { address, value: tlb?.link(level, covered) ?? memory.read64(address), level };
    entries.push(entry);
    if (!isPresent(entry) || hasReservedBit(entry, tables) || isLeaf(entry)) return entries;
    tlb?.insertLink(level, covered, entry.value | ACCESSED);
    table = Number(entry.value & FRAME_MASK);
  }
  return entries;
}

const isPresent = ({ value }: Entry): boolean => (value & PRESENT) !== 0n;

const isLeaf = ({ level, value }: Entry): boolean =>
  level === 1 || ((level === 2 || level === 3) && (value & HUGE) !== 0n);

function hasReservedBit(entry: Entry, { physicalBits }: Tables): boolean {
  const { level, value } = entry;
  if ((value & FRAME_MASK) >> BigInt(physicalBits) !== 0n) return true;
  if (level >= 4) return (value & HUGE) !== 0n;
  if (level === 1 || !isLeaf(entry)) return false;
  return (value & FRAME_MASK & ~HUGE_PAT & BigInt((COVERS[level] ?? 0) - 1)) !== 0n;
}

/**
 * The translation that the tables give, whatever it allows; undefined when an entry is not present, or has a bit that
 * is reserved. Changes nothing.
 */
export function lookUp(memory: PhysicalMemory, tables: Tables, pointer: number): Translation | undefined {
  return translationOf(entriesFor(memory, tables, pointer), tables, pointer);
}

function translationOf(entries: readonly Entry[], tables: Tables, pointer: number): Translation | undefined {
  const leaf = entries[entries.length - 1];
  if (leaf === undefined || !isPresent(leaf) || hasReservedBit(leaf, tables)) return undefined;
  const size = COVERS[leaf.level] ?? 0;
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

/**
 * Walks for an access: marks the tables on the way accessed, and the leaf too if the access is allowed, dirty if that
 * is a write. Not allowed: PageFault.
 */
export function walk(memory: PhysicalMemory, tables: Tables, pointer: number, mode: AccessMode, tlb: Tlb): Translation {
  const entries = entriesFor(memory, tables, pointer, tlb);
  for (const entry of entries.slice(0, -1)) mark(memory, entry, ACCESSED);
  const found = translationOf(entries, tables, pointer);
  const last = entries[entries.length - 1];
  if (found === undefined || last === undefined) {
    const cause = last !== undefined && isPresent(last) ? FAULT_PRESENT | FAULT_RESERVED : 0;
    throw new PageFault(pointer, mode.access, errorCode(mode, cause));
  }
  if (!isAllowed(found, mode)) throw new PageFault(pointer, mode.access, errorCode(mode, FAULT_PRESENT));
  const isWrite = mode.access === "write";
  mark(memory, last, isWrite ? ACCESSED | DIRTY : ACCESSED);
  return { ...found, dirty: found.dirty || isWrite };
}

function mark(memory: PhysicalMemory, { address, value }: Entry, marks: bigint): void {
  if ((value & marks) !== marks) memory.write64(address, value | marks);
}
