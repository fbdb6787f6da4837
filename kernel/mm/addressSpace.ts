/**
 * Address spaces: what a program sees of memory.
 *
 *     0xffffffffffffffff +---------------------------+
 *                        |  kernel half              |  the same tables in every address space
 *     0xffff800000000000 +---------------------------+
 *     0x00007ffffffff000 |  stack           Stack    |  grows down to its floor
 *                        |  mappings        any kind |  placed from the top down
 *                        |  program         any kind |
 *     0x0000000000010000 +---------------------------+
 *                        |  nothing                  |  null pointers fault
 *     0x0000000000000000 +---------------------------+
 *
 * An address space is one frame with its head and its first regions, one with its root table, and what its pages take:
 * a region costs nothing until a page of it is touched (faults.ts). Operations work on whole pages. They change all of
 * a stretch or, with a result other than Done, nothing.
 *
 * The design of Linux's mmap, munmap, mprotect, mremap, madvise: "The Linux Programming Interface", chapters 49 and 50.
 */

import { type Frame, type Page, MAX_FRAME_COUNT, PAGE_SIZE, frameAt } from "../../arch/x86_64/addresses";
import { frameContaining, frameNumber, pageAfter, pageAt, physAddr } from "../../arch/x86_64/addresses";
import { forgetContext } from "../../arch/x86_64/contexts";
import { type PageTable, isMemoryType } from "../../arch/x86_64/pageTable";
import { frameToVirt, physmapBase } from "../../arch/x86_64/physmap";
import { rootTableOf } from "../../arch/x86_64/tableAccess";
import { applyFlushUnder, enterRootTable, flushOfPages } from "../../arch/x86_64/tlb";
import { frameLimit, isManaged } from "./frameAllocator";
import { FrameOwner, acquireFrame, acquireZeroedFrame, releaseFrame, shareFrame } from "./frames";
import { kernelRootFrame, shareKernelHalf } from "./kernelSpace";
import { copiesOnWrite, dropPages, movePages, protectPages, sharePages } from "./regionPages";
import { Regions, SpaceResult } from "./regions";
import { endUserPage, type Permissions, Region, RegionKind, firstUserPage } from "./regionTree";
import { STACK_GUARD_PAGES, tryPermissions } from "./regionTree";
import { createStore, releaseStore, storePages } from "./sharedPages";

/** Regions that one address space may have; its pages are limited by the size of the lower half alone. */
export const MAX_REGIONS: u32 = 65_536;

@aligned(4096)
export class AddressSpace {
  rootFrame: Frame;
  readonly regions: Regions;
  /** Leaves that lead to a frame, or to a swap slot. */
  residentPages: u64;
  /** What goes anywhere ends at this page or below, as long as there is room. */
  placeEnd: Page;
  private readonly firstRegions: FixedArray<Region, 34>;

  root(): PageTable {
    return rootTableOf(this.rootFrame);
  }

  /** Makes it, all zero so far, an address space without regions. */
  init(rootFrame: Frame): void {
    this.rootFrame = rootFrame;
    this.placeEnd = pageAt(endUserPage());
    this.regions.init(this.firstRegions, MAX_REGIONS, endUserPage() - firstUserPage());
  }
}
staticAssert(sizeOf<AddressSpace>() === PAGE_SIZE);

/** Where a new region goes. */
export enum Placement {
  /** As high as there is room; at `first`, if that is free and not 0. */
  Anywhere,
  /** At `first` or nowhere. */
  Exactly,
  /** At `first`, in place of what is there. */
  Replacing,
}

/** What to map. */
export class MapRequest {
  kind: RegionKind;
  placement: Placement;
  /** READ, WRITE, EXECUTE. */
  access: u32;
  /** Where, or where rather than elsewhere; afterwards where it is. */
  first: Page;
  pages: u64;
  /** Stack: pages that it may have at most. */
  mostPages: u64;
  /** Physical: the first frame, and the memory type bits of PageFlags. */
  frame: Frame;
  memoryType: u64;
  /** File: the store, to which the caller has a reference, and the number of the first page in it. */
  store: Frame;
  origin: u64;
}

/** What to make larger, smaller, or move. */
export class RemapRequest {
  /** Where it is; afterwards where it is then. */
  first: Page;
  oldPages: u64;
  newPages: u64;
  mayMove: bool;
  /** It moves to `target`, in place of what is there. */
  isFixed: bool;
  target: Page;
}

