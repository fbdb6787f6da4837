/**
 * The bookkeeping of one address space: which pages belong to what. It knows regions and their limits, not page tables.
 *
 *     cut(page)     |###########|   ->   |#####|#####|         a border there, if a region goes across
 *     join(page)    |#####|#####|   ->   |###########|         no border there, if both sides are alike
 *
 * So an operation on a stretch of pages cuts at both ends, changes the whole regions between, and joins at both ends.
 * What it may need is made sure of before (`makeRoom`): from there on nothing can fail, and nothing stays half done.
 *
 * Regions lie in frames that the address space takes for them and keeps until its end:
 *
 *     block   | previous | region | region | ... | region |      unused ones are chained by `next`
 */

import { type Frame, type Page, PAGE_SIZE, frameAt, frameNumber } from "../../arch/x86_64/addresses";
import { frameToVirt } from "../../arch/x86_64/physmap";
import { FrameOwner, acquireFrame, releaseFrame, shareFrame } from "./frames";
import { Region, RegionKind, RegionTree } from "./regionTree";

/** What became of an operation on an address space. All but Done leave everything as it was. */
export enum SpaceResult {
  Done,
  /** The request makes no sense, to any address space (EINVAL). */
  Invalid,
  /** No frame, no region, no stretch of addresses, or no page of the limit is left (ENOMEM). */
  OutOfMemory,
  /** Something is there already (EEXIST). */
  Exists,
  /** Writable and executable at once (EACCES). */
  NotAllowed,
  /** Nothing is there, or not all of it (EFAULT). */
  BadAddress,
}

/** No operation adds more: two cuts where something was, and two where it goes. */
const MOST_NEW_REGIONS: u32 = 4;
const REGIONS_PER_BLOCK: u32 = 36;

/** A frame full of regions. */
@aligned(4096)
class RegionBlock {
  /** The number of the block's predecessor; 0: none. */
  previous: u64;
  readonly regions: FixedArray<Region, 36>;
}
staticAssert(sizeOf<RegionBlock>() === PAGE_SIZE);

export class Regions {
  readonly tree: RegionTree;
  maxRegions: u32;
  maxPages: u64;
  private unused: Ref<Region> | null;
  private unusedCount: u32;
  /** Number of the frame of the newest block; 0: none. */
  private lastBlock: u64;

  /** Starts without regions; these are its first ones to use. */
  init(first: Slice<Region>, maxRegions: u32, maxPages: u64): void {
    zeroStruct(this.tree);
    this.maxRegions = maxRegions;
    this.maxPages = maxPages;
    this.unused = null;
    this.unusedCount = 0;
    this.lastBlock = 0n;
    this.chain(first);
  }

  /** Gives the frames of all regions back. None is in use any more. */
  finish(): void {
    assert(this.tree.count === 0, "an address space that ends has no regions");
    while (this.lastBlock !== 0n) {
      const frame = frameAt(this.lastBlock);
      this.lastBlock = blockIn(frame).previous;
      void releaseFrame(frame);
    }
    this.unused = null;
    this.unusedCount = 0;
  }

  /** Makes sure that an operation finds the regions it adds, and that both limits allow it. */
  makeRoom(newRegions: u32, newPages: u64): SpaceResult {
    assert(newRegions <= MOST_NEW_REGIONS, "no operation adds so many regions");
    if (this.tree.count + newRegions > this.maxRegions) return SpaceResult.OutOfMemory;
    if (!this.mayGrow(newPages)) return SpaceResult.OutOfMemory;
    if (this.unusedCount >= newRegions || this.addBlock()) return SpaceResult.Done;
    return SpaceResult.OutOfMemory;
  }

  /** Whether the limit allows so many more pages. */
  mayGrow(newPages: u64): bool {
    return newPages <= this.maxPages && this.tree.pages <= this.maxPages - newPages;
  }

  /** How many regions cuts at the start of these two pages would add. */
  cutsAt(first: Page, end: Page): u32 {
    return (this.isInside(first) ? 1 : 0) + (this.isInside(end) ? 1 : 0);
  }

  /** Whether a region goes across the start of this page. */
  private isInside(page: Page): bool {
    const region = this.tree.find(page);
    return region !== null && region.first !== page;
  }

