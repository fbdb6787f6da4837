/**
 * Flushes between address spaces, on the simulated processor, whose TLB forgets nothing by itself: with process
 * contexts, which QEMU's own emulation does not have, and without.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Page,
  frameAt,
  frameStart,
  pageAfter,
  pageAt,
  pageContaining,
  pageStart,
  virtAddr,
} from "../../arch/x86_64/addresses";
import { KERNEL_DATA, KERNEL_RODATA, USER_DATA, pagesPerLeaf } from "../../arch/x86_64/pageTable";
import { PhysmapMode } from "../../arch/x86_64/tableAccess";
import { type Flush, applyFlush, flushOfPage } from "../../arch/x86_64/tlb";
import { PageFault, machine } from "../../compiler/machine/session";
import {
  type AddressSpace,
  MapRequest,
  Placement,
  cloneSpace,
  createSpace,
  destroySpace,
  leaveSpace,
  mapPages,
  protectStretch,
  switchSpace,
  unmapPages,
} from "../../kernel/mm/addressSpace";
import { evictOne } from "../../kernel/mm/eviction";
import { FaultOutcome, resolveFault } from "../../kernel/mm/faults";
import { allocateFrame } from "../../kernel/mm/frameAllocator";
import { mergeLeaf } from "../../kernel/mm/hugeLeaves";
import { initMemory } from "../../kernel/mm/init";
import { kernelRoot } from "../../kernel/mm/kernelSpace";
import {
  MapResult,
  PageMapping,
  findLeafEntry,
  findMapping,
  mapPage,
  mapRange,
  protectRange,
  unmapPage,
  unmapRange,
} from "../../kernel/mm/pageMapper";
import { SpaceResult } from "../../kernel/mm/regions";
import { READ, RegionKind, WRITE } from "../../kernel/mm/regionTree";
import { startMemorySwap } from "../../kernel/mm/swap";
import { findLeafTable } from "../../kernel/mm/tables";
import { bootInfo } from "./simulatedMachine.node";

const PROCESS_CONTEXTS = 1n << 17n;
/** More address spaces than contexts are dealt out. */
const MANY = 20;
/** Behind what physmap=identity takes. */
const FIRST = pageAt(0x5_0000_0000n);
/** Pages of the kernel half that nothing else uses. */
const WINDOW = pageContaining(virtAddr(0xffff_fe80_0000_0000n));

const request = new MapRequest();
const mapping = new PageMapping();

function start(mode: PhysmapMode, processContexts: boolean): void {
  machine.reset();
  initMemory(bootInfo(), mode, processContexts);
  machine.paging = true;
}

const page = (index: number): Page => pageAfter(FIRST, BigInt(index));
const addressOf = (index: number): bigint => pageStart(page(index));

function newSpace(pages = 64n): AddressSpace {
  const space = createSpace();
  if (space === null) throw new Error("out of frames");
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = FIRST;
  request.pages = pages;
  expect(mapPages(space, request)).toBe(SpaceResult.Done);
  return space;
}

/** An access of the program in the address space in use; a fault is resolved. Returns the frame's address. */
function use(space: AddressSpace, index: number, access: "read" | "write" = "write"): bigint {
  try {
    return machine.touch(addressOf(index), access, true);
  } catch (error) {
    if (!(error instanceof PageFault)) throw error;
    expect(resolveFault(space, addressOf(index), BigInt(error.errorCode))).toBe(FaultOutcome.Resolved);
    return machine.touch(addressOf(index), access, true);
  }
}

const expectFault = (index: number, access: "read" | "write" = "read"): void =>
  expect(() => machine.touch(addressOf(index), access, true)).toThrow(PageFault);

function applied(flush: Flush | null): void {
  if (flush === null) throw new Error("nothing was changed");
  applyFlush(flush);
}