class Current {
  /** Whose root CR3 holds; null: the kernel's own. */
  space: Ref<AddressSpace> | null;
}
const current = new Current();

// --- Whole address spaces --------------------------------------------------------------------------------------------

/** An address space without regions. The caller destroys it. Null: out of frames. */
export function createSpace(): AddressSpace | null {
  const frame = acquireFrame(FrameOwner.Kernel);
  if (frame === null) return null;
  const root = acquireZeroedFrame(FrameOwner.Table);
  if (root === null) {
    void releaseFrame(frame);
    return null;
  }
  shareKernelHalf(root);
  const space = spaceIn(frame);
  zeroStruct(space);
  space.init(root);
  return space;
}

/**
 * A second address space like this one. Private pages are common until one of the two writes, shared ones for good.
 * Null: out of frames.
 */
export function cloneSpace(space: AddressSpace): AddressSpace | null {
  const clone = createSpace();
  if (clone === null) return null;
  clone.regions.maxRegions = space.regions.maxRegions;
  clone.regions.maxPages = space.regions.maxPages;
  clone.placeEnd = space.placeEnd;
  const complete = cloneRegions(space, clone);
  flushAll(space);
  if (complete) return clone;
  destroySpace(clone);
  return null;
}

/** Gives everything back at once. It is not the one in use. */
export function destroySpace(space: AddressSpace): void {
  assert(current.space !== space, "the address space in use cannot be destroyed");
  const regions = space.regions;
  for (let region = regions.tree.lowest; region !== null; region = regions.tree.lowest) removeRegion(space, region);
  assert(space.residentPages === 0n, "an address space without regions has no pages");
  regions.finish();
  forgetContext(space.rootFrame);
  void releaseFrame(space.rootFrame);
  void releaseFrame(frameOfSpace(space));
}

/** Makes this address space the one in use. */
export function switchSpace(space: AddressSpace): void {
  current.space = space;
  enterRootTable(space.rootFrame);
}

/** Goes back to the kernel's own tables: the lower half is empty. */
export function leaveSpace(): void {
  current.space = null;
  enterRootTable(kernelRootFrame());
}

/** The one in use, or null. */
export function activeSpace(): AddressSpace | null {
  return current.space;
}

// --- Regions ---------------------------------------------------------------------------------------------------------

/** Maps new pages, and tells in `request.first` where. */
export function mapPages(space: AddressSpace, request: MapRequest): SpaceResult {
  const permissions = tryPermissions(request.access);
  if (permissions === null) return SpaceResult.NotAllowed;
  if (!isSensible(request)) return SpaceResult.Invalid;
  const first = placeFor(space, request);
  if (first === null) return request.placement === Placement.Exactly ? SpaceResult.Exists : SpaceResult.OutOfMemory;
  const cuts = request.placement === Placement.Replacing ? space.regions.cutsAt(first, endOf(request)) : 0;
  const room = space.regions.makeRoom(cuts + 1, request.pages);
  if (room !== SpaceResult.Done) return room;
  const store = storeFor(request);
  if (store === null) return SpaceResult.OutOfMemory;
  if (request.placement === Placement.Replacing) clearStretch(space, first, endOf(request));
  request.first = first;
  addRegion(space, request, permissions, store);
  return SpaceResult.Done;
}

/** Unmaps all pages of a stretch that are mapped; there need not be any. */
export function unmapPages(space: AddressSpace, first: Page, pages: u64): SpaceResult {
  if (!isStretch(first, pages)) return SpaceResult.Invalid;
  const end = pageAfter(first, pages);
  const room = space.regions.makeRoom(space.regions.cutsAt(first, end), 0n);
  if (room !== SpaceResult.Done) return room;
  clearStretch(space, first, end);
  return SpaceResult.Done;
}

/** Gives all pages of a stretch, each of which is mapped, other permissions: READ, WRITE, EXECUTE. */
export function protectStretch(space: AddressSpace, first: Page, pages: u64, access: u32): SpaceResult {
  const permissions = tryPermissions(access);
  if (permissions === null) return SpaceResult.NotAllowed;
  if (!isStretch(first, pages)) return SpaceResult.Invalid;
  const end = pageAfter(first, pages);
  const regions = space.regions;
  let region = regions.tree.find(first);
  const last = region === null ? null : regions.lastBefore(region, end);
  if (region === null || last === null) return SpaceResult.BadAddress;
  const room = regions.makeRoom((region.first < first ? 1 : 0) + (last.end > end ? 1 : 0), 0n);
  if (room !== SpaceResult.Done) return room;
  if (last.end > end) void regions.cutRegion(last, end);
  if (region.first < first) region = regions.cutRegion(region, first);
  changePermissions(space, region, end, permissions);
  flushPages(space, first, pages);
  regions.joinAll(region, end);
  return SpaceResult.Done;
}

