/**
 * The page mapper against the simulated processor: what the kernel writes into page tables is what the hardware
 * walks, and what it forgets to flush stays in the TLB.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Frame,
  type Page,
  frameAt,
  frameStart,
  pageAfter,
  pageAt,
  pageContaining,
  pageStart,
  virtAddr,
} from "../../arch/x86_64/addresses";
import {
  ACCESSED,
  DIRTY,
  EXECUTABLE,
  GLOBAL,
  KERNEL_DATA,
  KERNEL_RODATA,
  KERNEL_TEXT,
  NOTED,
  PageTable,
  UNCACHED,
  USER,
  USER_DATA,
  WRITABLE,
  WRITE_COMBINING,
  flagsOf,
  pageFlags,
  wordsOf,
} from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { NO_FLUSH, applyFlush, flushAll, ignoreFlush, loadRootTable } from "../../arch/x86_64/tlb";
import { PageFault, addressOf, instanceAt, machine } from "../../compiler/machine/session";
import { allocateFrame, allocateZeroedFrame } from "../../kernel/mm/frameAllocator";
import {
  MapResult,
  PageMapping,
  clearNoted,
  findMapping,
  mapHugeRange,
  mapPage,
  mapRange,
  protectPage,
  translate,
  unmapPage,
} from "../../kernel/mm/pageMapper";
import { findLeafTable } from "../../kernel/mm/tables";
import { Walk, WalkOutcome, reportWalk, walkAddress } from "../../kernel/mm/walk";
import { startMemory } from "./simulatedMachine.node";

/** CR0.WP and CR4.PGE. */
const WRITE_PROTECT = 1n << 16n;
const GLOBAL_PAGES = 1n << 7n;

let rootFrame: Frame;
let root: PageTable;
let page: Page;
let frame: Frame;

beforeEach(() => {
  startMemory();
  machine.registers.cr0 = WRITE_PROTECT;
  machine.registers.cr4 = GLOBAL_PAGES;
  rootFrame = allocateZeroedFrame() ?? frameAt(0n);
  root = tableIn(rootFrame);
  page = pageContaining(virtAddr(0xffff_c000_1234_5000n));
  frame = allocateFrame() ?? frameAt(0n);
  loadRootTable(rootFrame);
});

const map = (flags: bigint): void => {
  expect(mapPage(root, page, frame, pageFlags(flags))).toBe(MapResult.Mapped);
};

describe("the processor walks what the mapper has written", () => {
  test("to a 4 KiB page", () => {
    map(KERNEL_DATA);
    expect(machine.touch(pageStart(page) + 0x678n)).toBe(frameStart(frame) + 0x678n);
    expect(translate(root, virtAddr(pageStart(page) + 0x678n))).toBe(frameStart(frame) + 0x678n);
  });

  test("to huge leaves", () => {
    const first = pageContaining(virtAddr(0xffff_c000_4000_0000n));
    expect(mapHugeRange(root, first, frameAt(512n), 2, 2n, KERNEL_DATA)).toBe(MapResult.Mapped);
    const far = pageStart(pageAfter(first, 700n)) + 5n;
    expect(machine.touch(far)).toBe(((512n + 700n) << 12n) + 5n);
    expect(machine.walk(far)).toMatchObject({ size: 0x20_0000, writable: true, executable: false });
  });

  test("over the end of a table", () => {
    const first = pageContaining(virtAddr(0xffff_c000_001f_f000n));
    expect(mapRange(root, first, frameAt(0x1000n), 3n, KERNEL_TEXT)).toBe(MapResult.Mapped);
    for (let index = 0n; index < 3n; index += 1n)
      expect(machine.touch(pageStart(pageAfter(first, index)), "execute")).toBe((0x1000n + index) << 12n);
  });

  test("and marks entries accessed and dirty", () => {
    map(KERNEL_DATA);
    machine.touch(pageStart(page), "write");
    const mapping = new PageMapping();
    void unmapPage(root, page, mapping);
    expect(mapping.flags & 0x60n).toBe(0x60n);
  });
});