describe.each([
  [PhysmapMode.Offset, true],
  [PhysmapMode.Offset, false],
  [PhysmapMode.Identity, true],
  [PhysmapMode.Recursive, true],
  [PhysmapMode.Recursive, false],
])("physmap mode %i, process contexts %s", (mode, processContexts) => {
  beforeEach(() => start(mode, processContexts));

  test("are used when they are asked for", () => {
    expect((machine.registers.cr4 & PROCESS_CONTEXTS) !== 0n).toBe(processContexts);
  });

  test("an address space finds again what it knew, if there are contexts", () => {
    const space = newSpace();
    switchSpace(space);
    use(space, 0);
    leaveSpace();
    expect(machine.tlb.holds(addressOf(0))).toBe(false);
    switchSpace(space);
    expect(machine.tlb.holds(addressOf(0))).toBe(processContexts);
    expect(machine.staleTranslations()).toEqual([]);
  });

  test("what changes in an address space that is not in use is not used there any more", () => {
    const space = newSpace();
    const other = newSpace();
    switchSpace(space);
    for (let index = 0; index < 3; index += 1) use(space, index);
    switchSpace(other);
    expect(unmapPages(space, page(0), 1n)).toBe(SpaceResult.Done);
    expect(protectStretch(space, page(1), 1n, READ)).toBe(SpaceResult.Done);
    switchSpace(space);
    expect(machine.staleTranslations()).toEqual([]);
    expectFault(0);
    expectFault(1, "write");
  });

  test("a fault that is resolved for one that is not in use counts there", () => {
    const space = newSpace();
    switchSpace(space);
    const zero = use(space, 0, "read");
    leaveSpace();
    expect(resolveFault(space, addressOf(0), 7n)).toBe(FaultOutcome.Resolved);
    switchSpace(space);
    expect(machine.staleTranslations()).toEqual([]);
    expect(use(space, 0, "read")).not.toBe(zero);
  });

  test.each(["in use", "not in use"])("a fault where only the TLB was behind, in a space that is %s", (where) => {
    const space = newSpace();
    switchSpace(space);
    use(space, 0);
    const leaf = findLeafEntry(space.root(), page(0));
    leaf?.forbidWrites();
    applied(flushOfPage(page(0)));
    machine.touch(addressOf(0), "read", true);
    leaf?.setFlags(USER_DATA);
    expect(machine.staleTranslations()).toHaveLength(1);
    if (where === "not in use") leaveSpace();
    expect(resolveFault(space, addressOf(0), 7n)).toBe(FaultOutcome.Resolved);
    switchSpace(space);
    expect(machine.staleTranslations()).toEqual([]);
    expect(machine.touch(addressOf(0), "write", true)).toBe(use(space, 0));
  });

  test.each(["in use", "not in use"])("eviction sees each use of a page, in a space that is %s", (where) => {
    const space = newSpace(2n);
    switchSpace(space);
    expect(startMemorySwap(8)).toBe(true);
    const frames = [use(space, 0), use(space, 1)];
    if (where === "not in use") leaveSpace();
    const gone = frames.indexOf(frameStart(evictOne() ?? frameAt(0n)));
    expect(gone).not.toBe(-1);
    switchSpace(space);
    expect(machine.staleTranslations()).toEqual([]);
    expectFault(gone);
    const kept = findLeafEntry(space.root(), page(1 - gone));
    expect(kept?.isAccessed()).toBe(false);
    machine.touch(addressOf(1 - gone), "write", true);
    expect(kept?.isAccessed()).toBe(true);
  });

  test("a table that goes in an address space that is not in use is not walked there any more", () => {
    const space = newSpace(1024n);
    switchSpace(space);
    use(space, 0);
    use(space, 600);
    leaveSpace();
    expect(unmapPages(space, FIRST, 1024n)).toBe(SpaceResult.Done);
    const taken = allocateFrame();
    expect(taken).not.toBeNull();
    switchSpace(space);
    expectFault(0);
    expectFault(600);
  });

  test("tables that changed while their space was in use are found anew from another", () => {
    const space = newSpace();
    const other = newSpace();
    switchSpace(other);
    expect(resolveFault(space, addressOf(0), 7n)).toBe(FaultOutcome.Resolved);
    switchSpace(space);
    expect(unmapPages(space, FIRST, 32n)).toBe(SpaceResult.Done);
    for (let taken = 0; taken < 8; taken += 1) machine.bytes(frameStart(allocateFrame() ?? frameAt(0n)), 4096).fill(0);
    const frame = use(space, 40);
    switchSpace(other);
    expect(findMapping(space.root(), page(0), mapping)).toBe(false);
    expect(findMapping(space.root(), page(40), mapping)).toBe(true);
    expect(frameStart(mapping.frame)).toBe(frame);
  });

  test("a program's table that goes leaves alone what is known of other address spaces", () => {
    const space = newSpace();
    const other = newSpace();
    for (const each of [space, other]) {
      switchSpace(each);
      use(each, 0);
    }
    expect(unmapPages(other, FIRST, 64n)).toBe(SpaceResult.Done);
    switchSpace(space);
    expect(machine.tlb.holds(addressOf(0))).toBe(processContexts);
    expect(machine.staleTranslations()).toEqual([]);
  });

  test("a clone does not write through what the first one knew", () => {
    const space = newSpace();
    switchSpace(space);
    const frame = use(space, 0);
    leaveSpace();
    const clone = cloneSpace(space);
    if (clone === null) throw new Error("out of frames");
    switchSpace(space);
    expectFault(0, "write");
    expect(use(space, 0)).not.toBe(frame);
    switchSpace(clone);
    expect(use(clone, 0)).toBe(frame);
  });

  test("many address spaces in turn see their own pages, and nothing stale", () => {
    const spaces = Array.from({ length: MANY }, () => newSpace());
    const frames = spaces.map((space) => {
      switchSpace(space);
      return use(space, 0);
    });
    expect(new Set(frames).size).toBe(MANY);
    for (let round = 0; round < 60; round += 1) {
      const index = (round * 7 + (round >> 2)) % MANY;
      const space = spaces[index];
      if (space === undefined) throw new Error("no such address space");
      switchSpace(space);
      expect(machine.touch(addressOf(0), "write", true)).toBe(frames[index]);
      expect(machine.staleTranslations()).toEqual([]);
    }
  });

  test("a new root in the frame of one that is gone begins with nothing", () => {
    const first = newSpace();
    switchSpace(first);
    use(first, 0);
    leaveSpace();
    const root = first.rootFrame;
    destroySpace(first);
    const second = newSpace();
    switchSpace(second);
    if (second.rootFrame === root) expectFault(0);
    expect(machine.staleTranslations()).toEqual([]);
  });

  test("a table of the kernel half that goes is not walked by anybody any more", () => {
    const space = newSpace();
    const frame = frameAt(0x123n);
    switchSpace(space);
    expect(mapPage(kernelRoot(), WINDOW, frame, KERNEL_DATA)).toBe(MapResult.Mapped);
    machine.touch(pageStart(WINDOW));
    leaveSpace();
    const table = findLeafTable(kernelRoot(), WINDOW)?.frame() ?? frameAt(0n);
    applied(unmapPage(kernelRoot(), WINDOW, mapping));
    machine.write64(frameStart(table), 0x456_0003n);
    switchSpace(space);
    expect(() => machine.touch(pageStart(WINDOW))).toThrow(PageFault);
  });

  test("a long flush of a program spares what is known of the kernel", () => {
    const space = newSpace(64n);
    switchSpace(space);
    for (let index = 0; index < 64; index += 1) use(space, index);
    machine.touch(machine.image.limits("data").start);
    expect(protectStretch(space, FIRST, 64n, READ)).toBe(SpaceResult.Done);
    expect(machine.tlb.holds(addressOf(63))).toBe(false);
    expect(machine.tlb.holds(machine.image.limits("data").start)).toBe(true);
  });
});