/** Gives all regions from this one up to page `end` these permissions. */
function changePermissions(space: AddressSpace, from: Region, end: Page, permissions: Permissions): void {
  for (let region: Region | null = from; region !== null && region.first < end; region = region.next) {
    if (region.permissions === permissions) continue;
    region.permissions = permissions;
    protectPages(space.root(), region);
  }
}

/**
 * Makes the private region that ends at this page longer, if it has these permissions, and there is room. False: one of
 * these is not so.
 */
export function extendRegion(space: AddressSpace, end: Page, pages: u64, access: u32): bool {
  const tree = space.regions.tree;
  const region = tree.find(pageAt(end - 1n));
  if (region === null || region.end !== end || region.kind !== RegionKind.Private) return false;
  const permissions = tryPermissions(access);
  if (permissions === null || region.permissions !== permissions) return false;
  if (roomAbove(region) < pages || !space.regions.mayGrow(pages)) return false;
  tree.resize(region, region.first, pageAfter(end, pages));
  space.regions.join(region.end);
  return true;
}

/** Gives up what the pages of a stretch hold, all of which are mapped: private ones are zero when touched again. */
export function discardPages(space: AddressSpace, first: Page, pages: u64): SpaceResult {
  if (!isStretch(first, pages)) return SpaceResult.Invalid;
  const end = pageAfter(first, pages);
  if (!space.regions.isCovered(first, end)) return SpaceResult.BadAddress;
  for (let region = space.regions.tree.findFrom(first); region !== null && region.first < end; region = region.next) {
    const from = region.first > first ? region.first : first;
    const to = region.end < end ? region.end : end;
    space.residentPages -= dropPages(space.root(), region, from, to);
  }
  flushPages(space, first, pages);
  return SpaceResult.Done;
}

/**
 * Gives a stretch of one region another length: cut at its end, grown in place, or moved to where there is room, or to
 * a place that the request names; then what is too much, and what was there, is gone even when no frame is left for it.
 */
export function remapPages(space: AddressSpace, request: RemapRequest): SpaceResult {
  const first = request.first;
  const oldPages = request.oldPages;
  const newPages = request.newPages;
  if (!isStretch(first, oldPages) || newPages === 0n) return SpaceResult.Invalid;
  if (request.isFixed) return moveTo(space, request);
  const region = space.regions.tree.find(first);
  const oldEnd = pageAfter(first, oldPages);
  if (region === null || oldEnd > region.end) return SpaceResult.BadAddress;
  if (newPages < oldPages) return unmapPages(space, pageAfter(first, newPages), oldPages - newPages);
  if (newPages === oldPages) return SpaceResult.Done;
  return grow(space, region, request);
}

/**
 * The stack above this page that may grow down to it. Null: there is none, or it has its most pages, or what lies below
 * would come too near.
 */
export function stackAbove(space: AddressSpace, page: Page): Region | null {
  const stack = space.regions.tree.findFrom(page);
  if (stack === null || stack.kind !== RegionKind.Stack || page < stack.floor) return null;
  const below = stack.previous;
  if (below !== null && below.end + STACK_GUARD_PAGES > page) return null;
  return space.regions.mayGrow(stack.first - page) ? stack : null;
}

// --- Parts of the above ----------------------------------------------------------------------------------------------

/** Whether it is a stretch of at least one page that programs may have. */
function isStretch(first: Page, pages: u64): bool {
  return pages !== 0n && first >= firstUserPage() && first < endUserPage() && pages <= endUserPage() - first;
}

function isSensible(request: MapRequest): bool {
  const pages = request.pages;
  if (pages === 0n || pages > endUserPage() - firstUserPage()) return false;
  if (request.placement !== Placement.Anywhere && !fitsAt(request)) return false;
  switch (request.kind) {
    case RegionKind.Stack:
      return (
        request.mostPages >= pages && request.mostPages <= endUserPage() - firstUserPage() && request.memoryType === 0n
      );
    case RegionKind.Physical:
      return isMemoryType(request.memoryType) && isForeign(request.frame, pages);
    case RegionKind.File:
      return request.memoryType === 0n && request.origin < storePages() && pages <= storePages() - request.origin;
    default:
      return request.memoryType === 0n && request.origin === 0n;
  }
}