describe("what is not allowed is a page fault", () => {
  const errorOf = (access: "read" | "write" | "execute", user = false): PageFault => {
    try {
      machine.touch(pageStart(page), access, user);
    } catch (error) {
      if (error instanceof PageFault) return error;
    }
    throw new Error("no page fault");
  };

  test("nothing mapped", () => {
    expect(errorOf("write")).toMatchObject({ address: pageStart(page), errorCode: 2 });
    expect(machine.registers.cr2).toBe(pageStart(page));
  });

  test("a write to read-only memory", () => {
    map(KERNEL_RODATA);
    expect(machine.touch(pageStart(page))).toBe(frameStart(frame));
    expect(errorOf("write").errorCode).toBe(3);
  });

  test("code where there is none", () => {
    map(KERNEL_DATA);
    expect(errorOf("execute").errorCode).toBe(0x11);
  });

  test("a kernel page for ring 3", () => {
    map(KERNEL_DATA);
    expect(errorOf("read", true).errorCode).toBe(5);
  });
});

describe("a missing flush is visible", () => {
  test("an unmapped page goes on being used, and is reported", () => {
    map(KERNEL_DATA);
    expect(mapPage(root, pageAfter(page, 1n), frame, KERNEL_DATA)).toBe(MapResult.Mapped);
    machine.touch(pageStart(page));
    const flush = unmapPage(root, page, new PageMapping());
    if (flush === null) throw new Error("it was mapped");
    ignoreFlush(flush);
    expect(machine.touch(pageStart(page))).toBe(frameStart(frame));
    expect(machine.staleTranslations()).toMatchObject([{ physical: Number(frameStart(frame)) }]);
    applyFlush(flush);
    expect(machine.staleTranslations()).toEqual([]);
    expect(() => machine.touch(pageStart(page))).toThrow(PageFault);
  });

  test("a page made read-only stays writable in the TLB", () => {
    map(KERNEL_DATA);
    machine.touch(pageStart(page), "write");
    const flush = protectPage(root, page, KERNEL_RODATA);
    if (flush === null) throw new Error("it was mapped");
    expect(machine.touch(pageStart(page), "write")).toBe(frameStart(frame));
    applyFlush(flush);
    expect(() => machine.touch(pageStart(page), "write")).toThrow(PageFault);
  });

  test("global translations survive a write to CR3, others do not; flushAll removes both", () => {
    map(KERNEL_DATA);
    const local = pageAt(0x5000n);
    expect(mapPage(root, local, frame, USER_DATA)).toBe(MapResult.Mapped);
    machine.touch(pageStart(page));
    machine.touch(pageStart(local));
    machine.registers.cr3 = frameStart(rootFrame);
    expect([machine.tlb.holds(pageStart(page)), machine.tlb.holds(pageStart(local))]).toEqual([true, false]);
    flushAll();
    expect(machine.tlb.size).toBe(0);
  });

  test("flushAll also works where there are no global translations", () => {
    machine.registers.cr4 = 0n;
    map(KERNEL_DATA);
    machine.touch(pageStart(page));
    flushAll();
    expect(machine.tlb.size).toBe(0);
    expect(machine.registers.cr4).toBe(0n);
  });

  test("another root begins with an empty TLB", () => {
    map(KERNEL_DATA);
    machine.touch(pageStart(page));
    loadRootTable(allocateZeroedFrame() ?? frameAt(0n));
    expect(machine.tlb.size).toBe(0);
    expect(machine.registers.cr4).toBe(GLOBAL_PAGES);
  });

  test("a mapping that fails half-way is not kept by a processor that looks ahead", () => {
    expect(mapPage(root, pageAfter(page, 1n), frame, KERNEL_DATA)).toBe(MapResult.Mapped);
    const translate = machine.translate.bind(machine);
    let known = 0;
    vi.spyOn(machine, "translate").mockImplementation((pointer, access) => {
      if (machine.walk(pageStart(page)) !== undefined) known += Number(machine.touch(pageStart(page)) > 0n);
      return translate(pointer, access);
    });
    expect(mapRange(root, page, frame, 2n, KERNEL_DATA)).toBe(MapResult.AlreadyMapped);
    vi.restoreAllMocks();
    expect(known).toBeGreaterThan(0);
    expect(machine.staleTranslations()).toEqual([]);
    expect(() => machine.touch(pageStart(page))).toThrow(PageFault);
  });

  test("a table that goes is forgotten at once, before what it mapped is flushed", () => {
    map(KERNEL_DATA);
    machine.touch(pageStart(page));
    const table = findLeafTable(root, page)?.frame() ?? frameAt(0n);
    const flush = unmapPage(root, page, new PageMapping());
    if (flush === null) throw new Error("it was mapped");
    const neighbour = pageAfter(page, 1n);
    machine.write64(frameStart(table) + 8n * (neighbour & 511n), 0x456_0003n);
    expect(() => machine.touch(pageStart(neighbour))).toThrow(PageFault);
    applyFlush(flush);
  });

  test("what was taken back of a page's uses is noted again after the flush", () => {
    const noted = (): bigint => {
      const mapping = new PageMapping();
      expect(findMapping(root, page, mapping)).toBe(true);
      return mapping.flags & NOTED;
    };
    map(KERNEL_DATA);
    machine.touch(pageStart(page), "write");
    expect(noted()).toBe(ACCESSED | DIRTY);
    const flush = clearNoted(root, page, DIRTY);
    machine.touch(pageStart(page), "write");
    expect(noted()).toBe(ACCESSED);
    if (flush === null) throw new Error("it was mapped");
    applyFlush(flush);
    machine.touch(pageStart(page), "write");
    expect(noted()).toBe(ACCESSED | DIRTY);
    expect(clearNoted(root, page, ACCESSED | DIRTY)).not.toBe(NO_FLUSH);
    expect(clearNoted(root, page, ACCESSED | DIRTY)).toBe(NO_FLUSH);
    expect(clearNoted(root, pageAfter(page, 1n), ACCESSED)).toBeNull();
  });

  test("mapping needs no flush: the TLB holds nothing that is not there", () => {
    expect(() => machine.touch(pageStart(page))).toThrow(PageFault);
    map(KERNEL_DATA);
    expect(machine.touch(pageStart(page))).toBe(frameStart(frame));
    expect(machine.staleTranslations()).toEqual([]);
  });
});

