/**
 * Address spaces against a model of plain arrays: random map, unmap, protect, discard, remap, touch, clone, create and
 * destroy, in up to four spaces at a time, now and then with an acquisition of a frame that fails.
 *
 *     pages     | low window |################ a wall ################| high window |
 *     model       slots 0 .. 399        mapped, never touched           slots 400 .. 799
 *
 * A slot is one page: what it belongs to, what may be done with it, whether it was touched, and the word that it holds.
 * From that follows what every operation must answer, where a new region goes, how many regions there are, and what
 * each access finds. Pages of a file hold their number at first. How a page is accessed is the caller's: by a walk of
 * the tables, or by the processor.
 */
import { type Frame, frameAfter, type Page, pageAt } from "../../arch/x86_64/addresses";
import { UNCACHED } from "../../arch/x86_64/pageTable";
import {
  activeSpace,
  type AddressSpace,
  cloneSpace,
  createSpace,
  destroySpace,
  discardPages,
  leaveSpace,
  mapPages,
  MapRequest,
  Placement,
  protectStretch,
  remapPages,
  RemapRequest,
  unmapPages,
} from "../../kernel/mm/addressSpace";
import { FaultOutcome } from "../../kernel/mm/faults";
import { openFileStore } from "../../kernel/mm/fileStore";
import { failFrameAfter, frameFailurePending } from "../../kernel/mm/frames";
import { SpaceResult } from "../../kernel/mm/regions";
import {
  endUserPage,
  firstUserPage,
  READ,
  RegionKind,
  STACK_GUARD_PAGES,
  tryPermissions,
  WRITE,
} from "../../kernel/mm/regionTree";
import { releaseStore } from "../../kernel/mm/sharedPages";
import { beginSpaceLedger, closeSpaceLedger, countSpace } from "./spaceLedger";

/** Slots of one window, and of both. */
const WINDOW: u32 = 400;
const SLOTS: u32 = 800;
const SPACES: u32 = 4;
const OBJECTS: u32 = 32;
/** Frames that are not the allocator's, from the one that `startSpaceModel` is given. */
export const DEVICE_FRAMES: u32 = 64;

/** Pages of the file, the last of them not whole. */
const FILE_PAGES: u32 = 48;
const FILE_BYTES: u32 = FILE_PAGES * 4096 - 1000;

const MOST_REGIONS: u32 = 40;
/** Pages beside the wall that a space may have. */
const PAGES_BESIDE: u64 = 600n;
const EVERYWHERE: u64 = u64.MAX;

/** Pages between the two windows. */
function wallPages(): u64 {
  return endUserPage() - firstUserPage() - u64(SLOTS);
}

function mostPages(): u64 {
  return wallPages() + PAGES_BESIDE;
}

/** One page of the model. */
class Slot {
  isMapped: bool;
  isTouched: bool;
  kind: RegionKind;
  access: u32;
  /** Private, Stack and File: the word in the page. */
  word: u64;
  /** Stack: the page of its floor. Shared: the number of its object. */
  owner: u64;
  /** Shared, File: the page of the object or the file. Physical: which device frame. */
  index: u32;
}

class ModelSpace {
  space: Ref<AddressSpace> | null;
  readonly slots: FixedArray<Slot, 800>;
}

/** A file: each page begins with its number, counted from 1. */
class ModelFile {
  readonly bytes: FixedArray<u8, 196608>;
}
const file = new ModelFile();

/** An access to the word at the start of a page: `access` is READ, WRITE or EXECUTE. */
export class PageAccess {
  page: Page;
  access: u32;
  /** To write, or what was read. */
  word: u64;
}
export type Accessor = (space: AddressSpace, access: PageAccess) => FaultOutcome;

/** What went on. */
export class SpaceModelCounts {
  steps: u32;
  done: u32;
  refused: u32;
  /** Operations and accesses that found no frame. */
  withoutFrames: u32;
  accesses: u32;
  accessesRefused: u32;
  stacksGrown: u32;
  moves: u32;
  clones: u32;
}
export const spaceModelCounts = new SpaceModelCounts();

