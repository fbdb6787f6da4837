/**
 * The kernel's own address space.
 *
 *     0xffffffffffffffff +---------------------------+
 *                        |  kernel image             |  4 KiB pages, W^X by section, guard pages left out
 *     kernel_start       |    text   R-X             |
 *                        |    rodata R--             |
 *                        |    data   RW-             |
 *                        +---------------------------+
 *                        |  nothing                  |
 *                        +---------------------------+
 *                        |  HHDM: RAM, framebuffers  |  largest leaves that fit, never executable
 *     hhdmBase           |                           |  text and rodata read-only here too: no writable alias
 *                        +---------------------------+
 *                        |  lower half: nothing      |  kept for programs
 *                        |  (physmap=identity: RAM)  |  at its own address, like the HHDM; programs begin above it
 *     0x0000000000000000 +---------------------------+
 *
 * With physmap=recursive three entries of the root in the upper half, which nothing else has, show page tables.
 *
 * The HHDM stays where the loader had it, so addresses into it stay valid across the switch. What is not RAM is not
 * mapped: devices get mappings of their own.
 */

import {
  type Frame,
  NO_FRAME,
  type Page,
  frameAfter,
  frameContaining,
  frameStart,
  pageAt,
} from "../../arch/x86_64/addresses";
import {
  pageContaining,
  pagesFor,
  pagingLevels,
  uncheckedFrame,
  uncheckedVirtAddr,
  virtAddr,
} from "../../arch/x86_64/addresses";
import { ImageSection, sectionEnd, sectionStart } from "../../arch/x86_64/image";
import { ENTRIES_PER_TABLE, type PageFlags, type PageTable, pagesPerLeaf } from "../../arch/x86_64/pageTable";
import { setUserWindow, tableIndex, userWindowFirst } from "../../arch/x86_64/pageTable";
import { FRAMEBUFFER, KERNEL_DATA, KERNEL_RODATA, KERNEL_TEXT } from "../../arch/x86_64/pageTable";
import { physmapBase, tableIn } from "../../arch/x86_64/physmap";
import { guardPageAt, guardPageCount } from "../../arch/x86_64/stacks";
import { PhysmapMode, SELF_ENTRIES, addSelfEntry, reserveSelfEntries } from "../../arch/x86_64/tableAccess";
import { rootTableOf } from "../../arch/x86_64/tableAccess";
import { ignoreFlush } from "../../arch/x86_64/tlb";
import { type BootInfo, MemoryKind } from "../../boot/bootInfo";
import { allocateZeroedFrame } from "./frameAllocator";
import { type MemoryMap, type MemoryRegion, isRamKind } from "./memoryMap";
import { memoryReport } from "./memoryReport";
import { MapResult, PageMapping, mapHugeRange, mapRange, unmapPage } from "./pageMapper";
import { attachTables, attachedTables } from "./tables";

/** A stretch of physical memory that is mapped alike, and grows as regions are met. */
class Span {
  first: u64;
  end: u64;
  flags: PageFlags;
}

/** The root table's upper half. */
const FIRST_KERNEL_ENTRY: u32 = ENTRIES_PER_TABLE / 2;
/** The highest so many entries of a PML4 are for what the kernel maps after the boot: 8 TiB. */
const WINDOWS: u64 = 16n;
/** Behind the last page there is. */
const END_PAGE: u64 = 1n << 52n;
/** Root entries for recursive access are looked for from here downwards, below those windows. */
const HIGHEST_SELF_ENTRY: u32 = 493;

class KernelSpace {
  rootFrame: Frame;
  has1GiBPages: bool;
  /** Where the map that is being made shows physical address 0. */
  windowBase: u64;
  /** Frames of the image that nothing may write: text and rodata. */
  readOnlyFirst: u64;
  readOnlyEnd: u64;
  readonly span: Span;
}
const space = new KernelSpace();

/**
 * Builds the tables, prepared for this mode, and returns the frame of their root; loading it into CR3 is the caller's.
 * Out of memory: panic.
 */
export function buildKernelSpace(map: MemoryMap, info: BootInfo, has1GiBPages: bool, mode: PhysmapMode): Frame {
  const root = allocateZeroedFrame();
  if (root === null) panic("no memory for the kernel's page tables");
  space.rootFrame = root;
  space.has1GiBPages = has1GiBPages;
  memoryReport.uses1GiBPages = has1GiBPages;
  space.readOnlyFirst = frameContaining(info.kernelPhysBase);
  space.readOnlyEnd = space.readOnlyFirst + pagesFor(sectionEnd(ImageSection.Rodata) - kernelStart());
  checkWindows(map);
  mapImage(tableIn(root), frameContaining(info.kernelPhysBase));
  mapDirectMap(tableIn(root), map, physmapBase());
  prepareWindows(tableIn(root));
  if (mode === PhysmapMode.Identity) mapIdentically(tableIn(root), map);
  if (mode === PhysmapMode.Recursive) makeRecursive(root);
  reportTables();
  return root;
}

