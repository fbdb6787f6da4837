/**
 * System calls about memory, as Linux defines them, on the regions of the process's address space.
 *
 * Linux man-pages: mmap(2), munmap(2), mprotect(2), mremap(2), madvise(2), mincore(2), brk(2).
 */

import { NO_FRAME, PAGE_SIZE, type Page, isPageAligned, pageAfter } from "../../arch/x86_64/addresses";
import { pageAt, pagesFor } from "../../arch/x86_64/addresses";
import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { type AddressSpace, MapRequest, Placement, RemapRequest, discardPages, extendRegion } from "../mm/addressSpace";
import { mapPages, protectStretch, remapPages, unmapPages } from "../mm/addressSpace";
import { FaultOutcome } from "../mm/faults";
import { populatePages, readPresence } from "../mm/presence";
import { SpaceResult } from "../mm/regions";
import { EXECUTE, READ, RegionKind, WRITE, endUserAddress, firstUserPage } from "../mm/regionTree";
import { writeUser } from "../mm/userMemory";
import { Errno, answerOf, refusal } from "./errno";
import { type Process } from "./process";

const PROT_READ: u64 = 1n;
const PROT_WRITE: u64 = 2n;
const PROT_EXECUTE: u64 = 4n;
const PROT_ALL: u64 = PROT_READ | PROT_WRITE | PROT_EXECUTE;

const MAP_TYPE: u64 = 0x0fn;
const MAP_SHARED: u64 = 1n;
const MAP_PRIVATE: u64 = 2n;
const MAP_FIXED: u64 = 0x10n;
const MAP_ANONYMOUS: u64 = 0x20n;
const MAP_FIXED_NOREPLACE: u64 = 0x10_0000n;

const MAP_LOCKED: u64 = 0x2000n;
const MAP_POPULATE: u64 = 0x8000n;
const MAP_NONBLOCK: u64 = 0x1_0000n;

const MREMAP_MAYMOVE: u64 = 1n;
const MREMAP_FIXED: u64 = 2n;

/** What a program thinks of its memory. */
enum Advice {
  Normal = 0,
  Random = 1,
  Sequential = 2,
  WillNeed = 3,
  DontNeed = 4,
  Free = 8,
  DontDump = 16,
  Dump = 17,
  Cold = 20,
  PageOut = 21,
  PopulateToRead = 22,
  PopulateToWrite = 23,
}

/** mincore tells of so many pages at once. */
const presence = new FixedArray<u8, 512>();

const request = new MapRequest();
const remapRequest = new RemapRequest();

/** mmap, for memory that no file backs. Bits that mean nothing are passed over. */
export function mapMemory(process: Process, address: u64, bytes: u64, protection: u64, flags: u64, offset: u64): u64 {
  if (!isPageAligned(offset)) return refusal(Errno.Invalid);
  if ((flags & MAP_ANONYMOUS) === 0n) return refusal(Errno.BadDescriptor);
  const type = flags & MAP_TYPE;
  if (bytes === 0n || (type !== MAP_SHARED && type !== MAP_PRIVATE)) return refusal(Errno.Invalid);
  if (bytes > endUserAddress() - firstUserPage() * PAGE_SIZE) return refusal(Errno.OutOfMemory);
  const problem = placeProblem(address, bytes, flags);
  if (problem !== null) return refusal(problem);
  zeroStruct(request);
  request.kind = type === MAP_SHARED ? RegionKind.Shared : RegionKind.Private;
  request.placement = placementOf(flags);
  request.access = accessOf(protection);
  request.first = address < endUserAddress() ? pageAt(address / PAGE_SIZE) : pageAt(0n);
  request.pages = pagesFor(bytes);
  request.frame = NO_FRAME;
  const result = mapPages(process.memory(), request);
  if (result !== SpaceResult.Done) return answerOf(result);
  if (wantsPages(flags) && request.access !== 0) {
    void populatePages(process.memory(), request.first, request.pages, (request.access & WRITE) !== 0);
  }
  return request.first * PAGE_SIZE;
}