class SpaceModel {
  readonly spaces: FixedArray<ModelSpace, 4>;
  /** Slots on their way. */
  readonly moving: FixedArray<Slot, 800>;
  /** The words of shared pages, object after object, and of devices. */
  readonly shared: FixedArray<u64, 25600>;
  readonly devices: FixedArray<u64, 64>;
  firstDevice: Frame;
  /** Frames may run out at any time. */
  isShort: bool;
  accessor: Accessor = accessNothing;
  random: u64;
  lastWord: u64;
}
const model = new SpaceModel();
const request = new MapRequest();
const remap = new RemapRequest();
const pageAccess = new PageAccess();

function accessNothing(_space: AddressSpace, _access: PageAccess): FaultOutcome {
  return FaultOutcome.NoRegion;
}

// --- Running ---------------------------------------------------------------------------------------------------------

/**
 * Starts without address spaces. `firstDevice` and the frames behind are no memory of the allocator's, all zero.
 * `isShort` says that frames may run out at any time. From then on the heap keeps the frame that it needs for a file.
 */
export function startSpaceModel(firstDevice: Frame, accessor: Accessor, isShort: bool = false): void {
  zeroStruct(model);
  zeroStruct(spaceModelCounts);
  model.firstDevice = firstDevice;
  model.accessor = accessor;
  model.isShort = isShort;
  model.random = 88172645463325252n;
  for (let i: u32 = 0; i < FILE_PAGES; i += 1) file.bytes[i * 4096] = u8(i + 1);
  const store = openFileStore(wholeFile());
  if (store !== null) releaseStore(store);
}

/** Takes random steps; every `interval` steps everything is compared. */
export function runSpaceModel(steps: u32, interval: u32): void {
  createOne(model.spaces[0]);
  for (let i: u32 = 0; i < steps; i += 1) {
    const at = model.spaces[below(SPACES)];
    const space = at.space;
    spaceModelCounts.steps += 1;
    if (space !== null) step(at, space);
    else if (below(200) === 0) createOne(at);
    if (i % interval === interval - 1) compareAll();
  }
}

/** Destroys all address spaces. */
export function finishSpaceModel(): void {
  compareAll();
  for (const at of model.spaces) {
    const space = at.space;
    if (space !== null) destroyOne(at, space);
  }
  checkLedger();
}

function next(): u64 {
  let random = model.random;
  random ^= random << 13n;
  random ^= random >> 7n;
  random ^= random << 17n;
  model.random = random;
  return random;
}

function below(limit: u32): u32 {
  return u32(next() % u64(limit));
}

function step(at: ModelSpace, space: AddressSpace): void {
  if (below(8) === 0) failFrameAfter(u64(1 + below(5)));
  const choice = below(1000);
  if (choice < 90) mapSome(at, space);
  else if (choice < 130) unmapSome(at, space);
  else if (choice < 200) protectSome(at, space);
  else if (choice < 220) discardSome(at, space);
  else if (choice < 270) remapSome(at, space);
  else if (choice < 280) cloneOne(at, space);
  else if (choice < 285) destroyOne(at, space);
  else touchSome(at, space);
  failFrameAfter(0n);
  const now = at.space;
  if (now !== null && below(8) === 0) compareCounters(at, now);
}

/** Whether the operation was done. It answers what the model expects, or that it found no frame. */
function isDone(actual: SpaceResult, expected: SpaceResult): bool {
  if (actual === SpaceResult.OutOfMemory && expected !== actual) {
    expectShortage("memory was there for the operation");
    spaceModelCounts.withoutFrames += 1;
    return false;
  }
  assert(actual === expected, `the answer is ${actual}, not ${expected}`);
  if (actual === SpaceResult.Done) spaceModelCounts.done += 1;
  else spaceModelCounts.refused += 1;
  return actual === SpaceResult.Done;
}

/** No frame was found: memory is short all the time, or an acquisition was made to fail. */
function expectShortage(otherwise: string): void {
  assert(model.isShort || !frameFailurePending(), otherwise);
}

// --- Slots -----------------------------------------------------------------------------------------------------------

function pageNumberOf(slot: u32): u64 {
  return slot < WINDOW ? firstUserPage() + u64(slot) : endUserPage() - u64(SLOTS) + u64(slot);
}

