/**
 * All of initMemory on the simulated machine, then on with paging: from here on every access of the kernel goes
 * through the tables that it has built itself.
 */
import { beforeEach, expect, test } from "vitest";
import { frameAt, frameStart } from "../../arch/x86_64/addresses";
import { guardPageAt, guardPageCount } from "../../arch/x86_64/stacks";
import { PageFault, machine } from "../../compiler/machine/session";
import { allocateFrame, allocateZeroedFrame, freeFrame, verifyCounters } from "../../kernel/mm/frameAllocator";
import { initMemory } from "../../kernel/mm/init";
import { kernelRootFrame } from "../../kernel/mm/kernelSpace";
import { memoryReport } from "../../kernel/mm/memoryReport";
import { RAM_END, bootInfo } from "./simulatedMachine.node";

beforeEach(() => {
  machine.reset();
  initMemory(bootInfo());
  machine.paging = true;
});

test("the kernel goes on working under its own tables", () => {
  expect(machine.registers.cr3).toBe(frameStart(kernelRootFrame()));
  const frame = allocateZeroedFrame() ?? frameAt(0n);
  freeFrame(frame);
  verifyCounters();
  expect(machine.tlb.misses).toBeGreaterThan(0);
  expect(machine.staleTranslations()).toEqual([]);
});

test("the direct map shows all of RAM, and nothing else", () => {
  expect(machine.walk(machine.directMap + RAM_END - 1n)).toMatchObject({ writable: true, executable: false });
  expect(machine.walk(machine.directMap + RAM_END)).toBeUndefined();
});

test("text can be executed and not written, data written and not executed", () => {
  const text = machine.image.limits("text").start;
  const data = machine.image.limits("data").start;
  expect(machine.touch(text, "execute")).toBe(machine.image.physicalAddress);
  expect(() => machine.touch(text, "write")).toThrow(PageFault);
  machine.touch(data, "write");
  expect(() => machine.touch(data, "execute")).toThrow(PageFault);
});

test("neither image can be written through the direct map", () => {
  const alias = machine.directMap + machine.image.physicalAddress;
  expect(() => machine.touch(alias, "write")).toThrow(PageFault);
});

test("guard pages are holes", () => {
  for (let index = 0; index < guardPageCount(); index += 1) expect(machine.walk(guardPageAt(index))).toBeUndefined();
});

test("the report counts what is there", () => {
  expect(memoryReport.ramFrames).toBeGreaterThan(0n);
  expect(memoryReport.freeFrames).toBeLessThan(RAM_END >> 12n);
  expect(allocateFrame()).not.toBeNull();
});