/** INVLPG, writes to CR3, INVPCID and writes to CR4 while `work` is done. */
function flushesOf(work: () => unknown): number[] {
  const { registers, tlb } = machine;
  const spies = [
    vi.spyOn(tlb, "invalidate"),
    vi.spyOn(registers, "cr3", "set"),
    vi.spyOn(registers, "invalidateContext"),
    vi.spyOn(registers, "cr4", "set"),
  ];
  work();
  const counts = spies.map((spy) => spy.mock.calls.length);
  vi.restoreAllMocks();
  return counts;
}

describe("an operation makes no more flushes than it needs", () => {
  let space: AddressSpace;

  beforeEach(() => {
    start(PhysmapMode.Offset, false);
    space = newSpace(600n);
    switchSpace(space);
    for (let index = 0; index < 80; index += 1) use(space, index);
  });

  test.each([
    ["a page that was not there comes", [0, 0, 0, 0], () => resolveFault(space, addressOf(100), 6n)],
    ["a page becomes read-only", [1, 0, 0, 0], () => protectStretch(space, page(0), 1n, READ)],
    ["a page goes", [1, 0, 0, 0], () => unmapPages(space, page(0), 1n)],
    ["32 pages go", [32, 0, 0, 0], () => unmapPages(space, page(0), 32n)],
    ["33 pages go", [0, 1, 0, 0], () => unmapPages(space, page(0), 33n)],
    ["600 pages go, and with them three tables", [3, 1, 0, 0], () => unmapPages(space, FIRST, 600n)],
    ["a clone is made", [0, 1, 0, 0], () => cloneSpace(space)],
    ["another space is switched to", [0, 1, 0, 0], () => leaveSpace()],
    ["33 pages of the kernel go, and with them two tables", [2, 0, 1, 0], () => goneFromKernel(33n)],
  ])("%s: INVLPG, CR3, INVPCID, CR4 %j", (_what, counts, work) => {
    expect(flushesOf(work)).toEqual(counts);
  });
});