function pageOf(slot: u32): Page {
  return pageAt(pageNumberOf(slot));
}

function slotOf(page: u64): u32 {
  return page < endUserPage() - u64(SLOTS) ? u32(page - firstUserPage()) : u32(page - (endUserPage() - u64(SLOTS)));
}

/** The slot behind the window that this slot lies in. */
function windowEnd(slot: u32): u32 {
  return slot < WINDOW ? WINDOW : SLOTS;
}

function isWindowStart(slot: u32): bool {
  return slot === 0 || slot === WINDOW;
}

/** Whether the slot continues the region of the one before. */
function continuesRegion(at: ModelSpace, slot: u32): bool {
  if (slot === SLOTS || isWindowStart(slot)) return false;
  const left = at.slots[slot - 1];
  const right = at.slots[slot];
  if (!left.isMapped || !right.isMapped || left.kind !== right.kind || left.access !== right.access) return false;
  switch (left.kind) {
    case RegionKind.Private:
      return true;
    case RegionKind.Stack:
      return left.owner === right.owner;
    case RegionKind.Shared:
      return left.owner === right.owner && right.index === left.index + 1;
    case RegionKind.File:
    case RegionKind.Physical:
      return right.index === left.index + 1;
  }
}

/** Whether all slots from `first` up to `end` are mapped. */
function isCovered(at: ModelSpace, first: u32, end: u32): bool {
  for (let i = first; i < end; i += 1) {
    if (!at.slots[i].isMapped) return false;
  }
  return true;
}

function isFree(at: ModelSpace, first: u32, end: u32): bool {
  for (let i = first; i < end; i += 1) {
    if (at.slots[i].isMapped) return false;
  }
  return true;
}

/** Regions, the wall included. */
function regionCount(at: ModelSpace): u32 {
  let count: u32 = 1;
  for (let i: u32 = 0; i < SLOTS; i += 1) {
    if (at.slots[i].isMapped && !continuesRegion(at, i)) count += 1;
  }
  return count;
}

function mappedPages(at: ModelSpace): u64 {
  let count: u64 = wallPages();
  for (const slot of at.slots) {
    if (slot.isMapped) count += 1n;
  }
  return count;
}

function isWithinLimits(at: ModelSpace, newRegions: u32, newPages: u32): bool {
  return regionCount(at) + newRegions <= MOST_REGIONS && mappedPages(at) + u64(newPages) <= mostPages();
}

/** Regions that borders at these two slots would add. */
function cutsAt(at: ModelSpace, first: u32, end: u32): u32 {
  return (continuesRegion(at, first) ? 1 : 0) + (continuesRegion(at, end) ? 1 : 0);
}

/** The first page that what is mapped from this slot on needs, a stack with all that it may grow. */
function reservedFrom(slot: Slot): u64 {
  return slot.kind === RegionKind.Stack ? slot.owner - STACK_GUARD_PAGES : EVERYWHERE;
}

/** The lowest slot of the highest gap of so many pages; SLOTS: there is none. */
function findGap(at: ModelSpace, pages: u64): u32 {
  let run: u64 = 0n;
  let ceiling: u64 = EVERYWHERE;
  for (let i = SLOTS; i > 0; i -= 1) {
    if (i === WINDOW) {
      run = 0n;
      ceiling = EVERYWHERE;
    }
    const slot = at.slots[i - 1];
    if (slot.isMapped) ceiling = reservedFrom(slot);
    const isAvailable = !slot.isMapped && pageNumberOf(i - 1) < ceiling;
    run = isAvailable ? run + 1n : 0n;
    if (run === pages) return i - 1;
  }
  return SLOTS;
}

function clearSlots(at: ModelSpace, first: u32, end: u32): void {
  for (let i = first; i < end; i += 1) zeroStruct(at.slots[i]);
}

// --- Whole spaces ----------------------------------------------------------------------------------------------------

