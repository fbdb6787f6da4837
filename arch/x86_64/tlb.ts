/**
 * The translation lookaside buffer. Whoever changes a translation gets a Flush: the debt of what the TLB may still
 * hold. It must be applied or ignored by name; the compiler refuses a result that is dropped.
 *
 *      63 .................... 12   11 ....... 0
 *     +---------------------------+-------------+
 *     |  first page               |  pages      |    pages: 0 = nothing, 1 .. 32, or EVERYTHING
 *     +---------------------------+-------------+
 *
 * Past 32 pages one flush of everything is cheaper than one invlpg each. A change from not present to present needs
 * none: the TLB never holds a translation that is not there.
 *
 * Intel SDM Vol. 3A, "Invalidation of TLBs and Paging-Structure Caches".
 */

import { type Frame, type Page, PAGE_SIZE, frameContaining, frameStart, pageStart, physAddr } from "./addresses";
import { forgetGuests } from "./tableAccess";

export type Flush = u64 & Newtype<"Flush">;

/** Nothing to do. */
export const NO_FLUSH: Flush = 0n as Flush;

const MAX_PAGES: u64 = 32n;
const COUNT_MASK: u64 = 0xfffn;
const EVERYTHING: u64 = COUNT_MASK;

/** CR3 holds the root table's address; bits 11..0 are cache control and the process context. */
const CR3_ADDRESS_MASK: u64 = 0x000f_ffff_ffff_f000n;
/** CR4.PGE: global translations survive a CR3 write. */
const CR4_GLOBAL_PAGES: u64 = 1n << 7n;

/** The debt of a change to one page. */
export function flushOfPage(page: Page): Flush {
  return (pageStart(page) | 1n) as Flush;
}

/** The debt of a change to `count` pages from `first` on. */
export function flushOfPages(first: Page, count: u64): Flush {
  if (count === 0n) return NO_FLUSH;
  if (count > MAX_PAGES) return EVERYTHING as Flush;
  return (pageStart(first) | count) as Flush;
}

/** One debt for two. */
export function bothFlushes(left: Flush, right: Flush): Flush {
  if (left === NO_FLUSH) return right;
  if (right === NO_FLUSH) return left;
  return EVERYTHING as Flush;
}

/** Removes from the TLB what the change made stale. */
export function applyFlush(flush: Flush): void {
  const count = flush & COUNT_MASK;
  if (count === EVERYTHING) {
    flushAll();
    return;
  }
  let address: u64 = flush & ~COUNT_MASK;
  for (let i: u64 = 0n; i < count; i += 1n) {
    invlpg(address);
    address = wrappingAdd(address, PAGE_SIZE);
  }
}

/** Says that nothing can be stale: the tables are not in CR3, or everything will be flushed later. */
export function ignoreFlush(_flush: Flush): void {}

/** Empties the TLB, global translations too. */
export function flushAll(): void {
  const cr4 = readCr4();
  if ((cr4 & CR4_GLOBAL_PAGES) === 0n) {
    writeCr3(readCr3());
    return;
  }
  writeCr4(cr4 ^ CR4_GLOBAL_PAGES);
  writeCr4(cr4);
}

/** Makes the tables under this root the ones in use, and empties the TLB. Code and stack must be mapped in both. */
export function loadRootTable(root: Frame): void {
  forgetGuests();
  writeCr3(frameStart(root));
  flushAll();
}

/** The root in use. */
export function rootTable(): Frame {
  return frameContaining(physAddr(readCr3() & CR3_ADDRESS_MASK));
}
