/**
 * Page faults of programs: most are no mistake, but the moment when a page gets its frame.
 *
 *     #PF -> region? -> allowed? -> leaf
 *                                    empty      -> read: the zero frame, or the file's    write: a frame of its own
 *                                    read-only  -> the only owner: writable    else: a copy
 *                                    swapped    -> a frame with what the slot has
 *                                    as wanted  -> the TLB was behind: flush
 *              |           '--> no: refused, with the reason
 *              '--> none, but a stack above: it grows
 *
 * Runs with interrupts off, takes frames but nothing from the heap. Out of memory is an answer, for whoever caused the
 * fault.
 *
 * Intel SDM Vol. 3A, "Page-Fault Exceptions".
 */

import { type Frame, type Page, frameAt } from "../../arch/x86_64/addresses";
import { pageContaining, uncheckedVirtAddr } from "../../arch/x86_64/addresses";
import { pageFaultAddress } from "../../arch/x86_64/controlRegisters";
import { hadUserPagesOpen } from "../../arch/x86_64/cpu";
import { PAGE_FAULT_FETCH, PAGE_FAULT_PROTECTION_KEY, PAGE_FAULT_RESERVED_BIT } from "../../arch/x86_64/exceptions";
import { PAGE_FAULT_USER, PAGE_FAULT_WRITE } from "../../arch/x86_64/exceptions";
import { type PageTableEntry, tableIndex, withoutWrites } from "../../arch/x86_64/pageTable";
import { copyFrame } from "../../arch/x86_64/physmap";
import { tableUnder } from "../../arch/x86_64/tableAccess";
import { applyFlushUnder, flushOfPage } from "../../arch/x86_64/tlb";
import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { type AddressSpace, activeSpace, stackAbove } from "./addressSpace";
import { evictFrames } from "./eviction";
import { copyFilePage } from "./fileStore";
import { FrameInfo, FrameOwner, acquireFrame, acquireZeroedFrame, frameInfo } from "./frames";
import { releaseFrame, shareFrame } from "./frames";
import { copiesOnWrite, leafFlags } from "./regionPages";
import { EXECUTE, NO_ACCESS, type Region, RegionKind, WRITE } from "./regionTree";
import { endUserAddress, endUserPage } from "./regionTree";
import { setOnlyMapping } from "./reverseMap";
import { storedFrame } from "./sharedPages";
import { dropSlot, readIn } from "./swap";
import { countLive, freeEmptyTables, needLeafTable } from "./tables";

/** What became of a page fault. */
export enum FaultOutcome {
  /** The access works now. */
  Resolved,
  /** No region has the page. */
  NoRegion,
  /** The region allows no access at all. */
  NoAccess,
  NoWrite,
  NoExecute,
  /** The address belongs to the kernel, or to nobody. */
  NotUserAddress,
  /** The kernel touched a page of a program other than by userMemory.ts, or ran it. */
  KernelMistake,
  /** No address space is in use. */
  NoSpace,
  /** An entry has a bit set that must be clear: the tables are damaged. */
  ReservedBit,
  /** No frame is left. */
  OutOfMemory,
  /** What the page holds could not be read from swap. */
  SwapFailed,
}

/** Frames that one fault may need: the page's, three tables', and as many once more for a store of shared pages. */
const MOST_FRAMES: u32 = 8;

class ZeroFrame {
  frame: Frame;
  info: Ref<FrameInfo> = noInfo;
}
const zero = new ZeroFrame();
const noInfo = new FrameInfo();

class Refusal {
  outcome: FaultOutcome = FaultOutcome.NoSpace;
}
const refusal = new Refusal();

/** So many leaves may lead to the zero frame: far from the end of its reference count. */
const MOST_ZERO_LEAVES: u32 = 1 << 30;

/** Takes the frame that all untouched pages show when they are read. Out of memory: panic. */
export function initFaults(): void {
  const frame = acquireZeroedFrame(FrameOwner.Kernel);
  if (frame === null) panic("no memory for the zero frame");
  zero.frame = frame;
  zero.info = frameInfo(frame);
}