function createOne(at: ModelSpace): void {
  const space = createSpace();
  if (space === null) {
    expectShortage("there were frames for an address space");
    return;
  }
  space.regions.maxRegions = MOST_REGIONS;
  zeroStruct(request);
  request.kind = RegionKind.Shared;
  request.placement = Placement.Exactly;
  request.first = pageAt(firstUserPage() + u64(WINDOW));
  request.pages = wallPages();
  if (mapPages(space, request) !== SpaceResult.Done) {
    expectShortage("the wall stands");
    destroySpace(space);
    return;
  }
  space.regions.maxPages = mostPages();
  at.space = space;
  clearSlots(at, 0, SLOTS);
}

function destroyOne(at: ModelSpace, space: AddressSpace): void {
  if (activeSpace() === space) leaveSpace();
  destroySpace(space);
  at.space = null;
  clearSlots(at, 0, SLOTS);
}

function unusedSpace(): ModelSpace | null {
  for (const at of model.spaces) {
    if (at.space === null) return at;
  }
  return null;
}

function cloneOne(at: ModelSpace, space: AddressSpace): void {
  const to = unusedSpace();
  if (to === null) return;
  const clone = cloneSpace(space);
  if (clone === null) {
    expectShortage("there were frames for a clone");
    spaceModelCounts.withoutFrames += 1;
    return;
  }
  to.space = clone;
  spaceModelCounts.clones += 1;
  for (let i: u32 = 0; i < SLOTS; i += 1) {
    const slot = to.slots[i];
    copyStruct(slot, at.slots[i]);
    if (slot.kind === RegionKind.Shared || slot.kind === RegionKind.Physical) slot.isTouched = false;
  }
  compareCounters(to, clone);
}

// --- Map -------------------------------------------------------------------------------------------------------------

function mapSome(at: ModelSpace, space: AddressSpace): void {
  const slot = below(SLOTS);
  chooseRequest(slot, shortStretch(slot));
  const pages = u32(request.pages);
  const object = request.kind === RegionKind.Shared ? unusedObject() : 0;
  if (object === OBJECTS) return;
  const permissions = tryPermissions(request.access);
  const target = targetOf(at, slot);
  const expected = permissions === null ? SpaceResult.NotAllowed : expectMap(at, target);
  if (!openFile()) return;
  const isMapped = isDone(mapPages(space, request), expected);
  if (request.kind === RegionKind.File) releaseStore(request.store);
  if (!isMapped || permissions === null) return;
  assert(slotOf(request.first) === target, `mapped at slot ${slotOf(request.first)}, not ${target}`);
  const floor = pageNumberOf(target) + request.pages - request.mostPages;
  for (let i: u32 = 0; i < pages; i += 1) {
    const mapped = at.slots[target + i];
    zeroStruct(mapped);
    mapped.isMapped = true;
    mapped.kind = request.kind;
    mapped.access = u32(permissions);
    if (request.kind === RegionKind.Stack) mapped.owner = floor;
    if (request.kind === RegionKind.Shared) mapped.owner = u64(object);
    mapped.index = request.kind === RegionKind.Physical ? u32(request.frame - model.firstDevice) + i : i;
    if (request.kind === RegionKind.File) mapped.index += u32(request.origin);
    mapped.word = firstWord(mapped);
  }
  if (request.kind === RegionKind.Shared) startObject(object);
}

/** Opens the file if the request is for pages of it. False: no frame was left for that. */
function openFile(): bool {
  if (request.kind !== RegionKind.File) return true;
  const store = openFileStore(wholeFile());
  if (store === null) {
    expectShortage("there were frames for the store of a file");
    return false;
  }
  request.store = store;
  return true;
}

function wholeFile(): Slice<u8> {
  return subslice(file.bytes, 0, FILE_BYTES);
}

/** What the page of a slot holds before anybody writes to it. */
function firstWord(slot: Slot): u64 {
  return slot.kind === RegionKind.File && slot.index < FILE_PAGES ? u64(slot.index + 1) : 0n;
}

/** Up to 40 pages from a slot on, now and then more or none, within its window. */
function shortStretch(slot: u32): u32 {
  const kind = below(16);
  const pages = kind === 0 ? below(300) : kind === 1 ? 0 : 1 + below(40);
  const room = windowEnd(slot) - slot;
  return pages < room ? pages : room;
}