  /** A region to fill in and insert; `makeRoom` has promised it. */
  take(): Region {
    const region = this.unused;
    if (region === null) panic("a region was taken that nobody had made room for");
    this.unused = region.next;
    this.unusedCount -= 1;
    return region;
  }

  /** Takes a region out. Its reference to shared pages stays the caller's. */
  remove(region: Region): void {
    this.tree.remove(region);
    this.putBack(region);
  }

  /** A region that is in no tree may be taken again. */
  private putBack(region: Region): void {
    region.next = this.unused;
    this.unused = region;
    this.unusedCount += 1;
  }

  /** Makes sure that no region goes across the start of this page. */
  cut(page: Page): void {
    const lower = this.tree.find(page);
    if (lower !== null && lower.first !== page) void this.cutRegion(lower, page);
  }

  /** Cuts a region at the start of one of its pages, not the first. The upper part. */
  cutRegion(lower: Region, page: Page): Region {
    const upper = this.take();
    copyStruct(upper, lower);
    upper.first = page;
    upper.origin += page - lower.first;
    if (upper.hasStore()) shareFrame(upper.store);
    this.tree.split(lower, upper);
    return upper;
  }

  /** Makes one of the regions on both sides of the start of this page, when they are alike. */
  join(page: Page): void {
    const upper = this.tree.find(page);
    if (upper !== null && upper.first === page) this.joinBelow(upper);
  }

  /** Joins a region to the one below, when it goes on like that. */
  private joinBelow(upper: Region): void {
    const lower = upper.previous;
    if (lower === null || !continues(lower, upper)) return;
    if (upper.hasStore()) void releaseFrame(upper.store);
    this.tree.unite(lower, upper);
    this.putBack(upper);
  }

  /** Joins at every border from the start of this region to the start of page `end`, both included. */
  joinAll(from: Region, end: Page): void {
    let upper: Region | null = from;
    while (upper !== null && upper.first <= end) {
      const next: Region | null = upper.next;
      this.joinBelow(upper);
      upper = next;
    }
  }

  /** Whether no page from `first` up to `end` belongs to a region. What a stack may still need does not count. */
  isFree(first: Page, end: Page): bool {
    const region = this.tree.findFrom(first);
    return region === null || region.first >= end;
  }

  /** Whether every page from `first` up to `end` belongs to a region. */
  isCovered(first: Page, end: Page): bool {
    const region = this.tree.find(first);
    return region !== null && this.lastBefore(region, end) !== null;
  }

  /** The region that goes up to page `end` or across it, when there is no gap from this one to there. Null: there is. */
  lastBefore(from: Region, end: Page): Region | null {
    let region = from;
    while (region.end < end) {
      const next: Region | null = region.next;
      if (next === null || next.first !== region.end) return null;
      region = next;
    }
    return region;
  }

  private addBlock(): bool {
    const frame = acquireFrame(FrameOwner.Kernel);
    if (frame === null) return false;
    const block = blockIn(frame);
    zeroStruct(block);
    block.previous = this.lastBlock;
    this.lastBlock = frameNumber(frame);
    this.chain(block.regions);
    return true;
  }

  /** Adds regions to the unused ones, so that the first is taken first. */
  private chain(regions: Slice<Region>): void {
    for (let i = regions.length; i > 0; i -= 1) {
      const region = regions[i - 1];
      region.next = this.unused;
      this.unused = region;
    }
    this.unusedCount += regions.length;
  }
}
staticAssert(REGIONS_PER_BLOCK >= MOST_NEW_REGIONS);

/** Whether the upper region is what the lower one would be if it went on. They touch. */
function continues(lower: Region, upper: Region): bool {
  if (lower.end !== upper.first || lower.kind !== upper.kind || lower.permissions !== upper.permissions) return false;
  switch (lower.kind) {
    case RegionKind.Private:
      return true;
    case RegionKind.Stack:
      return lower.floor === upper.floor;
    case RegionKind.File:
    case RegionKind.Shared:
      return lower.store === upper.store && upper.origin === lower.origin + lower.pages();
    case RegionKind.Physical:
      return lower.memoryType === upper.memoryType && upper.origin === lower.origin + lower.pages();
  }
}

function blockIn(frame: Frame): RegionBlock {
  return overlay<RegionBlock>(frameToVirt(frame));
}
