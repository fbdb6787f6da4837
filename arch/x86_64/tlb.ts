/**
 * The translation lookaside buffer. Whoever changes a translation gets a Flush: the debt of what the TLB may still
 * hold. It must be applied or ignored by name; the compiler refuses a result that is dropped.
 *
 *      63 .................... 12   11 ....... 0
 *     +---------------------------+-------------+
 *     |  first page               |  pages      |    pages: 0 = nothing, 1 .. 32, PROGRAM or EVERYTHING
 *     +---------------------------+-------------+
 *
 * Past 32 pages one flush of everything is cheaper than one INVLPG each. Of ring 3's pages that is all that is not
 * global, by one write to CR3; pages of the kernel are global, and a write to CR3 spares them. A change from not
 * present to present needs no flush: the TLB never holds a translation that is not there.
 *
 * A flush belongs to a root table. The kernel half is the same under each: its flushes count at once for all. Of the
 * rest the TLB knows something only by the root in use, or by one that has a process context (contexts.ts).
 *
 * Intel SDM Vol. 3A, "Invalidation of TLBs and Paging-Structure Caches".
 */

import { type Frame, type Page, PAGE_SIZE, pageAfter, pageStart } from "./addresses";
import { forgetContext, rootTable, writeRoot } from "./contexts";
import { CR4_GLOBAL_PAGES } from "./controlRegisters";
import { isUserPage } from "./pageTable";
import { forgetGuests } from "./tableAccess";

export type Flush = u64 & Newtype<"Flush">;

/** Nothing to do. */
export const NO_FLUSH: Flush = 0n as Flush;

const MAX_PAGES: u64 = 32n;
const COUNT_MASK: u64 = 0xfffn;
/** Everything that is not global, by this root. */
const PROGRAM: u64 = 0xffen;
const EVERYTHING: u64 = 0xfffn;

/** INVPCID: everything of all contexts, global translations too. */
const ALL_CONTEXTS: u64 = 2n;

class TlbSupport {
  hasInvpcid: bool;
}
const support = new TlbSupport();

/** Tells whether the CPU has INVPCID. */
export function setInvpcidSupport(supported: bool): void {
  support.hasInvpcid = supported;
}

/** The debt of a change to one page. */
export function flushOfPage(page: Page): Flush {
  return (pageStart(page) | 1n) as Flush;
}

/** The debt of a change to `count` pages from `first` on. */
export function flushOfPages(first: Page, count: u64): Flush {
  if (count === 0n) return NO_FLUSH;
  if (count <= MAX_PAGES) return (pageStart(first) | count) as Flush;
  const areUsers = isUserPage(first) && isUserPage(pageAfter(first, count - 1n));
  return (areUsers ? PROGRAM : EVERYTHING) as Flush;
}

/** Removes from the TLB what a change of the kernel half, or under the root in use, made stale. */
export function applyFlush(flush: Flush): void {
  const count = flush & COUNT_MASK;
  if (count === 1n) invlpg(flush & ~COUNT_MASK);
  else applyLongFlush(flush & ~COUNT_MASK, count);
}

function applyLongFlush(first: u64, count: u64): void {
  if (count === EVERYTHING) {
    flushAll();
  } else if (count === PROGRAM) {
    writeCr3(readCr3());
  } else {
    let address: u64 = first;
    for (let i: u64 = 0n; i < count; i += 1n) {
      invlpg(address);
      address = wrappingAdd(address, PAGE_SIZE);
    }
  }
}

/** The same for a change of ring 3's pages under this root: now if it is in use, else before it is again. */
export function applyFlushUnder(root: Frame, flush: Flush): void {
  if (flush === NO_FLUSH) return;
  if (root === rootTable()) applyFlush(flush);
  else forgetContext(root);
}

/** Says that nothing can be stale: the tables were never in CR3, or everything will be flushed later. */
export function ignoreFlush(_flush: Flush): void {}

/** Empties the TLB, for all contexts, global translations too. */
export function flushAll(): void {
  const cr4 = readCr4();
  if (support.hasInvpcid) {
    invpcid(ALL_CONTEXTS, 0n, 0n);
  } else if ((cr4 & CR4_GLOBAL_PAGES) === 0n) {
    writeCr3(readCr3());
  } else {
    writeCr4(cr4 ^ CR4_GLOBAL_PAGES);
    writeCr4(cr4);
  }
}

/** Makes the tables under this root the ones in use, and empties the TLB. Code and stack must be mapped in both. */
export function loadRootTable(root: Frame): void {
  enterRootTable(root);
  flushAll();
}

/** The same from one root to another with the same kernel half: what the TLB knows is true, and stays where it can. */
export function enterRootTable(root: Frame): void {
  forgetGuests();
  writeRoot(root);
}