/** Why a program cannot have memory at this very place. */
function placeProblem(address: u64, bytes: u64, flags: u64): Errno | null {
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) === 0n) return null;
  if (address >= endUserAddress() || bytes > endUserAddress() - address) return Errno.OutOfMemory;
  if (!isPageAligned(address)) return Errno.Invalid;
  return address < firstUserPage() * PAGE_SIZE ? Errno.NoPermission : null;
}

function wantsPages(flags: u64): bool {
  return (flags & MAP_LOCKED) !== 0n || (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
}

function placementOf(flags: u64): Placement {
  if ((flags & MAP_FIXED_NOREPLACE) !== 0n) return Placement.Exactly;
  return (flags & MAP_FIXED) !== 0n ? Placement.Replacing : Placement.Anywhere;
}

/** munmap. */
export function unmapMemory(process: Process, address: u64, bytes: u64): u64 {
  if (!isStretch(address, bytes) || bytes === 0n) return refusal(Errno.Invalid);
  const end = pageAt(pagesFor(address + bytes));
  const lowest = pageAt(firstUserPage());
  const first = firstPage(address) > lowest ? firstPage(address) : lowest;
  return end <= first ? 0n : answerOf(unmapPages(process.memory(), first, end - first));
}

/** mprotect. */
export function protectMemory(process: Process, address: u64, bytes: u64, protection: u64): u64 {
  if (!isPageAligned(address)) return refusal(Errno.Invalid);
  if (bytes === 0n) return 0n;
  if (wrappingAdd(address, bytes) < address) return refusal(Errno.OutOfMemory);
  if ((protection & ~PROT_ALL) !== 0n) return refusal(Errno.Invalid);
  if (!isStretch(address, bytes)) return refusal(Errno.OutOfMemory);
  return ofMapped(protectStretch(process.memory(), firstPage(address), pagesFor(bytes), accessOf(protection)));
}

/** madvise. What is only a hint changes nothing. */
export function adviseMemory(process: Process, address: u64, bytes: u64, advice: u64): u64 {
  if (!isAdvice(advice) || !isPageAligned(address)) return refusal(Errno.Invalid);
  if (bytes > u64.MAX - PAGE_SIZE + 1n || wrappingAdd(address, bytes) < address) return refusal(Errno.Invalid);
  if (bytes === 0n) return 0n;
  if (!isStretch(address, bytes)) return refusal(Errno.OutOfMemory);
  const space = process.memory();
  const first = firstPage(address);
  const pages = pagesFor(bytes);
  switch (advice) {
    case u64(Advice.Free):
      if (!isZeroAtFirst(space, first, pages)) return refusal(Errno.Invalid);
      return ofMapped(discardPages(space, first, pages));
    case u64(Advice.DontNeed):
      return ofMapped(discardPages(space, first, pages));
    case u64(Advice.PopulateToRead):
      return ofPopulated(populatePages(space, first, pages, false));
    case u64(Advice.PopulateToWrite):
      return ofPopulated(populatePages(space, first, pages, true));
    default:
      return space.regions.isCovered(first, pageAfter(first, pages)) ? 0n : refusal(Errno.OutOfMemory);
  }
}

function isAdvice(advice: u64): bool {
  if (advice <= u64(Advice.DontNeed) || advice === u64(Advice.Free)) return true;
  if (advice === u64(Advice.DontDump) || advice === u64(Advice.Dump)) return true;
  return advice >= u64(Advice.Cold) && advice <= u64(Advice.PopulateToWrite);
}

/** Whether all that is mapped there is private memory that no file backs. */
function isZeroAtFirst(space: AddressSpace, first: Page, pages: u64): bool {
  const end = pageAfter(first, pages);
  for (let region = space.regions.tree.findFrom(first); region !== null && region.first < end; region = region.next) {
    if (region.kind !== RegionKind.Private && region.kind !== RegionKind.Stack) return false;
  }
  return true;
}

function ofPopulated(outcome: FaultOutcome): u64 {
  switch (outcome) {
    case FaultOutcome.Resolved:
      return 0n;
    case FaultOutcome.NoRegion:
    case FaultOutcome.OutOfMemory:
      return refusal(Errno.OutOfMemory);
    case FaultOutcome.NoAccess:
    case FaultOutcome.NoWrite:
      return refusal(Errno.Invalid);
    default:
      return refusal(Errno.BadAddress);
  }
}

/** mincore: a byte for each page, 1 for those in memory. */
export function tellPresence(process: Process, address: u64, bytes: u64, target: u64): u64 {
  if (!isPageAligned(address)) return refusal(Errno.Invalid);
  if (!isStretch(address, bytes)) return refusal(Errno.OutOfMemory);
  const pages = pagesFor(bytes);
  for (let done: u64 = 0n; done < pages; done += u64(presence.length)) {
    const left = pages - done;
    const part = subslice(presence, 0, left < u64(presence.length) ? u32(left) : presence.length);
    if (!readPresence(process.memory(), pageAfter(firstPage(address), done), part)) return refusal(Errno.OutOfMemory);
    if (writeUser(wrappingAdd(target, done), part) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  }
  return 0n;
}

calledRarely(tellPresence);

/** mremap. */
export function remapMemory(process: Process, frame: TrapFrame): u64 {
  const address = frame.rdi;
  const oldBytes = frame.rsi;
  const newBytes = frame.rdx;
  const flags = frame.r10;
  const isFixed = (flags & MREMAP_FIXED) !== 0n;
  if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) !== 0n) return refusal(Errno.Invalid);
  if (flags === MREMAP_FIXED || !isPageAligned(address)) return refusal(Errno.Invalid);
  if (newBytes === 0n || oldBytes === 0n) return refusal(Errno.Invalid);
  if (isFixed && !isStretch(frame.r8, newBytes)) return refusal(Errno.Invalid);
  if (!isStretch(address, oldBytes)) return refusal(Errno.BadAddress);
  if (newBytes > endUserAddress()) return refusal(Errno.OutOfMemory);
  remapRequest.first = firstPage(address);
  remapRequest.oldPages = pagesFor(oldBytes);
  remapRequest.newPages = pagesFor(newBytes);
  remapRequest.mayMove = (flags & MREMAP_MAYMOVE) !== 0n;
  remapRequest.isFixed = isFixed;
  remapRequest.target = isFixed ? firstPage(frame.r8) : pageAt(0n);
  const result = remapPages(process.memory(), remapRequest);
  return result === SpaceResult.Done ? remapRequest.first * PAGE_SIZE : answerOf(result);
}