function chooseRequest(slot: u32, pages: u32): void {
  zeroStruct(request);
  const kind = below(9);
  if (kind < 4) request.kind = RegionKind.Private;
  else if (kind < 6) request.kind = RegionKind.Stack;
  else if (kind < 8) request.kind = kind === 6 ? RegionKind.Shared : RegionKind.Physical;
  else request.kind = RegionKind.File;
  if (request.kind === RegionKind.File) request.origin = u64(below(FILE_PAGES));
  const placement = below(4);
  if (placement === 0) request.placement = Placement.Exactly;
  else if (placement === 1) request.placement = Placement.Replacing;
  request.access = below(2) === 0 ? READ | WRITE : below(8);
  request.pages = u64(pages);
  const isAnywhere = request.placement === Placement.Anywhere && below(2) === 0;
  request.first = pageAt(isAnywhere ? 0n : pageNumberOf(slot));
  if (request.kind === RegionKind.Stack) request.mostPages = u64(pages + below(200));
  if (request.kind !== RegionKind.Physical) return;
  const index = below(DEVICE_FRAMES);
  request.frame = frameAfter(model.firstDevice, u64(index));
  request.memoryType = UNCACHED;
  if (pages > DEVICE_FRAMES - index) request.pages = u64(DEVICE_FRAMES - index);
}

/** Where the request goes; SLOTS: nowhere. */
function targetOf(at: ModelSpace, slot: u32): u32 {
  const end = slot + u32(request.pages);
  if (request.placement === Placement.Replacing) return slot;
  const isWanted = request.placement === Placement.Exactly || (request.first !== 0n && floorFits());
  if (isWanted && isFree(at, slot, end)) return slot;
  if (request.placement === Placement.Exactly) return SLOTS;
  const isStack = request.kind === RegionKind.Stack;
  const gap = findGap(at, isStack ? request.mostPages + STACK_GUARD_PAGES : request.pages);
  if (gap === SLOTS || !isStack) return gap;
  return gap + u32(request.mostPages - request.pages + STACK_GUARD_PAGES);
}

/** Whether a stack has room for its floor and its guard, where the request wants it. */
function floorFits(): bool {
  if (request.kind !== RegionKind.Stack) return true;
  return request.first + request.pages >= request.mostPages + STACK_GUARD_PAGES + firstUserPage();
}

function expectMap(at: ModelSpace, target: u32): SpaceResult {
  const pages = u32(request.pages);
  if (pages === 0) return SpaceResult.Invalid;
  if (request.placement !== Placement.Anywhere && !floorFits()) return SpaceResult.Invalid;
  if (target === SLOTS) {
    return request.placement === Placement.Exactly ? SpaceResult.Exists : SpaceResult.OutOfMemory;
  }
  const cuts = request.placement === Placement.Replacing ? cutsAt(at, target, target + pages) : 0;
  return isWithinLimits(at, cuts + 1, pages) ? SpaceResult.Done : SpaceResult.OutOfMemory;
}

/** An object that no slot of any space refers to; OBJECTS: all are in use. */
function unusedObject(): u32 {
  let used: u64 = 0n;
  for (const at of model.spaces) {
    for (const slot of at.slots) {
      if (slot.isMapped && slot.kind === RegionKind.Shared) used |= 1n << slot.owner;
    }
  }
  return trailingZeros(~used | (1n << u64(OBJECTS)));
}

function startObject(object: u32): void {
  for (let i: u32 = 0; i < SLOTS; i += 1) model.shared[object * SLOTS + i] = 0n;
}

// --- Unmap, protect, discard -----------------------------------------------------------------------------------------

function unmapSome(at: ModelSpace, space: AddressSpace): void {
  const slot = below(SLOTS);
  const pages = shortStretch(slot);
  const expected = expectChange(at, slot, pages, true);
  if (isDone(unmapPages(space, pageOf(slot), u64(pages)), expected)) clearSlots(at, slot, slot + pages);
}

/** What a change of a stretch answers: where it must be mapped, and where holes do not matter. */
function expectChange(at: ModelSpace, slot: u32, pages: u32, mayHaveHoles: bool): SpaceResult {
  if (pages === 0) return SpaceResult.Invalid;
  if (!mayHaveHoles && !isCovered(at, slot, slot + pages)) return SpaceResult.BadAddress;
  return isWithinLimits(at, cutsAt(at, slot, slot + pages), 0) ? SpaceResult.Done : SpaceResult.OutOfMemory;
}

