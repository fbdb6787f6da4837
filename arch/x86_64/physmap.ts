/**
 * The door to physical memory: the higher-half direct map (HHDM) keeps physical address p at base + p.
 *
 * The loader's map is used until the kernel's own tables are in CR3; both have the same base, so no pointer changes.
 * On the host the base is the address of an arena, and physical memory is simulated.
 */

import {
  type Frame,
  type PhysAddr,
  type VirtAddr,
  PAGE_SHIFT,
  PAGE_SIZE,
  uncheckedFrame,
  uncheckedVirtAddr,
} from "./addresses";
import { PageTable } from "./pageTable";

const WORDS_PER_FRAME: u32 = 512;

class Physmap {
  base: u64;
  /** Where page tables at address 0 would be: the same, or 0 (tableAccess.ts). */
  tableBase: u64;
}
const physmap = new Physmap();

/** Tells where physical address 0 appears. Once, before anything else here. */
export function setPhysmapBase(base: u64): void {
  physmap.base = base;
  physmap.tableBase = base;
}

/** Tells what to add to the address of a table's frame. */
export function setTableBase(base: u64): void {
  physmap.tableBase = base;
}

export function tableBase(): u64 {
  return physmap.tableBase;
}

export function physmapBase(): u64 {
  return physmap.base;
}

/** Where the HHDM shows this address. It is mapped only when it is RAM (or a framebuffer). */
export function physToVirt(address: PhysAddr): VirtAddr {
  return uncheckedVirtAddr(physmap.base + address);
}

/** Where the HHDM shows this frame. */
export function frameToVirt(frame: Frame): VirtAddr {
  return uncheckedVirtAddr(physmap.base + (frame << PAGE_SHIFT));
}

/** The frame that the HHDM shows at this address. The caller vouches that it is an address of the HHDM. */
export function frameOfVirt(address: VirtAddr): Frame {
  return uncheckedFrame((address - physmap.base) >> PAGE_SHIFT);
}

/** The table in this frame, as data: a new one, or a root that is being made. The caller vouches for the frame. */
export function tableIn(frame: Frame): PageTable {
  return overlay<PageTable>(wrappingAdd(physmap.base, frame << PAGE_SHIFT));
}

/** Fills the frame with zero bytes. */
export function zeroFrame(frame: Frame): void {
  zeroMemory(physmap.base + (frame << PAGE_SHIFT), PAGE_SIZE);
}

/** Copies the content of one frame to another. */
export function copyFrame(target: Frame, source: Frame): void {
  copyMemory(physmap.base + (target << PAGE_SHIFT), physmap.base + (source << PAGE_SHIFT), PAGE_SIZE);
}

/** Fills the frame with these bytes, at most PAGE_SIZE, and zero bytes behind them. */
export function fillFrame(target: Frame, source: Slice<u8>): void {
  const bytes = u64(source.length);
  assert(bytes <= PAGE_SIZE, "what fills a frame fits into it");
  const start = physmap.base + (target << PAGE_SHIFT);
  copyMemory(start, addressOf(source), bytes);
  zeroMemory(start + bytes, PAGE_SIZE - bytes);
}

/** The 512 words of the frame. */
export function frameWords(frame: Frame): Slice<u64> {
  return sliceOf(overlay<Many<u64>>(physmap.base + (frame << PAGE_SHIFT)), WORDS_PER_FRAME);
}
