/**
 * System calls about memory, as Linux defines them, on the regions of the process's address space.
 *
 * Linux man-pages: mmap(2), munmap(2), mprotect(2), mremap(2), madvise(2), brk(2).
 */

import { NO_FRAME, PAGE_SIZE, type Page, isPageAligned, pageAt, pagesFor } from "../../arch/x86_64/addresses";
import { MapRequest, Placement, RemapRequest, discardPages } from "../mm/addressSpace";
import { mapPages, protectStretch, remapPages, unmapPages } from "../mm/addressSpace";
import { SpaceResult } from "../mm/regions";
import { EXECUTE, READ, RegionKind, WRITE, endUserAddress } from "../mm/regionTree";
import { Errno, answerOf, refusal } from "./errno";
import { type Process } from "./process";

const PROT_READ: u64 = 1n;
const PROT_WRITE: u64 = 2n;
const PROT_EXECUTE: u64 = 4n;
const PROT_ALL: u64 = PROT_READ | PROT_WRITE | PROT_EXECUTE;

const MAP_TYPE: u64 = 0x0fn;
const MAP_SHARED: u64 = 1n;
const MAP_PRIVATE: u64 = 2n;
const MAP_SHARED_VALIDATE: u64 = 3n;
const MAP_FIXED: u64 = 0x10n;
const MAP_ANONYMOUS: u64 = 0x20n;
const MAP_FIXED_NOREPLACE: u64 = 0x10_0000n;

const MREMAP_MAYMOVE: u64 = 1n;

/** What a program thinks of its memory. */
enum Advice {
  Normal = 0,
  Random = 1,
  Sequential = 2,
  WillNeed = 3,
  DontNeed = 4,
  Free = 8,
}

const request = new MapRequest();
const remapRequest = new RemapRequest();

/** mmap, for memory that no file backs. */
export function mapMemory(process: Process, address: u64, bytes: u64, protection: u64, flags: u64): u64 {
  if ((flags & MAP_ANONYMOUS) === 0n) return refusal(Errno.BadDescriptor);
  if (bytes === 0n || (protection & ~PROT_ALL) !== 0n) return refusal(Errno.Invalid);
  if (bytes > endUserAddress()) return refusal(Errno.OutOfMemory);
  const type = flags & MAP_TYPE;
  const isShared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE;
  if (!isShared && type !== MAP_PRIVATE) return refusal(Errno.Invalid);
  const isFixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0n;
  if (isFixed && !isPageAligned(address)) return refusal(Errno.Invalid);
  if (isFixed && (address >= endUserAddress() || bytes > endUserAddress() - address)) return refusal(Errno.OutOfMemory);
  zeroStruct(request);
  request.kind = isShared ? RegionKind.Shared : RegionKind.Private;
  request.placement = placementOf(flags);
  request.access = accessOf(protection);
  request.first = address < endUserAddress() ? pageAt(address / PAGE_SIZE) : pageAt(0n);
  request.pages = pagesFor(bytes);
  request.frame = NO_FRAME;
  const result = mapPages(process.memory(), request);
  return result === SpaceResult.Done ? request.first * PAGE_SIZE : answerOf(result);
}

function placementOf(flags: u64): Placement {
  if ((flags & MAP_FIXED_NOREPLACE) !== 0n) return Placement.Exactly;
  return (flags & MAP_FIXED) !== 0n ? Placement.Replacing : Placement.Anywhere;
}

/** munmap. */
export function unmapMemory(process: Process, address: u64, bytes: u64): u64 {
  if (!isStretch(address, bytes) || bytes === 0n) return refusal(Errno.Invalid);
  return answerOf(unmapPages(process.memory(), firstPage(address), pagesFor(bytes)));
}

/** mprotect. */
export function protectMemory(process: Process, address: u64, bytes: u64, protection: u64): u64 {
  if (!isPageAligned(address) || (protection & ~PROT_ALL) !== 0n) return refusal(Errno.Invalid);
  if (bytes === 0n) return 0n;
  if (!isStretch(address, bytes)) return refusal(Errno.OutOfMemory);
  return ofMapped(protectStretch(process.memory(), firstPage(address), pagesFor(bytes), accessOf(protection)));
}

/** madvise. What is only a hint changes nothing. */
export function adviseMemory(process: Process, address: u64, bytes: u64, advice: u64): u64 {
  if (!isPageAligned(address)) return refusal(Errno.Invalid);
  if (!isAdvice(advice)) return refusal(Errno.Invalid);
  if (bytes === 0n) return 0n;
  if (!isStretch(address, bytes)) return refusal(Errno.OutOfMemory);
  if (advice !== u64(Advice.DontNeed) && advice !== u64(Advice.Free)) return 0n;
  return ofMapped(discardPages(process.memory(), firstPage(address), pagesFor(bytes)));
}

function isAdvice(advice: u64): bool {
  return advice <= u64(Advice.DontNeed) || advice === u64(Advice.Free);
}

/** mremap, without a new place that the program chooses. */
export function remapMemory(process: Process, address: u64, oldBytes: u64, newBytes: u64, flags: u64): u64 {
  if (!isPageAligned(address) || (flags & ~MREMAP_MAYMOVE) !== 0n) return refusal(Errno.Invalid);
  if (newBytes === 0n || oldBytes === 0n) return refusal(Errno.Invalid);
  if (!isStretch(address, oldBytes)) return refusal(Errno.BadAddress);
  if (newBytes > endUserAddress()) return refusal(Errno.OutOfMemory);
  remapRequest.first = firstPage(address);
  remapRequest.oldPages = pagesFor(oldBytes);
  remapRequest.newPages = pagesFor(newBytes);
  remapRequest.mayMove = (flags & MREMAP_MAYMOVE) !== 0n;
  const result = remapPages(process.memory(), remapRequest);
  return result === SpaceResult.Done ? remapRequest.first * PAGE_SIZE : answerOf(result);
}

/** brk: moves the end of the heap, and tells where it is then; where it was if it cannot be moved. */
export function moveHeapEnd(process: Process, end: u64): u64 {
  if (end < process.heapStart || end > endUserAddress()) return process.heapEnd;
  const oldFirst = pagesFor(process.heapEnd);
  const newFirst = pagesFor(end);
  if (newFirst > oldFirst && !growHeap(process, oldFirst, newFirst - oldFirst)) return process.heapEnd;
  if (newFirst < oldFirst) {
    const result = unmapPages(process.memory(), pageAt(newFirst), oldFirst - newFirst);
    if (result !== SpaceResult.Done) return process.heapEnd;
  }
  process.heapEnd = end;
  return end;
}

function growHeap(process: Process, first: u64, pages: u64): bool {
  zeroStruct(request);
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = pageAt(first);
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