/** A stretch that is mapped, more often than chance would have it. */
function mappedStretch(at: ModelSpace, slot: u32): u32 {
  const wanted = shortStretch(slot);
  if (below(4) === 0) return wanted;
  let pages: u32 = 0;
  while (pages < wanted && at.slots[slot + pages].isMapped) pages += 1;
  return pages;
}

function protectSome(at: ModelSpace, space: AddressSpace): void {
  const slot = below(SLOTS);
  const pages = mappedStretch(at, slot);
  const access = below(8);
  const permissions = tryPermissions(access);
  const expected = permissions === null ? SpaceResult.NotAllowed : expectChange(at, slot, pages, false);
  if (!isDone(protectStretch(space, pageOf(slot), u64(pages), access), expected) || permissions === null) return;
  for (let i: u32 = 0; i < pages; i += 1) at.slots[slot + i].access = u32(permissions);
}

function discardSome(at: ModelSpace, space: AddressSpace): void {
  const slot = below(SLOTS);
  const pages = mappedStretch(at, slot);
  let expected = SpaceResult.Done;
  if (pages === 0) expected = SpaceResult.Invalid;
  else if (!isCovered(at, slot, slot + pages)) expected = SpaceResult.BadAddress;
  if (!isDone(discardPages(space, pageOf(slot), u64(pages)), expected)) return;
  for (let i: u32 = 0; i < pages; i += 1) {
    at.slots[slot + i].isTouched = false;
    at.slots[slot + i].word = firstWord(at.slots[slot + i]);
  }
}

// --- Remap -----------------------------------------------------------------------------------------------------------

function remapSome(at: ModelSpace, space: AddressSpace): void {
  const slot = below(SLOTS);
  const oldPages = regionStretch(at, slot);
  const newPages = below(4) === 0 ? below(60) : oldPages + below(40);
  const mayMove = below(2) === 0;
  remap.first = pageOf(slot);
  remap.oldPages = u64(oldPages);
  remap.newPages = u64(newPages);
  remap.mayMove = mayMove;
  const target = growTarget(at, slot, oldPages, newPages);
  const expected = expectRemap(at, slot, oldPages, newPages, target);
  if (!isDone(remapPages(space, remap), expected)) return;
  if (newPages <= oldPages) clearSlots(at, slot + newPages, slot + oldPages);
  else moveSlots(at, slot, oldPages, newPages, target);
  assert(slotOf(remap.first) === (newPages <= oldPages ? slot : target), "it is where the model has it");
}

/** A stretch of one region, more often than chance would have it. */
function regionStretch(at: ModelSpace, slot: u32): u32 {
  const wanted = shortStretch(slot);
  if (wanted === 0 || below(8) === 0) return wanted;
  let pages: u32 = 1;
  while (pages < wanted && continuesRegion(at, slot + pages)) pages += 1;
  return pages;
}

/** Where a stretch goes that gets longer: where it is, if there is room above; SLOTS: nowhere. */
function growTarget(at: ModelSpace, slot: u32, oldPages: u32, newPages: u32): u32 {
  const end = slot + oldPages;
  if (newPages <= oldPages || !isCovered(at, slot, end)) return slot;
  let free: u32 = end;
  while (free < windowEnd(slot) && !at.slots[free].isMapped) free += 1;
  const room = free < windowEnd(slot) ? reservedRoom(at, free, end) : u64(free - end);
  if (!continuesEnd(at, end, slot) && room >= u64(newPages - oldPages)) return slot;
  return remap.mayMove ? findGap(at, u64(newPages)) : SLOTS;
}

/** Whether the region goes on behind the stretch. */
function continuesEnd(at: ModelSpace, end: u32, slot: u32): bool {
  return end < windowEnd(slot) && continuesRegion(at, end);
}

/** Pages from slot `end` up to what the region at slot `next` needs. */
function reservedRoom(at: ModelSpace, next: u32, end: u32): u64 {
  const bottom = pageNumberOf(end);
  const reserved = reservedFrom(at.slots[next]);
  const top = reserved === EVERYWHERE ? pageNumberOf(next) : reserved;
  return top > bottom ? top - bottom : 0n;
}

