/**
 * The regions of an address space, in order and in a tree.
 *
 *     pages   |FIRST|  gap  |# region #|#region#|    gap     |~ reserve ~|# stack #| gap |END|
 *                           ^ previous -> next ->                          ^ grows down
 *
 * Regions never overlap. A list threads them from low to high. Over it stands a treap: a search tree by address that is
 * at the same time a heap by random priorities, which keeps it some 2 log n deep without a rule for balance. Every node
 * knows the widest gap below any region of its subtree, so that a place for n pages is found by one way down. All of it
 * is loops, no recursion: the fault path searches here.
 *
 * C. Aragon, R. Seidel, "Randomized Search Trees".
 */

import { type Frame, PAGE_SIZE, type Page, pageAt } from "../../arch/x86_64/addresses";
import { userWindowEnd, userWindowFirst } from "../../arch/x86_64/pageTable";

/** Pages at the start of the user window that are never mapped: there null pointers fault. */
const NULL_PAGES: u64 = 16n;
/** The first page that programs may use. */
export function firstUserPage(): u64 {
  return userWindowFirst() + NULL_PAGES;
}

/** The page behind the last that programs may use. */
export function endUserPage(): u64 {
  return userWindowEnd();
}

/** The address behind the last that programs may use. */
export function endUserAddress(): u64 {
  return endUserPage() * PAGE_SIZE;
}

/** Pages that stay free below a stack, so that what runs over its end meets nothing. */
export const STACK_GUARD_PAGES: u64 = 256n;

/** What stands behind the pages of a region. */
export enum RegionKind {
  /** Zero at first, the space's own; a clone gets a copy on write. */
  Private,
  /** The same that grows down on demand, as far as its floor. */
  Stack,
  /** What a file has at first; else as private. */
  File,
  /** Zero at first, the same pages in every clone. */
  Shared,
  /** Given physical frames: device registers, a framebuffer. */
  Physical,
}

/** What a program may do with a page. Made by `tryPermissions`. */
export type Permissions = u32 & Newtype<"Permissions">;

export const READ: u32 = 1;
export const WRITE: u32 = 2;
export const EXECUTE: u32 = 4;
export const NO_ACCESS: Permissions = 0 as Permissions;
export const READ_ONLY: Permissions = READ as Permissions;
export const READ_WRITE: Permissions = (READ | WRITE) as Permissions;
export const READ_EXECUTE: Permissions = (READ | EXECUTE) as Permissions;

/** What is written or executed can be read too. Null: writable and executable at once, or unknown bits. */
export function tryPermissions(bits: u32): Permissions | null {
  switch (bits) {
    case 0:
      return NO_ACCESS;
    case READ:
      return READ_ONLY;
    case WRITE:
    case READ | WRITE:
      return READ_WRITE;
    case EXECUTE:
    case READ | EXECUTE:
      return READ_EXECUTE;
    default:
      return null;
  }
}

/** A stretch of pages that are alike. */
export class Region {
  first: Page;
  /** The first page behind. */
  end: Page;
  kind: RegionKind;
  permissions: Permissions;
  /** Stack: the lowest page that it may grow to. */
  floor: Page;
  /** Shared, File: the frame that leads to the pages (sharedPages.ts), of which the region holds one reference. */
  store: Frame;
  /** Shared, File: the number of the first page within the store. Physical: the number of its frame. */
  origin: u64;
  /** Physical: bits of PageFlags that choose the memory type. */
  memoryType: u64;

  /** The neighbours; `next` also chains regions that are not in use. */
  previous: Ref<Region> | null;
  next: Ref<Region> | null;
  /** The tree's own from here on. */
  parent: Ref<Region> | null;
  left: Ref<Region> | null;
  right: Ref<Region> | null;
  priority: u64;
  /** The widest gap below any region of the subtree. */
  widestGap: u64;

  pages(): u64 {
    return this.end - this.first;
  }

  contains(page: Page): bool {
    return page >= this.first && page < this.end;
  }

  /** Whether what stands behind it is a store. */
  hasStore(): bool {
    return this.kind === RegionKind.File || this.kind === RegionKind.Shared;
  }

  /** The lowest page that belongs to it, what a stack may need later included. */
  reservedFirst(): u64 {
    return this.kind === RegionKind.Stack ? this.floor - STACK_GUARD_PAGES : this.first;
  }

  /** Pages below it that belong to nobody. */
  gapBelow(): u64 {
    const previous = this.previous;
    const bottom: u64 = previous === null ? firstUserPage() : previous.end;
    const top = this.reservedFirst();
    return top > bottom ? top - bottom : 0n;
  }

  /** What `widestGap` must be. */
  measuredGap(): u64 {
    let widest = this.gapBelow();
    const left = this.left;
    const right = this.right;
    if (left !== null && left.widestGap > widest) widest = left.widestGap;
    if (right !== null && right.widestGap > widest) widest = right.widestGap;
    return widest;
  }
}

