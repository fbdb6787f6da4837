/**
 * Addresses, frames and pages: four newtypes that refuse to mix.
 *
 *     PhysAddr  byte address on the memory bus, 0 .. 2^52 - 1
 *     VirtAddr  byte address a program uses; canonical: bits 63..47 all equal (63..56 with five levels)
 *     Frame     number of a physical 4 KiB unit:  PhysAddr >> 12
 *     Page      number of a virtual 4 KiB unit:   VirtAddr >> 12, the 52 upper bits of the canonical address
 *
 *      63   57 56    48 47     39 38     30 29     21 20     12 11         0
 *     +-------+--------+---------+---------+---------+---------+------------+
 *     | sign           |  PML4   |  PDPT   |   PD    |   PT    |  offset    |   VirtAddr, 4-level paging
 *     +-------+--------+---------+---------+---------+---------+------------+
 *     | sign  |  PML5  |  PML4   |  PDPT   |   PD    |   PT    |  offset    |   VirtAddr, 5-level paging
 *     +-------+--------+---------+---------+---------+---------+------------+
 *
 * Each type has a door that checks (`physAddr`), and where the value may come from outside one that answers null
 * (`tryVirtAddr`). The unchecked doors are for values that arithmetic on checked ones produced.
 *
 * Intel SDM Vol. 1, "Canonical Addressing"; Vol. 3A, "4-Level Paging and 5-Level Paging".
 */

export type PhysAddr = u64 & Newtype<"PhysAddr">;
export type VirtAddr = u64 & Newtype<"VirtAddr">;
export type Frame = u64 & Newtype<"Frame">;
export type Page = u64 & Newtype<"Page">;

/** Bytes in a frame and in a page. */
export const PAGE_SIZE: u64 = 4096n;
/** log2 of PAGE_SIZE. */
export const PAGE_SHIFT: u64 = 12n;
/** Pages that one entry of a PD, and of a PDPT, can map at once. */
export const PAGES_PER_2MIB: u64 = 512n;
export const PAGES_PER_1GIB: u64 = 512n * 512n;

/** The architecture's limit; a CPU may have fewer (CPUID 0x80000008). */
export const MAX_PHYS_BITS: u64 = 52n;
export const MAX_PHYS_ADDR: u64 = (1n << MAX_PHYS_BITS) - 1n;
/** One more than the number of the highest frame the architecture knows. */
export const MAX_FRAME_COUNT: u64 = 1n << (MAX_PHYS_BITS - PAGE_SHIFT);

/** Stands for no frame: the frame at address 0 is never used. */
export const NO_FRAME: Frame = 0n as Frame;

const OFFSET_MASK: u64 = PAGE_SIZE - 1n;
/** Bits of an address that choose an entry of one table. */
export const INDEX_BITS: u64 = 9n;

/** How many levels of tables the processor walks, and what follows from it. */
class PagingLevels {
  count: u32 = 4;
  /** A canonical address has from this bit on only zeros or only ones. */
  signShift: u64 = 47n;
}
const paging = new PagingLevels();

// --- Levels ----------------------------------------------------------------------------------------------------------

/** Tells how many levels of tables there are: 4, or 5 under CR4.LA57. Once, before any address is checked. */
export function setPagingLevels(levels: u32): void {
  assert(levels === 4 || levels === 5, "page tables have 4 levels or 5");
  paging.count = levels;
  paging.signShift = PAGE_SHIFT + INDEX_BITS * u64(levels) - 1n;
}

/** The level of a root table: 4 for a PML4, 5 for a PML5. */
export function pagingLevels(): u32 {
  return paging.count;
}

// --- PhysAddr --------------------------------------------------------------------------------------------------------

/** A physical address. Beyond 52 bits: panic. */
export function physAddr(value: u64): PhysAddr {
  assert(value <= MAX_PHYS_ADDR, "a physical address has at most 52 bits");
  return value as PhysAddr;
}

/** `address` moved up by `bytes`. The caller vouches that the result has at most 52 bits. */
export function physAfter(address: PhysAddr, bytes: u64): PhysAddr {
  return (address + bytes) as PhysAddr;
}

// --- VirtAddr --------------------------------------------------------------------------------------------------------

/** Whether the bits from the sign of the virtual address on agree: 63..47, with five levels 63..56. */
export function isCanonical(value: u64): bool {
  const sign = value >> paging.signShift;
  return sign === 0n || sign === u64.MAX >> paging.signShift;
}

/** A virtual address. Not canonical: panic. */
export function virtAddr(value: u64): VirtAddr {
  assert(isCanonical(value), "a virtual address must be canonical");
  return value as VirtAddr;
}

/** A virtual address, or null when `value` is not canonical. */
export function tryVirtAddr(value: u64): VirtAddr | null {
  if (!isCanonical(value)) return null;
  return value as VirtAddr;
}

/** A virtual address whose canonical form the caller vouches for. */
export function uncheckedVirtAddr(value: u64): VirtAddr {
  return value as VirtAddr;
}

/** Whether the address belongs to the upper half, where the kernel lives. */
export function isHigherHalf(address: VirtAddr): bool {
  return address >> 63n !== 0n;
}

// --- Frame -----------------------------------------------------------------------------------------------------------

/** The frame of this number. Beyond 40 bits: panic. */
export function frameAt(number: u64): Frame {
  assert(number < MAX_FRAME_COUNT, "a frame number has at most 40 bits");
  return number as Frame;
}

/** The frame of a number that the caller vouches for. */
export function uncheckedFrame(number: u64): Frame {
  return number as Frame;
}

export function frameContaining(address: PhysAddr): Frame {
  return (address >> PAGE_SHIFT) as Frame;
}

export function frameStart(frame: Frame): PhysAddr {
  return (frame << PAGE_SHIFT) as PhysAddr;
}

export function frameNumber(frame: Frame): u64 {
  return frame;
}

/** The frame `count` frames further up. The caller vouches that the result has at most 40 bits. */
export function frameAfter(frame: Frame, count: u64): Frame {
  return (frame + count) as Frame;
}

// --- Page ------------------------------------------------------------------------------------------------------------

/** The page of this number. Not the number of a canonical page: panic. */
export function pageAt(number: u64): Page {
  assert(number < 1n << 52n && isCanonical(number << PAGE_SHIFT), "a page number must be that of a canonical address");
  return number as Page;
}

/** The page of a number that the caller vouches for. */
export function uncheckedPage(number: u64): Page {
  return number as Page;
}

export function pageContaining(address: VirtAddr): Page {
  return (address >> PAGE_SHIFT) as Page;
}

export function pageStart(page: Page): VirtAddr {
  return (page << PAGE_SHIFT) as VirtAddr;
}

export function pageNumber(page: Page): u64 {
  return page;
}

/** The page `count` pages further up. The caller vouches that the result is canonical. */
export function pageAfter(page: Page, count: u64): Page {
  return (page + count) as Page;
}

// --- Both ------------------------------------------------------------------------------------------------------------

/** Offset of a byte address within its frame or page. */
export function offsetInPage(address: u64): u64 {
  return address & OFFSET_MASK;
}

/** Whether a byte address is the start of a frame or page. */
export function isPageAligned(address: u64): bool {
  return (address & OFFSET_MASK) === 0n;
}

/** Frames or pages that hold `bytes` bytes from a page-aligned start. Up to 2^64 - 4096. */
export function pagesFor(bytes: u64): u64 {
  return (bytes + OFFSET_MASK) >> PAGE_SHIFT;
}
