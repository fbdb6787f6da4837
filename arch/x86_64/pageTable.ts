/**
 * Paging structures: what the bits of an entry mean. Who walks and who allocates is kernel/mm's business.
 *
 *      63   62..52   51 .................... 12   11..9   8   7    6   5   4    3    2    1    0
 *     +----+--------+---------------------------+-------+---+----+---+---+----+----+----+----+---+
 *     | NX |  free  |  frame                    | free  | G | PS | D | A | CD | WT | US | RW | P |
 *     +----+--------+---------------------------+-------+---+----+---+---+----+----+----+----+---+
 *
 * PS (huge) at levels 3 and 2 makes the entry a leaf of 1 GiB or 2 MiB. At level 1 the same bit 7 is PAT, which for a
 * huge leaf sits in bit 12. The memory type is PAT entry 4*PAT + 2*CD + WT.
 *
 * Levels: 5 = PML5 (under CR4.LA57), 4 = PML4, 3 = PDPT, 2 = PD, 1 = PT.
 *
 * An entry that is not present may still hold something of the kernel's: such an entry is live, though absent. The CPU
 * looks at nothing but its bit 0.
 *
 * Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging", and "Page Attribute Table (PAT)".
 */

import { INDEX_BITS, type Frame, type Page, frameAfter, uncheckedFrame } from "./addresses";
import { uncheckedPage } from "./addresses";

/** Bits of an entry beside the frame. `flagsOf` makes them from words: WRITABLE | USER | EXECUTABLE | GLOBAL, ... */
export type PageFlags = u64 & Newtype<"PageFlags">;

export const PRESENT: u64 = 1n << 0n;
export const WRITABLE: u64 = 1n << 1n;
/** Ring 3 may use it. Must be set at every level. */
export const USER: u64 = 1n << 2n;
export const WRITE_THROUGH: u64 = 1n << 3n;
export const CACHE_DISABLE: u64 = 1n << 4n;
/** Set by the CPU when it uses the entry. */
export const ACCESSED: u64 = 1n << 5n;
/** Set by the CPU in a leaf when it writes through it. */
export const DIRTY: u64 = 1n << 6n;
/** At levels 3 and 2: the entry is a leaf. */
export const HUGE: u64 = 1n << 7n;
/** Survives a CR3 write (CR4.PGE). Leaves only. */
export const GLOBAL: u64 = 1n << 8n;
/** Ours, in an entry that is not present: it keeps its frame and flags, but nobody may use them now. */
const HIDDEN: u64 = 1n << 9n;
const HIDDEN_TO_PRESENT: u64 = 9n;
export const NO_EXECUTE: u64 = 1n << 63n;
/** The word for a page that may run. The processor has it the other way round: what is not said is not allowed. */
export const EXECUTABLE: u64 = NO_EXECUTE;

/** PAT bit of a 4 KiB leaf, and so of PageFlags; `setHuge` moves it to where huge leaves have it. */
const PAT: u64 = 1n << 7n;
const HUGE_PAT: u64 = 1n << 12n;
/** Memory type by PAT entry 5, which enableProtections makes write-combining (as Limine does). */
export const WRITE_COMBINING: u64 = PAT | WRITE_THROUGH;
/** Uncached, by PAT entry 3: device registers. */
export const UNCACHED: u64 = CACHE_DISABLE | WRITE_THROUGH;

/** The frame an entry holds: bits 51..12. */
const FRAME_MASK: u64 = 0x000f_ffff_ffff_f000n;
const FLAGS_MASK: u64 = ~FRAME_MASK;
/** Ours, in an entry that is not present: in the place of the frame it holds the swap slot of the page. */
const SWAPPED: u64 = 1n << 10n;
/** Of these bits, writable alone is what no page of the kernel may have. */
const FORBIDDEN: u64 = WRITABLE | NO_EXECUTE;
/** What the CPU notes in a leaf. */
export const NOTED: u64 = ACCESSED | DIRTY;
const MEMORY_TYPE: u64 = PAT | WRITE_THROUGH | CACHE_DISABLE;
/** All that words can say. */
const WORDS: u64 = WRITABLE | USER | EXECUTABLE | GLOBAL | MEMORY_TYPE;
/** What a leaf's permission and memory type consist of; the rest is the CPU's or the walk's. */
const CHANGEABLE: u64 = WORDS;