/** The frame that all untouched pages show. */
export function zeroFrame(): Frame {
  return zero.frame;
}

/** For the trap handler, on #PF: true when the interrupted code can go on. Else `lastRefusal` says why not. */
export function resolvePageFault(frame: TrapFrame): bool {
  const outcome = outcomeOf(frame);
  if (outcome === FaultOutcome.Resolved) return true;
  refusal.outcome = outcome;
  return false;
}

/** Why the last page fault was refused. */
export function lastRefusal(): FaultOutcome {
  return refusal.outcome;
}

function outcomeOf(frame: TrapFrame): FaultOutcome {
  const space = activeSpace();
  if (space === null) return FaultOutcome.NoSpace;
  const code = frame.errorCode;
  const address = pageFaultAddress();
  if ((code & PAGE_FAULT_USER) === 0n && address < endUserAddress()) {
    const isFetch = (code & PAGE_FAULT_FETCH) !== 0n;
    if (isFetch || !hadUserPagesOpen(frame.rflags)) return FaultOutcome.KernelMistake;
  }
  return resolveFault(space, address, code);
}

/**
 * Makes an access of the program possible that has faulted, or says why not. `code` is the error code of #PF. When there
 * is no frame for it, others go to swap.
 */
export function resolveFault(space: AddressSpace, address: u64, code: u64): FaultOutcome {
  const outcome = tryToResolve(space, address, code);
  return outcome === FaultOutcome.OutOfMemory ? resolveWithSwap(space, address, code) : outcome;
}

function resolveWithSwap(space: AddressSpace, address: u64, code: u64): FaultOutcome {
  let outcome = FaultOutcome.OutOfMemory;
  for (let i: u32 = 0; outcome === FaultOutcome.OutOfMemory && i < MOST_FRAMES && evictFrames(1n); i += 1) {
    outcome = tryToResolve(space, address, code);
  }
  return outcome;
}

function tryToResolve(space: AddressSpace, address: u64, code: u64): FaultOutcome {
  const page = pageContaining(uncheckedVirtAddr(address));
  if (page >= endUserPage()) return FaultOutcome.NotUserAddress;
  if ((code & (PAGE_FAULT_RESERVED_BIT | PAGE_FAULT_PROTECTION_KEY)) !== 0n) return FaultOutcome.ReservedBit;
  const region = space.regions.tree.find(page) ?? stackAbove(space, page);
  if (region === null) return FaultOutcome.NoRegion;
  const permissions = region.permissions;
  if (permissions === NO_ACCESS) return FaultOutcome.NoAccess;
  const isWrite = (code & PAGE_FAULT_WRITE) !== 0n;
  if (isWrite && (permissions & WRITE) === 0) return FaultOutcome.NoWrite;
  if ((code & PAGE_FAULT_FETCH) !== 0n && (permissions & EXECUTE) === 0) return FaultOutcome.NoExecute;
  const root = space.root();
  const link = needLeafTable(root, page);
  if (link === null) return FaultOutcome.OutOfMemory;
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  if (leaf.isEmpty()) return fill(space, region, page, link, isWrite);
  if (leaf.isSwapped()) return swapIn(space, region, page, leaf);
  if (isWrite && !leaf.isWritable() && copiesOnWrite(region)) return makeWritable(space, region, page, leaf);
  applyFlushUnder(space.rootFrame, flushOfPage(page));
  return FaultOutcome.Resolved;
}

// --- Untouched pages -------------------------------------------------------------------------------------------------