/** Whether programs may have the pages from `request.first` on, and those that a stack may grow to, with its guard. */
function fitsAt(request: MapRequest): bool {
  if (!isStretch(request.first, request.pages)) return false;
  if (request.kind !== RegionKind.Stack) return true;
  return request.first + request.pages >= request.mostPages + firstUserPage() + STACK_GUARD_PAGES;
}

/** Whether none of these frames is the frame allocator's to give. */
function isForeign(frame: Frame, count: u64): bool {
  const end = frameNumber(frame) + count;
  if (end > MAX_FRAME_COUNT) return false;
  for (let number = frameNumber(frame); number < end && number < frameLimit(); number += 1n) {
    if (isManaged(frameAt(number))) return false;
  }
  return true;
}

function endOf(request: MapRequest): Page {
  return pageAfter(request.first, request.pages);
}

/** Where the request goes; null: there is no room. */
function placeFor(space: AddressSpace, request: MapRequest): Page | null {
  const regions = space.regions;
  const first = request.first;
  const isWanted = request.placement !== Placement.Anywhere || fitsAt(request);
  if (request.placement === Placement.Replacing) return first;
  if (isWanted && regions.isFree(first, endOf(request))) return first;
  if (request.placement === Placement.Exactly) return null;
  const below = request.kind === RegionKind.Stack ? request.mostPages - request.pages + STACK_GUARD_PAGES : 0n;
  const gap = findGap(space, request.pages + below);
  return gap === null ? null : pageAfter(gap, below);
}

/** Where so many pages go that may go anywhere. Null: there is no room. */
function findGap(space: AddressSpace, pages: u64): Page | null {
  const tree = space.regions.tree;
  return tree.findGap(pages, space.placeEnd) ?? tree.findGap(pages, pageAt(endUserPage()));
}

/** What stands behind a new region, with a reference of its own. Null: out of frames. */
function storeFor(request: MapRequest): Frame | null {
  if (request.kind === RegionKind.Shared) return createStore();
  if (request.kind === RegionKind.File) shareFrame(request.store);
  return request.store;
}

function addRegion(space: AddressSpace, request: MapRequest, permissions: Permissions, store: Frame): void {
  const regions = space.regions;
  const region = regions.take();
  const end = endOf(request);
  region.first = request.first;
  region.end = end;
  region.kind = request.kind;
  region.permissions = permissions;
  region.floor = request.kind === RegionKind.Stack ? pageAt(end - request.mostPages) : request.first;
  region.store = store;
  region.origin = request.kind === RegionKind.Physical ? frameNumber(request.frame) : request.origin;
  region.memoryType = request.memoryType;
  regions.tree.insert(region);
  regions.join(end);
  regions.join(request.first);
}

/** Takes out everything from `first` up to `end`. There is room for two cuts. */
function clearStretch(space: AddressSpace, first: Page, end: Page): void {
  const tree = space.regions.tree;
  space.regions.cut(first);
  space.regions.cut(end);
  let region = tree.findFrom(first);
  while (region !== null && region.first < end) {
    const next: Region | null = region.next;
    removeRegion(space, region);
    region = next;
  }
  flushPages(space, first, end - first);
}

/** Takes a whole region out, with its pages. What the TLB holds of it is the caller's to flush. */
function removeRegion(space: AddressSpace, region: Region): void {
  space.residentPages -= dropPages(space.root(), region, region.first, region.end);
  if (region.hasStore()) releaseStore(region.store);
  space.regions.remove(region);
}

/** Makes a stretch longer that starts in `region`. */
function grow(space: AddressSpace, region: Region, request: RemapRequest): SpaceResult {
  const more = request.newPages - request.oldPages;
  if (region.kind === RegionKind.Stack || region.kind === RegionKind.Physical) return SpaceResult.Invalid;
  if (!space.regions.mayGrow(more)) return SpaceResult.OutOfMemory;
  const origin = region.origin + (request.first - region.first);
  if (region.hasStore() && request.newPages > storePages() - origin) return SpaceResult.OutOfMemory;
  const oldEnd = pageAfter(request.first, request.oldPages);
  if (oldEnd === region.end && roomAbove(region) >= more) {
    space.regions.tree.resize(region, region.first, pageAfter(oldEnd, more));
    space.regions.join(region.end);
    return SpaceResult.Done;
  }
  return request.mayMove ? move(space, request) : SpaceResult.OutOfMemory;
}