/** Kernel mappings by section: no page is ever writable and executable. */
export const KERNEL_TEXT: PageFlags = ((GLOBAL | EXECUTABLE) ^ NO_EXECUTE) as PageFlags;
export const KERNEL_RODATA: PageFlags = (GLOBAL ^ NO_EXECUTE) as PageFlags;
export const KERNEL_DATA: PageFlags = ((GLOBAL | WRITABLE) ^ NO_EXECUTE) as PageFlags;
/** A framebuffer: writes are gathered, reads are slow. */
export const FRAMEBUFFER: PageFlags = ((GLOBAL | WRITABLE | WRITE_COMBINING) ^ NO_EXECUTE) as PageFlags;

/** Mappings of programs, which are never global. */
export const USER_TEXT: PageFlags = ((USER | EXECUTABLE) ^ NO_EXECUTE) as PageFlags;
export const USER_RODATA: PageFlags = (USER ^ NO_EXECUTE) as PageFlags;
export const USER_DATA: PageFlags = ((USER | WRITABLE) ^ NO_EXECUTE) as PageFlags;

/** From one frame to the next in an entry. */
const FRAME_STEP: u64 = 1n << 12n;
export const ENTRIES_PER_TABLE: u32 = 512;
const INDEX_MASK: u64 = 511n;

/** What this CPU lets entries hold: bit 63 is reserved, and faults, where EFER.NXE is off. */
class PagingSupport {
  allowed: u64 = 0xffff_ffff_ffff_ffffn;
}
const support = new PagingSupport();

/** Tells whether EFER.NXE is on; entries made from now on leave NO_EXECUTE away where it is not. */
export function setNoExecuteSupport(supported: bool): void {
  support.allowed = supported ? 0xffff_ffff_ffff_ffffn : ~NO_EXECUTE;
}

/**
 * Flags from words: WRITABLE, USER, EXECUTABLE, GLOBAL, and one of WRITE_COMBINING and UNCACHED; write-back is what is
 * left. A page is readable, the kernel's, and nothing else, unless a word says so. Other bits, or both memory types:
 * panic.
 */
export function flagsOf(words: u64): PageFlags {
  assert((words & ~WORDS) === 0n, "page flags are said in words");
  assert(isMemoryType(words & MEMORY_TYPE), "a page has one memory type");
  return (words ^ NO_EXECUTE) as PageFlags;
}

/** Whether these bits are the word for a memory type, or 0 for write-back. */
export function isMemoryType(bits: u64): bool {
  return bits === 0n || bits === WRITE_COMBINING || bits === UNCACHED;
}

/** The words that make these flags. */
export function wordsOf(flags: PageFlags): u64 {
  return (flags ^ NO_EXECUTE) & WORDS;
}

/** The same without permission to write. */
export function withoutWrites(flags: PageFlags): PageFlags {
  return (flags & ~WRITABLE) as PageFlags;
}

/** Whether the CPU had used the page. */
export function areAccessed(flags: PageFlags): bool {
  return (flags & ACCESSED) !== 0n;
}

/** Whether the CPU had written to the page. */
export function areDirty(flags: PageFlags): bool {
  return (flags & DIRTY) !== 0n;
}

/** Flags from bits of an entry. Bits of the frame field: panic. */
export function pageFlags(bits: u64): PageFlags {
  assert((bits & FRAME_MASK) === 0n, "page flags must not hold a frame");
  return bits as PageFlags;
}

/** The bits that choose the memory type: WRITE_COMBINING, UNCACHED, 0 for write-back, or another. */
export function memoryTypeOf(flags: PageFlags): u64 {
  return flags & MEMORY_TYPE;
}

/** One entry of a table at any level. */
export class PageTableEntry {
  private bits: u64;

  isPresent(): bool {
    return (this.bits & PRESENT) !== 0n;
  }

  /** Whether there is nothing in it at all. */
  isEmpty(): bool {
    return this.bits === 0n;
  }

  /** Whether it leads to a table. Only meaningful above level 1. */
  isTable(): bool {
    return (this.bits & (PRESENT | HUGE)) === PRESENT;
  }

