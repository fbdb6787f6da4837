/**
 * The stack that the kernel has for each process: it serves the process's system calls and traps, and keeps what was
 * going on while another process runs.
 *
 *     slot    | guard: 4 pages, never mapped | stack: 4 pages |   the next slot ...
 *                                                             ^ RSP at first
 *
 * Slots lie in one of the kernel's windows, which all address spaces have. A stack is mapped while its slot is taken.
 */

import { type Page, PAGE_SIZE, pageAfter, pageStart } from "../../arch/x86_64/addresses";
import { KERNEL_DATA } from "../../arch/x86_64/pageTable";
import { applyFlush } from "../../arch/x86_64/tlb";
import { FrameOwner, acquireFrame, releaseFrame } from "../mm/frames";
import { kernelRoot, windowStart } from "../mm/kernelSpace";
import { MapResult, PageMapping, mapPage, unmapPage } from "../mm/pageMapper";

const STACK_PAGES: u64 = 4n;
const SLOT_PAGES: u64 = 8n;
/** Processes at most, the dead ones included that nobody has waited for. */
export const MAX_KERNEL_STACKS: u32 = 1024;
/** Which of the kernel's windows they lie in. */
const WINDOW: u64 = 2n;

class Slots {
  /** One bit a slot, 1 = taken. */
  readonly taken: FixedArray<u64, 16>;
  count: u32;
}
const slots = new Slots();
const old = new PageMapping();

/** Takes a slot and maps its stack. Null: no slot or no frame is left. */
export function createKernelStack(): u32 | null {
  const slot = freeSlot();
  if (slot === null) return null;
  const first = firstPage(slot);
  for (let i: u64 = 0n; i < STACK_PAGES; i += 1n) {
    if (mapStackPage(pageAfter(first, i))) continue;
    unmapStack(first, i);
    return null;
  }
  slots.taken[slot / 64] |= 1n << u64(slot % 64);
  slots.count += 1;
  return slot;
}

/** Gives a slot back. It is not the stack in use. */
export function destroyKernelStack(slot: u32): void {
  assert((slots.taken[slot / 64] & (1n << u64(slot % 64))) !== 0n, "a kernel stack is destroyed once");
  unmapStack(firstPage(slot), STACK_PAGES);
  slots.taken[slot / 64] &= ~(1n << u64(slot % 64));
  slots.count -= 1;
}

/** First byte above the stack of this slot. */
export function kernelStackTop(slot: u32): u64 {
  return pageStart(firstPage(slot)) + STACK_PAGES * PAGE_SIZE;
}

/** Slots that are taken. */
export function kernelStackCount(): u32 {
  return slots.count;
}

function firstPage(slot: u32): Page {
  return pageAfter(windowStart(WINDOW), u64(slot) * SLOT_PAGES + (SLOT_PAGES - STACK_PAGES));
}

function freeSlot(): u32 | null {
  for (let i: u32 = 0; i < slots.taken.length; i += 1) {
    const bit = trailingZeros(~slots.taken[i]);
    if (bit < 64) return i * 64 + bit;
  }
  return null;
}

function mapStackPage(page: Page): bool {
  const frame = acquireFrame(FrameOwner.Kernel);
  if (frame === null) return false;
  if (mapPage(kernelRoot(), page, frame, KERNEL_DATA) === MapResult.Mapped) return true;
  void releaseFrame(frame);
  return false;
}

function unmapStack(first: Page, pages: u64): void {
  for (let i: u64 = 0n; i < pages; i += 1n) {
    const flush = unmapPage(kernelRoot(), pageAfter(first, i), old);
    if (flush === null) panic("a page of a kernel stack is not mapped");
    applyFlush(flush);
    void releaseFrame(old.frame);
  }
}
