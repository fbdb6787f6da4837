/**
 * The reverse map: from a frame to all pages that map it, so that it can be taken away from them.
 *
 *     FrameInfo.mapping:     0                    nowhere
 *
 *      63 ......... 36   35 ......... 1    0
 *     +----------------+----------------+---+
 *     |  root          |  page          | 1 |     one page of the user window, counted from its start; root below 1 TiB
 *     +----------------+----------------+---+
 *
 *                            address      --> Mapping --> Mapping --> null       any others
 *
 * Who maps an anonymous frame says so here, and who unmaps it too. A place is a root table and a page; there is at most
 * one of each for a frame.
 */

import { type Frame, type Page, frameStart, pageAfter, pageStart, uncheckedFrame } from "../../arch/x86_64/addresses";
import { userWindowFirst } from "../../arch/x86_64/pageTable";
import { type FrameInfo, frameInfo } from "./frames";
import { ObjectCache } from "./heap";

/** One page that maps a frame. */
class Mapping {
  root: Frame;
  page: Page;
  next: Ref<Mapping> | null;
}

/** A place in the list of a frame's pages: `root` and `page` are what `firstMapping` and `nextMapping` found. */
export class MappingCursor {
  root: Frame;
  page: Page;
  rest: Ref<Mapping> | null;
}

const mappings = new ObjectCache<Mapping>();

const INLINE: u64 = 1n;
const PAGE_SHIFT_INLINE: u64 = 1n;
const ROOT_SHIFT_INLINE: u64 = 36n;
const PAGE_LIMIT: u64 = 1n << (ROOT_SHIFT_INLINE - PAGE_SHIFT_INLINE);
const ROOT_LIMIT: u64 = 1n << (64n - ROOT_SHIFT_INLINE);

// --- Changing --------------------------------------------------------------------------------------------------------

/** Records that `page` under the table `root` maps the frame. False: out of memory, nothing is recorded. */
export function addMapping(frame: Frame, root: Frame, page: Page): bool {
  const info = frameInfo(frame);
  if (info.mapping === 0n && fitsInline(root, page)) {
    info.mapping = inlineMapping(root, page);
    return true;
  }
  const chain = chainOf(info.mapping);
  const isAlone = (info.mapping & INLINE) !== 0n;
  const first = isAlone ? newMapping(inlineRoot(info.mapping), inlinePage(info.mapping), null) : chain;
  if (isAlone && first === null) return false;
  const added = newMapping(root, page, first);
  if (added === null) {
    if (isAlone && first !== null) mappings.free(first);
    return false;
  }
  info.mapping = addressOf(added);
  return true;
}

/**
 * Records that `page` under the table `root` is the only one that maps the frame with this info. Takes no memory, so that
 * page faults may do it; a place that does not fit into the info is not recorded.
 */
export function setOnlyMapping(info: FrameInfo, root: Frame, page: Page): void {
  info.mapping = fitsInline(root, page) ? inlineMapping(root, page) : 0n;
}

/** Forgets what `setOnlyMapping` has recorded, if anything. */
export function clearOnlyMapping(info: FrameInfo): void {
  info.mapping = 0n;
}

/** Records that `page` under `root` does not map the frame any more. It was not recorded: panic. */
export function removeMapping(frame: Frame, root: Frame, page: Page): void {
  const info = frameInfo(frame);
  if ((info.mapping & INLINE) !== 0n) {
    if (info.mapping !== inlineMapping(root, page)) refuse(frame, page);
    info.mapping = 0n;
    return;
  }
  info.mapping = mappingWithout(frame, chainOf(info.mapping), root, page);
}

/** Nothing maps the frame any more. */
export function forgetMappings(frame: Frame): void {
  const info = frameInfo(frame);
  let mapping = chainOf(info.mapping);
  while (mapping !== null) {
    const next: Mapping | null = mapping.next;
    mappings.free(mapping);
    mapping = next;
  }
  info.mapping = 0n;
}

// --- Asking ----------------------------------------------------------------------------------------------------------

/** Finds the first page that maps the frame, in no order. False: none does. */
export function firstMapping(frame: Frame, cursor: MappingCursor): bool {
  const mapping = frameInfo(frame).mapping;
  if ((mapping & INLINE) === 0n) {
    cursor.rest = chainOf(mapping);
    return nextMapping(cursor);
  }
  cursor.root = inlineRoot(mapping);
  cursor.page = inlinePage(mapping);
  cursor.rest = null;
  return true;
}

/** Goes on to the next. False: that was the last one. The list must not have changed. */
export function nextMapping(cursor: MappingCursor): bool {
  const mapping = cursor.rest;
  if (mapping === null) return false;
  cursor.root = mapping.root;
  cursor.page = mapping.page;
  cursor.rest = mapping.next;
  return true;
}

/** Pages that map the frame. */
export function mappingCount(frame: Frame): u32 {
  const mapping = frameInfo(frame).mapping;
  if ((mapping & INLINE) !== 0n) return 1;
  let count: u32 = 0;
  for (let each = chainOf(mapping); each !== null; each = each.next) count += 1;
  return count;
}

// --- One page: in the info itself ------------------------------------------------------------------------------------

function fitsInline(root: Frame, page: Page): bool {
  return root < ROOT_LIMIT && wrappingSub(page, userWindowFirst()) < PAGE_LIMIT;
}

function inlineMapping(root: Frame, page: Page): u64 {
  return (root << ROOT_SHIFT_INLINE) | (wrappingSub(page, userWindowFirst()) << PAGE_SHIFT_INLINE) | INLINE;
}

function inlineRoot(mapping: u64): Frame {
  return uncheckedFrame(mapping >> ROOT_SHIFT_INLINE);
}

function inlinePage(mapping: u64): Page {
  return pageAfter(userWindowFirst(), (mapping >> PAGE_SHIFT_INLINE) & (PAGE_LIMIT - 1n));
}

// --- More: a chain ---------------------------------------------------------------------------------------------------

/** The chain that an info refers to; null when it refers to none. */
function chainOf(mapping: u64): Mapping | null {
  return mapping === 0n || (mapping & INLINE) !== 0n ? null : overlay<Mapping>(mapping);
}

function newMapping(root: Frame, page: Page, next: Mapping | null): Mapping | null {
  const mapping = mappings.allocate();
  if (mapping === null) return null;
  mapping.root = root;
  mapping.page = page;
  mapping.next = next;
  return mapping;
}

/** Takes one page out of a chain, and returns what the info says then. */
function mappingWithout(frame: Frame, chain: Mapping | null, root: Frame, page: Page): u64 {
  let first = chain;
  let previous: Mapping | null = null;
  let mapping = chain;
  while (mapping !== null && (mapping.root !== root || mapping.page !== page)) {
    previous = mapping;
    mapping = mapping.next;
  }
  if (mapping === null) refuse(frame, page);
  if (previous === null) first = mapping.next;
  else previous.next = mapping.next;
  mappings.free(mapping);
  return shortest(first);
}

/** A chain of one goes back to the info itself where it fits. */
function shortest(chain: Mapping | null): u64 {
  if (chain === null) return 0n;
  if (chain.next !== null || !fitsInline(chain.root, chain.page)) return addressOf(chain);
  const mapping = inlineMapping(chain.root, chain.page);
  mappings.free(chain);
  return mapping;
}

function refuse(frame: Frame, page: Page): never {
  panic(`the frame at ${frameStart(frame)} is not said to be mapped at ${pageStart(page)}`);
}