  /** Whether it is a huge leaf. Only meaningful at levels 3 and 2: at level 1 the same bit is PAT. */
  isHuge(): bool {
    return (this.bits & HUGE) !== 0n;
  }

  isWritable(): bool {
    return (this.bits & WRITABLE) !== 0n;
  }

  isUser(): bool {
    return (this.bits & USER) !== 0n;
  }

  isExecutable(): bool {
    return (this.bits & NO_EXECUTE) === 0n;
  }

  /** Whether ring 3 cannot use it, and nobody execute what can be written. */
  isHarmless(): bool {
    return (this.bits & USER) === 0n && ((this.bits | ~support.allowed) & FORBIDDEN) !== WRITABLE;
  }

  /** The frame of the next table or of the page. For huge leaves use `hugeFrame`. */
  frame(): Frame {
    return uncheckedFrame((this.bits & FRAME_MASK) >> 12n);
  }

  /** The address of the table that the entry leads to. */
  tableAddress(): u64 {
    return this.bits & FRAME_MASK;
  }

  /** The first frame of a huge leaf. */
  hugeFrame(): Frame {
    return uncheckedFrame((this.bits & FRAME_MASK & ~HUGE_PAT) >> 12n);
  }

  /** The flags of a 4 KiB leaf or of a table entry. */
  flags(): PageFlags {
    return (this.bits & FLAGS_MASK) as PageFlags;
  }

  /** The flags of a huge leaf, in the form of a 4 KiB one: without HUGE, PAT in bit 7. */
  hugeFlags(): PageFlags {
    const flags = this.bits & FLAGS_MASK & ~HUGE;
    return ((this.bits & HUGE_PAT) === 0n ? flags : flags | PAT) as PageFlags;
  }

  /** Everything, as the CPU sees it: for reports. */
  raw(): u64 {
    return this.bits;
  }

  /** Everything at once, as the CPU will see it. */
  setRaw(bits: u64): void {
    this.bits = bits;
  }

  /** Makes it a 4 KiB leaf, present. */
  set(frame: Frame, flags: PageFlags): void {
    this.bits = (frame << 12n) | (flags & support.allowed) | PRESENT;
  }

  /** Makes it a leaf of 2 MiB or 1 GiB, present. `frame` is aligned to that size. */
  setHuge(frame: Frame, flags: PageFlags): void {
    const pat = (flags & PAT) === 0n ? 0n : HUGE_PAT;
    this.bits = (frame << 12n) | (flags & ~PAT & support.allowed) | HUGE | PRESENT | pat;
  }

  /** Makes it point to a table. Permissions are the leaf's: everything but `user` is allowed here. */
  setTable(table: Frame, user: bool): void {
    const bits = (table << 12n) | WRITABLE | PRESENT;
    this.bits = user ? bits | USER : bits;
  }

  /** Makes it lead to a root table, so that tables are reached through it as if they were pages: never executable. */
  setSelf(root: Frame): void {
    this.bits = (root << 12n) | (NO_EXECUTE & support.allowed) | WRITABLE | PRESENT;
  }

  /** Replaces permission and memory type of a present 4 KiB leaf; accessed and dirty stay. */
  setFlags(flags: PageFlags): void {
    this.bits = (this.bits & ~CHANGEABLE) | (flags & CHANGEABLE & support.allowed);
  }

  /** The same for a huge leaf. */
  setHugeFlags(flags: PageFlags): void {
    const kept = this.bits & (ACCESSED | DIRTY);
    this.setHuge(this.hugeFrame(), (flags & CHANGEABLE) as PageFlags);
    this.bits |= kept;
  }

  clear(): void {
    this.bits = 0n;
  }

  /** Whether it leads to a frame that it keeps from everybody. */
  isHidden(): bool {
    return (this.bits & (PRESENT | HIDDEN)) === HIDDEN;
  }

  /** Makes a present leaf one that is not, and keeps its frame. */
  hide(): void {
    this.bits = (this.bits & ~PRESENT) | HIDDEN;
  }