function goneFromKernel(pages: bigint): void {
  expect(mapRange(kernelRoot(), WINDOW, frameAt(0x100n), pages, KERNEL_DATA)).toBe(MapResult.Mapped);
  applied(unmapRange(kernelRoot(), WINDOW, pages));
}

describe.each([true, false])("flushes of the kernel half, INVPCID %s", (hasInvpcid) => {
  beforeEach(() => {
    machine.reset();
    if (!hasInvpcid) machine.cpuid.set(7, { ebx: machine.cpuid.get(7).ebx & ~(1 << 10) });
    initMemory(bootInfo());
    machine.paging = true;
  });

  test("a long one reaches global translations, and what other contexts know", () => {
    expect(mapRange(kernelRoot(), WINDOW, frameAt(0x100n), 40n, KERNEL_DATA)).toBe(MapResult.Mapped);
    const space = newSpace();
    switchSpace(space);
    machine.touch(pageStart(WINDOW), "write");
    leaveSpace();
    applied(protectRange(kernelRoot(), WINDOW, 40n, KERNEL_RODATA));
    switchSpace(space);
    expect(() => machine.touch(pageStart(WINDOW), "write")).toThrow(PageFault);
    expect(machine.staleTranslations()).toEqual([]);
  });

  test("leaves that became a huge one are forgotten", () => {
    const pages = pagesPerLeaf(2);
    expect(mapRange(kernelRoot(), WINDOW, frameAt(pages), pages, KERNEL_DATA)).toBe(MapResult.Mapped);
    for (let index = 0n; index < pages; index += 1n) machine.touch(pageStart(pageAfter(WINDOW, index)));
    const flush = mergeLeaf(kernelRoot(), WINDOW, 2);
    expect(machine.staleTranslations().length).toBeGreaterThan(500);
    applied(flush);
    expect(machine.staleTranslations()).toEqual([]);
    expect(machine.touch(pageStart(pageAfter(WINDOW, 511n)))).toBe((pages + 511n) << 12n);
  });
});

test("a processor without process contexts does without", () => {
  machine.reset();
  machine.cpuid.set(1, { ecx: 0 });
  initMemory(bootInfo());
  expect(machine.registers.cr4 & PROCESS_CONTEXTS).toBe(0n);
});