calledRarely(buildKernelSpace);

/** The frame of the kernel's root table. */
export function kernelRootFrame(): Frame {
  return space.rootFrame;
}

/** The kernel's root table. */
export function kernelRoot(): PageTable {
  return rootTableOf(space.rootFrame);
}

/**
 * Gives an empty root table all that is the kernel's, so that CR3 may hold it. It is the same tables, so what the
 * kernel maps later under their root entries appears there too.
 */
export function shareKernelHalf(root: Frame): void {
  const table = tableIn(root);
  const kernel = kernelRoot();
  const users = tableIndex(userWindowFirst(), pagingLevels());
  for (let i: u32 = 0; i < users; i += 1) copyStruct(table.entries[i], kernel.entries[i]);
  for (let i = FIRST_KERNEL_ENTRY; i < ENTRIES_PER_TABLE; i += 1) copyStruct(table.entries[i], kernel.entries[i]);
  addSelfEntry(root);
}

/** Frames that the kernel image takes, guard pages included. */
export function kernelImageFrames(): u64 {
  return pagesFor(sectionEnd(ImageSection.Data) - kernelStart());
}

function kernelStart(): u64 {
  return sectionStart(ImageSection.Text);
}

/** The HHDM must end below the image. */
function checkWindows(map: MemoryMap): void {
  const end = frameStart(mappedEnd(map));
  if (end > kernelStart() - physmapBase()) panic("the direct map of physical memory would run into the kernel image");
}

/** The frame behind the last that the direct map shows. */
function mappedEnd(map: MemoryMap): Frame {
  let end = NO_FRAME;
  for (let i: u32 = 0; i < map.length; i += 1) {
    if (isMapped(map.regions[i].kind)) end = map.regions[i].end;
  }
  return end;
}

// --- The image -------------------------------------------------------------------------------------------------------

function mapImage(root: PageTable, first: Frame): void {
  mapSection(root, first, ImageSection.Text, KERNEL_TEXT);
  mapSection(root, first, ImageSection.Rodata, KERNEL_RODATA);
  mapSection(root, first, ImageSection.Data, KERNEL_DATA);
  const old = new PageMapping();
  for (let i: u32 = 0; i < guardPageCount(); i += 1) {
    const flush = unmapPage(root, pageContaining(guardPageAt(i)), old);
    if (flush === null) panic(`the guard page at ${guardPageAt(i)} is not a page of the kernel image`);
    ignoreFlush(flush);
  }
  memoryReport.leaves[1] -= u64(guardPageCount());
}

/** `first` is the frame of the image's first byte. */
function mapSection(root: PageTable, first: Frame, section: ImageSection, flags: PageFlags): void {
  const start = sectionStart(section);
  const frame = frameAfter(first, pagesFor(start - kernelStart()));
  const pages = pagesFor(sectionEnd(section) - start);
  const result = mapRange(root, pageContaining(virtAddr(start)), frame, pages, flags);
  if (result !== MapResult.Mapped) panic(`mapping section ${section} of the kernel image: ${result}`);
  memoryReport.leaves[1] += pages;
}

// --- The direct map --------------------------------------------------------------------------------------------------

function mapDirectMap(root: PageTable, map: MemoryMap, base: u64): void {
  space.windowBase = base;
  space.span.first = 0n;
  space.span.end = 0n;
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    if (isRamKind(region.kind)) growByRam(root, region);
    else if (region.kind === MemoryKind.Framebuffer) grow(root, region.first, region.end, FRAMEBUFFER);
  }
  mapSpan(root);
}

/**
 * RAM once more, at its own address. The root entries that this takes, and all before them, are not for programs. Frame
 * 0 is reserved, so address 0 is not mapped.
 */
function mapIdentically(root: PageTable, map: MemoryMap): void {
  const pages = pagesPerLeaf(pagingLevels());
  const end = mappedEnd(map);
  setUserWindow(pageAt((end + pages - 1n) & ~(pages - 1n)));
  mapDirectMap(root, map, 0n);
}

/** Takes root entries that nothing else needs, and makes the root show itself there. */
function makeRecursive(root: Frame): void {
  let index = HIGHEST_SELF_ENTRY;
  while (!areEmpty(tableIn(root), index)) index -= 1;
  assert(index >= FIRST_KERNEL_ENTRY, "the kernel half of the root has room for recursive access");
  reserveSelfEntries(index);
  addSelfEntry(root);
}