  /** Makes a hidden leaf a present one; any leaf gets permission and memory type. */
  showWith(flags: PageFlags): void {
    const shown = (this.bits & HIDDEN) >> HIDDEN_TO_PRESENT;
    this.bits = (this.bits & ~(CHANGEABLE | HIDDEN)) | (flags & CHANGEABLE & support.allowed) | shown;
  }

  /** Takes write permission away from a leaf. */
  forbidWrites(): void {
    this.bits &= ~WRITABLE;
  }

  /** Whether the CPU has used it since the bit was cleared. */
  isAccessed(): bool {
    return (this.bits & ACCESSED) !== 0n;
  }

  clearAccessed(): void {
    this.bits &= ~ACCESSED;
  }

  /** Takes back some of what the CPU noted in a leaf: ACCESSED, DIRTY. False: none of it was noted. */
  clearNoted(noted: u64): bool {
    const found = this.bits & noted & NOTED;
    this.bits ^= found;
    return found !== 0n;
  }

  /** Whether it is not present, and holds a swap slot. */
  isSwapped(): bool {
    return (this.bits & (PRESENT | SWAPPED)) === SWAPPED;
  }

  /** Makes a 4 KiB leaf, present or hidden, a swapped one: the slot takes the frame's place, the permissions stay. */
  setSwapped(slot: u64): void {
    this.bits = (this.bits & FLAGS_MASK & ~(PRESENT | HIDDEN | NOTED)) | SWAPPED | (slot << 12n);
  }

  /** The slot of a swapped leaf. */
  swapSlot(): u64 {
    return (this.bits & FRAME_MASK) >> 12n;
  }

  /** Makes a swapped leaf a present one again, with the permissions it had. */
  setSwappedIn(frame: Frame): void {
    this.bits = (this.bits & FLAGS_MASK & ~SWAPPED) | PRESENT | (frame << 12n);
  }
}

/** One 4 KiB paging structure of any level. */
@aligned(4096)
export class PageTable {
  readonly entries: FixedArray<PageTableEntry, 512>;

  /**
   * Makes `count` entries of a PT from `start` on leaves of consecutive frames. Stops at one that is not empty;
   * returns how many were made.
   */
  mapRun(start: u32, count: u32, frame: Frame, flags: PageFlags): u32 {
    const end = start + count;
    assert(end <= ENTRIES_PER_TABLE, "a run must lie in one table");
    const bits: u64 = (flags & support.allowed) | PRESENT;
    const first = (frame << 12n) | bits;
    let next: u64 = first;
    for (let i = start; i < end; i += 1) {
      const entry = this.entries[i];
      if (!entry.isEmpty()) break;
      entry.setRaw(next);
      next = wrappingAdd(next, FRAME_STEP);
    }
    return u32.wrap(wrappingSub(next, first) / FRAME_STEP);
  }

  /** Makes a PT whose content is undefined one of 512 leaves of consecutive frames. */
  fill(frame: Frame, flags: PageFlags): void {
    let next: u64 = (frame << 12n) | (flags & support.allowed) | PRESENT;
    for (let i: u32 = 0; i < ENTRIES_PER_TABLE; i += 1) {
      this.entries[i].setRaw(next);
      next = wrappingAdd(next, FRAME_STEP);
    }
  }

  /** The same for huge leaves, in a PD or PDPT; `pages` is how many 4 KiB pages one of them maps. */
  mapHugeRun(start: u32, count: u32, frame: Frame, pages: u64, flags: PageFlags): u32 {
    const end = start + count;
    assert(end <= ENTRIES_PER_TABLE, "a run must lie in one table");
    let next = frame;
    for (let i = start; i < end; i += 1) {
      const entry = this.entries[i];
      if (!entry.isEmpty()) return i - start;
      entry.setHuge(next, flags);
      next = frameAfter(next, pages);
    }
    return count;
  }

  /** Empties `count` entries from `start` on. Returns how many of them were live. */
  clearRun(start: u32, count: u32): u32 {
    const end = start + count;
    assert(end <= ENTRIES_PER_TABLE, "a run must lie in one table");
    let live: u32 = 0;
    for (let i = start; i < end; i += 1) {
      const entry = this.entries[i];
      if (!entry.isEmpty()) live += 1;
      entry.clear();
    }
    return live;
  }