/** Pages above a region that belong to nobody, and to no stack later. */
function roomAbove(region: Region): u64 {
  const next = region.next;
  const top = next === null ? endUserPage() : next.reservedFirst();
  return top > region.end ? top - region.end : 0n;
}

function move(space: AddressSpace, request: RemapRequest): SpaceResult {
  const oldEnd = pageAfter(request.first, request.oldPages);
  const target = findGap(space, request.newPages);
  if (target === null) return SpaceResult.OutOfMemory;
  const cuts = space.regions.cutsAt(request.first, oldEnd);
  const room = space.regions.makeRoom(cuts, request.newPages - request.oldPages);
  return room === SpaceResult.Done ? moveStretch(space, request, request.oldPages, target) : room;
}

/** Moves a stretch, or as much of it as is wanted, to where the request says. */
function moveTo(space: AddressSpace, request: RemapRequest): SpaceResult {
  if (!isStretch(request.target, request.newPages)) return SpaceResult.Invalid;
  const regions = space.regions;
  const first = request.first;
  const kept = request.oldPages < request.newPages ? request.oldPages : request.newPages;
  const keptEnd = pageAfter(first, kept);
  const targetEnd = pageAfter(request.target, request.newPages);
  const region = regions.tree.find(first);
  if (first + request.oldPages > request.target && targetEnd > first) return SpaceResult.Invalid;
  if (region === null || keptEnd > region.end) return SpaceResult.BadAddress;
  if (region.kind === RegionKind.Stack || region.kind === RegionKind.Physical) return SpaceResult.Invalid;
  const origin = region.origin + (first - region.first);
  if (region.hasStore() && request.newPages > storePages() - origin) return SpaceResult.OutOfMemory;
  const shrunk = kept < request.oldPages ? unmapPages(space, keptEnd, request.oldPages - kept) : SpaceResult.Done;
  if (shrunk !== SpaceResult.Done) return shrunk;
  const cuts = regions.cutsAt(first, keptEnd) + regions.cutsAt(request.target, targetEnd);
  const room = regions.makeRoom(cuts, request.newPages - kept);
  if (room !== SpaceResult.Done) return room;
  clearStretch(space, request.target, targetEnd);
  return moveStretch(space, request, kept, request.target);
}

/** Moves the first `kept` pages of a stretch to `target`, where nothing is. There is room for two cuts. */
function moveStretch(space: AddressSpace, request: RemapRequest, kept: u64, target: Page): SpaceResult {
  const regions = space.regions;
  const first = request.first;
  const keptEnd = pageAfter(first, kept);
  regions.cut(first);
  regions.cut(keptEnd);
  const region = regions.tree.find(first);
  assert(region !== null, "a stretch that is moved lies in a region");
  if (!movePages(space.rootFrame, region, target)) {
    regions.join(keptEnd);
    regions.join(first);
    return SpaceResult.OutOfMemory;
  }
  flushPages(space, first, kept);
  regions.tree.remove(region);
  region.first = target;
  region.end = pageAfter(target, request.newPages);
  regions.tree.insert(region);
  request.first = target;
  regions.join(region.end);
  regions.join(target);
  return SpaceResult.Done;
}

calledRarely(moveStretch);

function cloneRegions(space: AddressSpace, clone: AddressSpace): bool {
  for (let region = space.regions.tree.lowest; region !== null; region = region.next) {
    if (clone.regions.makeRoom(1, region.pages()) !== SpaceResult.Done) return false;
    const copy = clone.regions.take();
    copyStruct(copy, region);
    if (region.hasStore()) shareFrame(region.store);
    clone.regions.tree.insert(copy);
    if (!copiesOnWrite(region)) continue;
    const shared = sharePages(space.root(), clone.root(), region);
    if (shared === null) return false;
    clone.residentPages += shared;
  }
  return true;
}

// --- Flushes ---------------------------------------------------------------------------------------------------------

function flushPages(space: AddressSpace, first: Page, pages: u64): void {
  applyFlushUnder(space.rootFrame, flushOfPages(first, pages));
}

function flushAll(space: AddressSpace): void {
  flushPages(space, pageAt(firstUserPage()), endUserPage() - firstUserPage());
}

function spaceIn(frame: Frame): AddressSpace {
  return overlay<AddressSpace>(frameToVirt(frame));
}

function frameOfSpace(space: AddressSpace): Frame {
  return frameContaining(physAddr(addressOf(space) - physmapBase()));
}