function areEmpty(root: PageTable, index: u32): bool {
  for (let i: u32 = 0; i < SELF_ENTRIES; i += 1) {
    if (!root.entries[index + i].isEmpty()) return false;
  }
  return true;
}

function isMapped(kind: MemoryKind): bool {
  return isRamKind(kind) || kind === MemoryKind.Framebuffer;
}

/** What of a region lies before, in, and after the read-only part of the image. */
function growByRam(root: PageTable, region: MemoryRegion): void {
  const readOnlyFirst = clamp(space.readOnlyFirst, region.first, region.end);
  const readOnlyEnd = clamp(space.readOnlyEnd, region.first, region.end);
  grow(root, region.first, readOnlyFirst, KERNEL_DATA);
  grow(root, readOnlyFirst, readOnlyEnd, KERNEL_RODATA);
  grow(root, readOnlyEnd, region.end, KERNEL_DATA);
}

/** The nearest to `value` of the numbers `low` .. `high`. */
function clamp(value: u64, low: u64, high: u64): u64 {
  if (value < low) return low;
  return value > high ? high : value;
}

/** Lengthens the span by frames that follow it and are mapped alike, or maps it and starts another. */
function grow(root: PageTable, first: u64, end: u64, flags: PageFlags): void {
  if (first >= end) return;
  const span = space.span;
  if (span.end !== first || span.flags !== flags) {
    mapSpan(root);
    span.first = first;
    span.flags = flags;
  }
  span.end = end;
}

function mapSpan(root: PageTable): void {
  let at = space.span.first;
  while (at < space.span.end) at += mapStretch(root, uncheckedFrame(at));
}

/** Maps huge leaves if any fit here, else 4 KiB pages up to where the next may. Returns the number of frames. */
function mapStretch(root: PageTable, frame: Frame): u64 {
  const page = pageContaining(uncheckedVirtAddr(space.windowBase + frameStart(frame)));
  if (space.has1GiBPages && fits(frame, page, 3)) return mapHuge(root, page, frame, 3);
  if (fits(frame, page, 2)) return mapHuge(root, page, frame, 2);
  const frames = framesUpTo(frame, pagesPerLeaf(2));
  expectMapped(frame, mapRange(root, page, frame, frames, space.span.flags));
  memoryReport.leaves[1] += frames;
  return frames;
}

/** Whether a leaf of this level may start here: aligned on both sides, and all of it in the span. */
function fits(frame: Frame, page: Page, level: u32): bool {
  const frames = pagesPerLeaf(level);
  const offsetMask = frames - 1n;
  return (frame & offsetMask) === 0n && (page & offsetMask) === 0n && frame + frames <= space.span.end;
}

/** Maps leaves of this level up to where a larger one may follow. At least one fits. */
function mapHuge(root: PageTable, page: Page, frame: Frame, level: u32): u64 {
  const leaves = framesUpTo(frame, pagesPerLeaf(level + 1)) / pagesPerLeaf(level);
  expectMapped(frame, mapHugeRange(root, page, frame, level, leaves, space.span.flags));
  memoryReport.leaves[level] += leaves;
  return leaves * pagesPerLeaf(level);
}

/** Frames from this one to the next multiple of `alignment`, or to the end of the span if that comes first. */
function framesUpTo(frame: Frame, alignment: u64): u64 {
  return clamp((frame | (alignment - 1n)) + 1n, frame, space.span.end) - frame;
}

function expectMapped(frame: Frame, result: MapResult): void {
  if (result !== MapResult.Mapped) panic(`mapping physical memory at ${frameStart(frame)}: ${result}`);
}

// --- Windows ---------------------------------------------------------------------------------------------------------

/**
 * Hangs tables on the root where the kernel will map things later. Address spaces have copies of the root's upper half,
 * so no entry of it may change from now on.
 */
function prepareWindows(root: PageTable): void {
  for (let i: u64 = 1n; i <= WINDOWS; i += 1n) {
    if (attachTables(root, windowStart(i), pagingLevels() - 1) === null)
      panic("no memory for the tables of the kernel's windows");
  }
}

/** The first page of a window, the highest of which is 1: there lies the kernel image. */
export function windowStart(window: u64): Page {
  assert(window >= 1n && window <= WINDOWS, "the kernel has such a window");
  return pageAt(END_PAGE - window * pagesPerLeaf(4));
}

// --- Report ----------------------------------------------------------------------------------------------------------

function reportTables(): void {
  memoryReport.tables[pagingLevels()] = 1;
  memoryReport.tableFrames = 1n;
  for (let level: u32 = 1; level < pagingLevels(); level += 1) {
    memoryReport.tables[level] = attachedTables(level);
    memoryReport.tableFrames += u64(attachedTables(level));
  }
}