describe("flags are said in words", () => {
  test("which are the bits of an entry, and read back from it", () => {
    expect(flagsOf(0n)).toBe(1n << 63n);
    expect(flagsOf(WRITABLE | USER)).toBe((1n << 63n) | 6n);
    expect(flagsOf(EXECUTABLE | GLOBAL)).toBe(1n << 8n);
    expect(flagsOf(UNCACHED | EXECUTABLE)).toBe(0x18n);
    expect(flagsOf(WRITE_COMBINING | EXECUTABLE)).toBe(0x88n);
    for (const words of [0n, WRITABLE | GLOBAL, USER | EXECUTABLE, USER | WRITE_COMBINING])
      expect(wordsOf(pageFlags(flagsOf(words) | NOTED))).toBe(words);
  });

  test("and anything else is refused", () => {
    expect(() => flagsOf(ACCESSED)).toThrow("page flags are said in words");
    expect(() => flagsOf(UNCACHED | WRITE_COMBINING)).toThrow("a page has one memory type");
  });

  test("a page of the kernel must be global, and a program's must not", () => {
    expect(() => mapPage(root, page, frame, flagsOf(WRITABLE))).toThrow("pages of the kernel are global");
    expect(() => mapPage(root, pageAt(0x5000n), frame, KERNEL_DATA)).toThrow("pages of the kernel are global");
  });
});

test("the report of a walk says in words what a page is for", () => {
  const wordsFor = (flags: bigint, at: Page): string => {
    expect(mapPage(root, at, frame, flagsOf(flags))).toBe(MapResult.Mapped);
    const walk = new Walk();
    walkAddress(rootFrame, pageStart(at), walk);
    expect(walk.outcome).toBe(WalkOutcome.Mapped);
    const lines: string[] = [];
    reportWalk(walk, (message) => void lines.push(String(message)));
    return (lines.at(-2) ?? "").trim();
  };
  expect(wordsFor(GLOBAL, page)).toBe("read-only, no-execute, supervisor, global");
  expect(wordsFor(GLOBAL | WRITABLE, pageAfter(page, 1n))).toBe("writable, no-execute, supervisor, global");
  expect(wordsFor(USER | EXECUTABLE, pageAt(0x5000n))).toBe("read-only, executable, user");
  expect(wordsFor(UNCACHED, pageAt(0x5001n))).toBe("read-only, no-execute, supervisor, uncached");
});

test("instances of kernel classes are memory", () => {
  expect(instanceAt(PageTable, addressOf(root))).toBe(root);
  map(KERNEL_DATA);
  const entry = root.entries[Number((pageStart(page) >> 39n) & 511n)];
  expect(entry.isPresent()).toBe(true);
  expect(frameStart(entry.frame())).toBe(
    machine.read64(frameStart(rootFrame) + 8n * ((pageStart(page) >> 39n) & 511n)) & ~0xfffn,
  );
});
