/**
 * The protections on the simulated processor: each is turned on where CPUID has it, and left alone where it has not;
 * and what the boot proves of the kernel's own tables.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { frameStart, pagingLevels } from "../../arch/x86_64/addresses";
import {
  closeUserPages,
  detectCpu,
  detectPagingLevels,
  enableProtections,
  hadUserPagesOpen,
} from "../../arch/x86_64/cpu";
import { PhysmapMode, SELF_ENTRIES, isSelfEntry } from "../../arch/x86_64/tableAccess";
import { flushAll } from "../../arch/x86_64/tlb";
import { machine } from "../../compiler/machine/session";
import { initMemory } from "../../kernel/mm/init";
import { kernelRootFrame } from "../../kernel/mm/kernelSpace";
import { proveProtection } from "../../kernel/mm/protectionProof";
import { bootInfo } from "./simulatedMachine.node";

/** Each protection: its bit of CR4, and the leaf, register and bit of CPUID that it needs. */
const PROTECTIONS = [
  ["machine checks", 6n, 1, "edx", 7],
  ["global pages", 7n, 1, "edx", 13],
  ["SMEP", 20n, 7, "ebx", 7],
  ["SMAP", 21n, 7, "ebx", 20],
  ["UMIP", 11n, 7, "ecx", 2],
] as const;
const ALL = PROTECTIONS.reduce((bits, [, bit]) => bits | (1n << bit), 0n);
const FIVE_LEVELS = 1n << 12n;
const ALIGNMENT_CHECK = 1n << 18n;
const NO_EXECUTE_ENABLE = 1n << 11n;
const EFER = 0xc000_0080;

type Register = "ebx" | "ecx" | "edx";

function setFeature(leaf: number, register: Register, bit: number, has: boolean): void {
  const before = machine.cpuid.get(leaf)[register];
  machine.cpuid.set(leaf, { [register]: has ? before | (1 << bit) : before & ~(1 << bit) });
}

beforeEach(() => {
  machine.reset();
  for (const [, , leaf, register, bit] of PROTECTIONS) setFeature(leaf, register, bit, true);
});

describe("what the processor has", () => {
  test("is turned on", () => {
    enableProtections();
    expect(machine.registers.cr4).toBe(ALL);
    expect(machine.registers.writeProtect).toBe(true);
    expect((machine.registers.msrs.get(EFER) ?? 0n) & NO_EXECUTE_ENABLE).toBe(NO_EXECUTE_ENABLE);
  });

  test.each(PROTECTIONS)("but not %s, when that is missing", (_name, bit, leaf, register, feature) => {
    setFeature(leaf, register, feature, false);
    enableProtections();
    expect(machine.registers.cr4).toBe(ALL & ~(1n << bit));
  });

  test("no-execute is left off when it is missing", () => {
    setFeature(0x8000_0001, "edx", 20, false);
    enableProtections();
    expect((machine.registers.msrs.get(EFER) ?? 0n) & NO_EXECUTE_ENABLE).toBe(0n);
  });

  test("flushing everything leaves the control registers as they were", () => {
    setFeature(7, "ebx", 10, false);
    enableProtections();
    flushAll();
    expect(machine.registers.cr4).toBe(ALL);
  });
});

test.each([
  ["without LA57", 0n, 4],
  ["with LA57", FIVE_LEVELS, 5],
])("CR4 %s: the levels that the processor walks", (_name, cr4, levels) => {
  machine.registers.cr4 = cr4;
  detectPagingLevels();
  expect(pagingLevels()).toBe(levels);
});

describe("pages of ring 3 that interrupted code had open", () => {
  test("are closed, where there is SMAP", () => {
    detectCpu();
    machine.registers.rflags |= ALIGNMENT_CHECK;
    expect(hadUserPagesOpen(machine.registers.rflags)).toBe(true);
    closeUserPages();
    expect(hadUserPagesOpen(machine.registers.rflags)).toBe(false);
  });

  test("stay open where there is none", () => {
    setFeature(7, "ebx", 20, false);
    detectCpu();
    machine.registers.rflags |= ALIGNMENT_CHECK;
    closeUserPages();
    expect(machine.registers.rflags & ALIGNMENT_CHECK).toBe(ALIGNMENT_CHECK);
    expect(hadUserPagesOpen(0n)).toBe(true);
  });
});

describe("the proof finds the root's own entries", () => {
  let entry: bigint;

  beforeEach(() => {
    initMemory(bootInfo(), PhysmapMode.Recursive);
    const first = Array.from({ length: 512 }, (_, index) => index).find((index) => isSelfEntry(index)) ?? 0;
    expect(isSelfEntry(first + SELF_ENTRIES)).toBe(false);
    entry = frameStart(kernelRootFrame()) + 8n * BigInt(first);
    machine.paging = true;
  });

  test("harmless, as they are made", () => {
    expect(machine.read64(entry) & ~0xfffn).toBe(frameStart(kernelRootFrame()) | (1n << 63n));
    expect(proveProtection(kernelRootFrame())).toBeGreaterThan(1);
  });

  test.each([
    ["ring 3's", (bits: bigint) => bits | 4n],
    ["executable", (bits: bigint) => bits & ~(1n << 63n)],
  ])("wrong, when they are %s", (_name, spoil) => {
    machine.registers.rflags |= ALIGNMENT_CHECK;
    machine.write64(entry, spoil(machine.read64(entry)));
    expect(() => proveProtection(kernelRootFrame())).toThrow("tables must not run, nor be ring 3's");
  });
});