function expectRemap(at: ModelSpace, slot: u32, oldPages: u32, newPages: u32, target: u32): SpaceResult {
  if (oldPages === 0 || newPages === 0) return SpaceResult.Invalid;
  if (!at.slots[slot].isMapped) return SpaceResult.BadAddress;
  for (let i: u32 = 1; i < oldPages; i += 1) {
    if (!continuesRegion(at, slot + i)) return SpaceResult.BadAddress;
  }
  if (newPages < oldPages) return expectChange(at, slot + newPages, oldPages - newPages, true);
  if (newPages === oldPages) return SpaceResult.Done;
  const kind = at.slots[slot].kind;
  if (kind === RegionKind.Stack || kind === RegionKind.Physical) return SpaceResult.Invalid;
  if (target === SLOTS || mappedPages(at) + u64(newPages - oldPages) > mostPages()) return SpaceResult.OutOfMemory;
  const cuts = target === slot ? 0 : cutsAt(at, slot, slot + oldPages);
  if (target !== slot && !isWithinLimits(at, cuts, newPages - oldPages)) return SpaceResult.OutOfMemory;
  return SpaceResult.Done;
}

function moveSlots(at: ModelSpace, slot: u32, oldPages: u32, newPages: u32, target: u32): void {
  if (target !== slot) spaceModelCounts.moves += 1;
  for (let i: u32 = 0; i < oldPages; i += 1) copyStruct(model.moving[i], at.slots[slot + i]);
  clearSlots(at, slot, slot + oldPages);
  for (let i: u32 = 0; i < newPages; i += 1) {
    const moved = at.slots[target + i];
    copyStruct(moved, model.moving[i < oldPages ? i : 0]);
    if (i < oldPages) continue;
    moved.isTouched = false;
    moved.index = model.moving[0].index + i;
    moved.word = firstWord(moved);
  }
}

// --- Touch -----------------------------------------------------------------------------------------------------------

function touchSome(at: ModelSpace, space: AddressSpace): void {
  const slot = busySlot(at);
  const access = usualAccess(at.slots[slot]);
  const stackSlot = at.slots[slot].isMapped ? slot : stackAbove(at, slot);
  const expected = stackSlot === SLOTS ? FaultOutcome.NoRegion : expectAccess(at.slots[stackSlot], access);
  model.lastWord += 1n;
  pageAccess.page = pageOf(slot);
  pageAccess.access = access;
  pageAccess.word = model.lastWord;
  const accessor = model.accessor;
  const actual = accessor(space, pageAccess);
  if (actual === FaultOutcome.OutOfMemory) {
    expectShortage("there were frames for a page");
    assert(expected === FaultOutcome.Resolved, "a frame was needed");
    spaceModelCounts.withoutFrames += 1;
    return;
  }
  assert(actual === expected, `access ${access} of slot ${slot} ended with ${actual}, not ${expected}`);
  spaceModelCounts.accesses += 1;
  if (actual !== FaultOutcome.Resolved) spaceModelCounts.accessesRefused += 1;
  else accessSlot(at, slot, stackSlot, access);
}

/** A slot that is mapped, if a few tries find one. */
function busySlot(at: ModelSpace): u32 {
  let slot = below(SLOTS);
  for (let i: u32 = 0; i < 4 && !at.slots[slot].isMapped; i += 1) slot = below(SLOTS);
  return slot;
}

/** An access that the page mostly allows. */
function usualAccess(slot: Slot): u32 {
  const access = 1 << below(3);
  return (slot.access & access) !== 0 || below(4) === 0 ? access : (slot.access & WRITE) !== 0 ? WRITE : READ;
}

function expectAccess(slot: Slot, access: u32): FaultOutcome {
  if (slot.access === 0) return FaultOutcome.NoAccess;
  if ((slot.access & access) !== 0) return FaultOutcome.Resolved;
  return access === WRITE ? FaultOutcome.NoWrite : FaultOutcome.NoExecute;
}