calledRarely(remapMemory);

/** brk: moves the end of the heap, and tells where it is then; where it was if it cannot be moved. */
export function moveHeapEnd(process: Process, end: u64): u64 {
  if (end < process.heapStart || end > endUserAddress()) return process.heapEnd;
  const oldFirst = pagesFor(process.heapEnd);
  const newFirst = pagesFor(end);
  if (newFirst > oldFirst && !growHeap(process, pageAt(oldFirst), newFirst - oldFirst)) return process.heapEnd;
  if (newFirst < oldFirst) {
    const result = unmapPages(process.memory(), pageAt(newFirst), oldFirst - newFirst);
    if (result !== SpaceResult.Done) return process.heapEnd;
  }
  process.heapEnd = end;
  return end;
}

function growHeap(process: Process, first: Page, pages: u64): bool {
  if (extendRegion(process.memory(), first, pages, READ | WRITE)) return true;
  zeroStruct(request);
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = first;
  request.pages = pages;
  return mapPages(process.memory(), request) === SpaceResult.Done;
}

/** Linux calls it ENOMEM when not all of a stretch is mapped. */
function ofMapped(result: SpaceResult): u64 {
  return result === SpaceResult.BadAddress ? refusal(Errno.OutOfMemory) : answerOf(result);
}

function accessOf(protection: u64): u32 {
  let access: u32 = 0;
  if ((protection & PROT_READ) !== 0n) access |= READ;
  if ((protection & PROT_WRITE) !== 0n) access |= WRITE;
  if ((protection & PROT_EXECUTE) !== 0n) access |= EXECUTE;
  return access;
}

/** Whether these bytes begin a page, and lie below the end of what programs may have. */
function isStretch(address: u64, bytes: u64): bool {
  return isPageAligned(address) && address < endUserAddress() && bytes <= endUserAddress() - address;
}

function firstPage(address: u64): Page {
  return pageAt(address / PAGE_SIZE);
}