function fill(space: AddressSpace, region: Region, page: Page, link: PageTableEntry, isWrite: bool): FaultOutcome {
  const leaf = tableUnder(link).entries[tableIndex(page, 1)];
  const flags = leafFlags(region);
  const isCommon = !isWrite && copiesOnWrite(region);
  const frame = isCommon ? commonFrame(region, page) : newFrame(region, page);
  if (frame === null) {
    freeEmptyTables(space.root(), page);
    return FaultOutcome.OutOfMemory;
  }
  leaf.set(frame, isCommon ? withoutWrites(flags) : flags);
  if (!isCommon && copiesOnWrite(region)) setOnlyMapping(frameInfo(frame), space.rootFrame, page);
  countLive(link.frame(), 1);
  space.residentPages += 1n;
  if (page < region.first) space.regions.tree.resize(region, page, region.end);
  return FaultOutcome.Resolved;
}

/** The frame that a page shows until it is written to; the leaf's reference is counted. Null: out of frames. */
function commonFrame(region: Region, page: Page): Frame | null {
  if (region.kind === RegionKind.File) return sharedFrame(region, page);
  if (zero.info.references === MOST_ZERO_LEAVES) return acquireZeroedFrame(FrameOwner.Anonymous);
  zero.info.references += 1;
  return zero.frame;
}

/** The frame that belongs to a page of the region alone; the leaf's reference is counted. Null: out of frames. */
function newFrame(region: Region, page: Page): Frame | null {
  if (region.kind === RegionKind.File) return copyOfFile(region, page);
  if (copiesOnWrite(region)) return acquireZeroedFrame(FrameOwner.Anonymous);
  return region.kind === RegionKind.Physical ? frameAt(numberIn(region, page)) : sharedFrame(region, page);
}

/** The frame that the region's store has for a page. */
function sharedFrame(region: Region, page: Page): Frame | null {
  const frame = storedFrame(region.store, numberIn(region, page));
  if (frame !== null) shareFrame(frame);
  return frame;
}

/** A frame with what the file has. */
function copyOfFile(region: Region, page: Page): Frame | null {
  const frame = acquireFrame(FrameOwner.Anonymous);
  if (frame !== null) copyFilePage(region.store, numberIn(region, page), frame);
  return frame;
}

/** Which page of the store it is, or which frame of the device. */
function numberIn(region: Region, page: Page): u64 {
  return region.origin + (page - region.first);
}

// --- Copy on write ---------------------------------------------------------------------------------------------------

/** The region allows writes, the leaf does not yet. */
function makeWritable(space: AddressSpace, region: Region, page: Page, leaf: PageTableEntry): FaultOutcome {
  const old = leaf.frame();
  const flags = leafFlags(region);
  const info = frameInfo(old);
  if (info.references === 1) {
    leaf.setFlags(flags);
    setOnlyMapping(info, space.rootFrame, page);
  } else {
    const frame = copyOf(old);
    if (frame === null) return FaultOutcome.OutOfMemory;
    leaf.set(frame, flags);
    setOnlyMapping(frameInfo(frame), space.rootFrame, page);
    void releaseFrame(old);
  }
  applyFlushUnder(space.rootFrame, flushOfPage(page));
  return FaultOutcome.Resolved;
}

/** A frame with the same contents. Null: out of frames. */
function copyOf(old: Frame): Frame | null {
  if (old === zero.frame) return acquireZeroedFrame(FrameOwner.Anonymous);
  const frame = acquireFrame(FrameOwner.Anonymous);
  if (frame !== null) copyFrame(frame, old);
  return frame;
}

// --- Swap ------------------------------------------------------------------------------------------------------------

/** A frame with what the page's slot has; the leaf gives up the slot. */
function swapIn(space: AddressSpace, region: Region, page: Page, leaf: PageTableEntry): FaultOutcome {
  const frame = acquireFrame(FrameOwner.Anonymous);
  if (frame === null) return FaultOutcome.OutOfMemory;
  const slot = leaf.swapSlot();
  if (!readIn(slot, frame)) {
    void releaseFrame(frame);
    return FaultOutcome.SwapFailed;
  }
  leaf.set(frame, leafFlags(region));
  setOnlyMapping(frameInfo(frame), space.rootFrame, page);
  dropSlot(slot);
  return FaultOutcome.Resolved;
}