/** All regions of one address space. */
export class RegionTree {
  lowest: Ref<Region> | null;
  highest: Ref<Region> | null;
  count: u32;
  /** Pages of all regions together. */
  pages: u64;
  private root: Ref<Region> | null;
  /** What was found last: faults come in clusters. */
  private recent: Ref<Region> | null;
  private seed: u64;

  /** The region that holds this page, or null. */
  find(page: Page): Region | null {
    const recent = this.recent;
    if (recent !== null && recent.contains(page)) return recent;
    const region = this.findFrom(page);
    if (region === null || page < region.first) return null;
    this.recent = region;
    return region;
  }

  /** The lowest region that holds this page or lies above it, or null. */
  findFrom(page: u64): Region | null {
    let found: Region | null = null;
    let node = this.root;
    while (node !== null) {
      if (page < node.end) {
        found = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** The highest place for this many pages that ends at `top` or below. Null: no gap there is so wide. */
  findGap(pages: u64, top: Page): Page | null {
    const above = this.findFrom(top);
    const below = above === null ? this.highest : above.previous;
    const bottom: u64 = below === null ? firstUserPage() : below.end;
    const reserved: u64 = above === null ? top : above.reservedFirst();
    const limit: u64 = reserved < top ? reserved : top;
    if (limit >= bottom && limit - bottom >= pages) return pageAt(limit - pages);
    return below === null ? null : findGapUnder(below, pages);
  }

  /** Takes a region in. It overlaps none. */
  insert(region: Region): void {
    const next = this.findFrom(region.first);
    const previous = next === null ? this.highest : next.previous;
    assert(next === null || region.end <= next.first, "regions must not overlap");
    this.thread(previous, region, next);
    region.left = null;
    region.right = null;
    region.priority = this.nextPriority();
    this.hang(region, previous, next);
    this.count += 1;
    this.pages += region.pages();
    raiseGaps(region);
    if (next !== null) raiseGaps(next);
    this.rise(region);
  }

  /** Takes in what a region that is there gives up: the pages from where `upper` begins. No gap changes by that. */
  split(lower: Region, upper: Region): void {
    const next = lower.next;
    lower.end = upper.first;
    this.thread(lower, upper, next);
    upper.left = null;
    upper.right = null;
    upper.priority = this.nextPriority();
    upper.widestGap = 0n;
    this.hang(upper, lower, next);
    this.count += 1;
    this.rise(upper);
  }

  /** Takes a region out, and gives its pages to the one below, which it touches. No gap changes by that. */
  unite(lower: Region, upper: Region): void {
    this.sink(upper);
    this.replaceChild(upper.parent, upper, upper.left ?? upper.right);
    this.unthread(upper);
    lower.end = upper.end;
    this.count -= 1;
    if (this.recent === upper) this.recent = lower;
  }

  /** Takes a region out. It stays what it was, but for its neighbours. */
  remove(region: Region): void {
    this.sink(region);
    const child = region.left ?? region.right;
    const parent = region.parent;
    this.replaceChild(parent, region, child);
    const next = region.next;
    this.unthread(region);
    this.count -= 1;
    this.pages -= region.pages();
    if (this.recent === region) this.recent = null;
    if (parent !== null) raiseGaps(parent);
    if (next !== null) raiseGaps(next);
  }

  /** Moves the limits of a region. It still overlaps none and keeps its place in the order. */
  resize(region: Region, first: Page, end: Page): void {
    this.pages = this.pages - region.pages() + (end - first);
    const movesFirst = region.first !== first;
    region.first = first;
    if (movesFirst) raiseGaps(region);
    if (region.end === end) return;
    region.end = end;
    const next = region.next;
    if (next !== null) raiseGaps(next);
  }

  /** Checks order, links, priorities and gaps of all regions. Any of them wrong: panic. */
  verify(): void {
    let count: u32 = 0;
    let pages: u64 = 0n;
    let bottom: u64 = firstUserPage();
    let previous: Region | null = null;
    for (let at = this.lowest; at !== null; at = at.next) {
      assert(at.previous === previous, "regions are threaded in both directions");
      assert(at.first >= bottom && at.end > at.first && at.end <= endUserPage(), "regions are sorted and disjoint");
      assert(at.widestGap === at.measuredGap(), "a node knows the widest gap of its subtree");
      this.verifyLinks(at);
      bottom = at.end;
      previous = at;
      count += 1;
      pages += at.pages();
    }
    assert(previous === this.highest, "the highest region ends the list");
    assert(count === this.count && pages === this.pages, "the counters agree with the regions");
  }

  private verifyLinks(node: Region): void {
    const parent = node.parent;
    if (parent === null) assert(this.root === node, "only the root has no parent");
    else assert(parent.left === node || parent.right === node, "a parent knows its child");
    assert(parent === null || parent.priority >= node.priority, "no child comes before its parent");
    const left = node.left;
    const right = node.right;
    assert(left === null || left.end <= node.first, "what is left lies below");
    assert(right === null || right.first >= node.end, "what is right lies above");
  }

  // --- List ----------------------------------------------------------------------------------------------------------

  private thread(previous: Region | null, region: Region, next: Region | null): void {
    region.previous = previous;
    region.next = next;
    if (previous === null) this.lowest = region;
    else previous.next = region;
    if (next === null) this.highest = region;
    else next.previous = region;
  }

  private unthread(region: Region): void {
    const previous = region.previous;
    const next = region.next;
    if (previous === null) this.lowest = next;
    else previous.next = next;
    if (next === null) this.highest = previous;
    else next.previous = previous;
  }

  // --- Tree ----------------------------------------------------------------------------------------------------------

  /** Hangs a leaf between two neighbours: one of them has room on that side. */
  private hang(region: Region, previous: Region | null, next: Region | null): void {
    if (next !== null && next.left === null) {
      next.left = region;
      region.parent = next;
    } else if (previous !== null) {
      previous.right = region;
      region.parent = previous;
    } else {
      this.root = region;
      region.parent = null;
    }
  }

  /** Brings a region up to where its priority belongs. */
  private rise(region: Region): void {
    for (let parent = region.parent; parent !== null && parent.priority < region.priority; parent = region.parent) {
      this.rotateUp(region, parent);
    }
  }

  /** Brings a region down until it has at most one child. */
  private sink(region: Region): void {
    while (true) {
      const left = region.left;
      const right = region.right;
      if (left === null || right === null) return;
      this.rotateUp(left.priority > right.priority ? left : right, region);
    }
  }

  /**
   *       parent          node
   *       /    \          /   \
   *     node    c   ->   a   parent      and its mirror image
   *     /  \                 /    \
   *    a    b               b      c
   */
  private rotateUp(node: Region, parent: Region): void {
    this.replaceChild(parent.parent, parent, node);
    if (parent.left === node) {
      const inner = node.right;
      parent.left = inner;
      if (inner !== null) inner.parent = parent;
      node.right = parent;
    } else {
      const inner = node.left;
      parent.right = inner;
      if (inner !== null) inner.parent = parent;
      node.left = parent;
    }
    parent.parent = node;
    parent.widestGap = parent.measuredGap();
    node.widestGap = node.measuredGap();
  }

  /** Puts `node` (or nothing) where `old` hangs. */
  private replaceChild(parent: Region | null, old: Region, node: Region | null): void {
    if (node !== null) node.parent = parent;
    if (parent === null) this.root = node;
    else if (parent.left === old) parent.left = node;
    else parent.right = node;
  }

  /** Pseudo-random (xorshift64). */
  private nextPriority(): u64 {
    let seed: u64 = this.seed === 0n ? 0x9e37_79b9_7f4a_7c15n : this.seed;
    seed ^= seed << 13n;
    seed ^= seed >> 7n;
    seed ^= seed << 17n;
    this.seed = seed;
    return seed;
  }
}

/** The highest place for this many pages below this region or one further down. Null: no gap there is so wide. */
function findGapUnder(region: Region, pages: u64): Page | null {
  let node: Region | null = region;
  while (node !== null) {
    if (node.gapBelow() >= pages) return pageAt(node.reservedFirst() - pages);
    const left: Region | null = node.left;
    if (left !== null && left.widestGap >= pages) return highestGap(left, pages);
    node = lowerAncestor(node);
  }
  return null;
}

/** The nearest region up the tree that lies lower. */
function lowerAncestor(region: Region): Region | null {
  let node = region;
  let parent = region.parent;
  while (parent !== null && parent.left === node) {
    node = parent;
    parent = node.parent;
  }
  return parent;
}

/** The highest place for this many pages below a region of this subtree, which has one. */
function highestGap(root: Region, pages: u64): Page {
  let node: Region | null = root;
  while (node !== null) {
    const right: Region | null = node.right;
    if (right !== null && right.widestGap >= pages) node = right;
    else if (node.gapBelow() >= pages) return pageAt(node.reservedFirst() - pages);
    else node = node.left;
  }
  panic("the tree of regions promised a gap that is not there");
}

/** Corrects the widest gaps from a region up, as far as they change. */
function raiseGaps(region: Region): void {
  region.widestGap = region.measuredGap();
  let node = region.parent;
  while (node !== null) {
    const gap = node.measuredGap();
    if (node.widestGap === gap) return;
    node.widestGap = gap;
    node = node.parent;
  }
}