  /** The first entry from `start` on that leads to a table; ENTRIES_PER_TABLE: none. Not for a PT. */
  nextTable(start: u32): u32 {
    for (let i = start; i < ENTRIES_PER_TABLE; i += 1) {
      if (this.entries[i].isTable()) return i;
    }
    return ENTRIES_PER_TABLE;
  }

  /** The first leaf in this table of `level` that is not harmless. */
  firstHarmfulLeaf(level: u32): u32 | null {
    const leaf: u64 = level === 1 ? PRESENT : PRESENT | HUGE;
    for (let i: u32 = 0; i < ENTRIES_PER_TABLE; i += 1) {
      const entry = this.entries[i];
      if ((entry.raw() & leaf) === leaf && !entry.isHarmless()) return i;
    }
    return null;
  }

  /** Whether one leaf of `level`, the level above, could do what all entries do. Present ones only: all are live. */
  isOneLeaf(level: u32): bool {
    const first = this.entries[0].raw();
    const frames = pagesPerLeaf(level);
    const isLeaf = level === 2 || (first & HUGE) !== 0n;
    if ((first & PRESENT) === 0n || !isLeaf) return false;
    const start = level === 2 ? this.entries[0].frame() : this.entries[0].hugeFrame();
    if ((start & (frames - 1n)) !== 0n) return false;
    let expected: u64 = first & ~NOTED;
    for (const entry of this.entries) {
      if ((entry.raw() & ~NOTED) !== expected) return false;
      expected = wrappingAdd(expected, FRAME_STEP * pagesPerLeaf(level - 1));
    }
    return true;
  }

  /** These flags, and what the CPU noted in any entry. */
  joinedFlags(flags: PageFlags): PageFlags {
    let joined: u64 = flags;
    for (const entry of this.entries) joined |= entry.raw() & NOTED;
    return joined as PageFlags;
  }

  /** Replaces permission and memory type of the present ones of `count` leaves of a PT from `start` on. */
  protectRun(start: u32, count: u32, flags: PageFlags): void {
    const end = start + count;
    assert(end <= ENTRIES_PER_TABLE, "a run must lie in one table");
    const change: u64 = flags & CHANGEABLE & support.allowed;
    for (let i = start; i < end; i += 1) {
      const entry = this.entries[i];
      if (entry.isPresent()) entry.setRaw((entry.raw() & ~CHANGEABLE) | change);
    }
  }
}

staticAssert(sizeOf<PageTableEntry>() === 8n);
staticAssert(sizeOf<PageTable>() === 4096n);

/** Which entry of a level's table leads to `page`: 0 .. 511. */
export function tableIndex(page: Page, level: u32): u32 {
  return u32.wrap((page >> shiftOf(level)) & INDEX_MASK);
}

/** Pages that one entry of this level stands for: 1, 512, 262144, ... */
export function pagesPerLeaf(level: u32): u64 {
  return 1n << shiftOf(level);
}

/** Bits of a page number below the index of this level. */
function shiftOf(level: u32): u64 {
  return wrappingMul(INDEX_BITS, wrappingSub(u64(level), 1n)) & 63n;
}

/** Pages of the lower half with four levels. */
const HALF_PAGES: u64 = 1n << 35n;

/** Which pages belong to ring 3: the lower half, but for what the kernel took of its beginning. */
class UserWindow {
  first: u64;
  end: u64 = HALF_PAGES - 1n;
}
const userWindow = new UserWindow();

/**
 * Tells that the pages below this one, a multiple of what a root's entry stands for, are the kernel's. The window goes
 * up to where it would without that, or as far beyond as a root's entry of five levels moves it.
 */
export function setUserWindow(first: Page): void {
  userWindow.first = first;
  userWindow.end = (first & ~(HALF_PAGES - 1n)) + HALF_PAGES - 1n;
}

/** The first page of ring 3's. */
export function userWindowFirst(): Page {
  return uncheckedPage(userWindow.first);
}

/** The page behind the last of ring 3's; with four levels the address there is not canonical. */
export function userWindowEnd(): Page {
  return uncheckedPage(userWindow.end);
}

/** Whether the page is one of ring 3's. */
export function isUserPage(page: Page): bool {
  return page >= userWindow.first && page >> 51n === 0n;
}