/** The lowest slot of a stack that may grow down to this slot; SLOTS: there is none. */
function stackAbove(at: ModelSpace, slot: u32): u32 {
  let first = slot;
  while (first < windowEnd(slot) && !at.slots[first].isMapped) first += 1;
  if (first === windowEnd(slot)) return SLOTS;
  const stack = at.slots[first];
  if (stack.kind !== RegionKind.Stack || pageNumberOf(slot) < stack.owner) return SLOTS;
  let bottom = slot;
  while (!isWindowStart(bottom) && !at.slots[bottom - 1].isMapped) bottom -= 1;
  const isAboveNothing = bottom === 0;
  if (!isAboveNothing && u64(slot - bottom) < STACK_GUARD_PAGES) return SLOTS;
  return mappedPages(at) + u64(first - slot) <= mostPages() ? first : SLOTS;
}

function accessSlot(at: ModelSpace, slot: u32, stackSlot: u32, access: u32): void {
  if (stackSlot !== slot) {
    spaceModelCounts.stacksGrown += 1;
    for (let i = slot; i < stackSlot; i += 1) {
      copyStruct(at.slots[i], at.slots[stackSlot]);
      at.slots[i].isTouched = false;
      at.slots[i].word = 0n;
    }
  }
  const touched = at.slots[slot];
  touched.isTouched = true;
  if (access === WRITE) setWord(touched, pageAccess.word);
  if (access === READ) expectWord(touched, slot, pageAccess.word);
}

function setWord(slot: Slot, word: u64): void {
  if (slot.kind === RegionKind.Shared) model.shared[u32(slot.owner) * SLOTS + slot.index] = word;
  else if (slot.kind === RegionKind.Physical) model.devices[slot.index] = word;
  else slot.word = word;
}

function expectWord(slot: Slot, number: u32, word: u64): void {
  let expected = slot.word;
  if (slot.kind === RegionKind.Shared) expected = model.shared[u32(slot.owner) * SLOTS + slot.index];
  if (slot.kind === RegionKind.Physical) expected = model.devices[slot.index];
  assert(word === expected, `slot ${number}, ${slot.kind}, holds ${word}, not ${expected}`);
}

// --- Ledger ----------------------------------------------------------------------------------------------------------

/** All that is known about frames agrees, counted from the tables of all address spaces and stores. */
export function checkLedger(): void {
  if (!beginSpaceLedger()) return;
  for (const at of model.spaces) {
    const space = at.space;
    if (space !== null) countSpace(space);
  }
  closeSpaceLedger();
}

// --- Comparing -------------------------------------------------------------------------------------------------------

function compareCounters(at: ModelSpace, space: AddressSpace): void {
  let touched: u64 = 0n;
  for (const slot of at.slots) {
    if (slot.isTouched) touched += 1n;
  }
  const tree = space.regions.tree;
  assert(space.residentPages === touched, `${space.residentPages} pages are resident, not ${touched}`);
  assert(tree.count === regionCount(at), `${tree.count} regions, not ${regionCount(at)}`);
  assert(tree.pages === mappedPages(at), `${tree.pages} pages, not ${mappedPages(at)}`);
}

function compareAll(): void {
  checkLedger();
  for (const at of model.spaces) {
    const space = at.space;
    if (space === null) continue;
    space.regions.tree.verify();
    compareCounters(at, space);
    for (let i: u32 = 0; i < SLOTS; i += 1) comparePage(at.slots[i], space, i);
  }
}

/** The page belongs to a region like the slot, and a page that was touched holds what the slot does. */
function comparePage(slot: Slot, space: AddressSpace, number: u32): void {
  const region = space.regions.tree.find(pageOf(number));
  assert((region !== null) === slot.isMapped, `slot ${number} is mapped, or not`);
  if (region === null) return;
  assert(region.kind === slot.kind && u32(region.permissions) === slot.access, `slot ${number} is of its region`);
  if (!slot.isTouched || slot.access === 0) return;
  pageAccess.page = pageOf(number);
  pageAccess.access = READ;
  const accessor = model.accessor;
  const outcome = accessor(space, pageAccess);
  if (model.isShort && outcome === FaultOutcome.OutOfMemory) return;
  assert(outcome === FaultOutcome.Resolved, `slot ${number} can be read`);
  expectWord(slot, number, pageAccess.word);
}
