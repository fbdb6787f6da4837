/**
 * Every machine type with every memory size that matters, on a CPU that lacks most features and on one that has all.
 * 16M is the smallest that boots; 2G and 3G are where q35 and pc split their RAM; 8G reaches above 4 GiB.
 */
import { describe, expect, test } from "vitest";
import { boot, onlyEvent, type BootResult } from "../harness/boot";
import type { MachineType } from "../../scripts/qemu";

const MACHINES: readonly MachineType[] = ["pc", "q35", "microvm"];
const MEBIBYTES: readonly number[] = [16, 17, 256, 2048, 3584, 8192];
const CPUS: readonly string[] = ["qemu64", "max"];

const FRAMES_PER_MEBIBYTE = 256;
/** What firmware keeps of the RAM: the holes below 1 MiB, ACPI tables, the page of a local APIC. */
const FIRMWARE_FRAMES = 2 * FRAMES_PER_MEBIBYTE;

function numbers(result: BootResult, event: string): Record<string, number> {
  const values = Object.entries(onlyEvent(result, event));
  return Object.fromEntries(values.map(([key, value]) => [key, Number(value)]));
}

/** The kernel sees nearly all of the RAM, never more, and keeps little of it. */
function expectSaneMemory(result: BootResult, mebibytes: number): void {
  const frames = mebibytes * FRAMES_PER_MEBIBYTE;
  const { ram = 0, managed = 0, free = 0 } = numbers(result, "memory");
  const { frames: kept = 0 } = numbers(result, "kept");
  expect(ram).toBeLessThanOrEqual(frames);
  expect(ram).toBeGreaterThanOrEqual(frames - FIRMWARE_FRAMES);
  expect(managed).toBeLessThanOrEqual(ram);
  expect(free).toBeLessThanOrEqual(managed);
  expect(free + kept).toBeLessThanOrEqual(ram);
  expect(kept).toBeLessThanOrEqual(4 * FRAMES_PER_MEBIBYTE + 0.004 * frames);
  expect(free + kept).toBeGreaterThanOrEqual(ram - FIRMWARE_FRAMES);
}

describe.each(MACHINES)("machine %s", (machine) => {
  describe.each(MEBIBYTES)("%d MiB", (mebibytes) => {
    test.each(CPUS)("cpu %s", async (cpu) => {
      const result = await boot({ machine, cpu, memory: `${mebibytes}M`, commandLine: "events exit" });
      expectSaneMemory(result, mebibytes);
      expect(numbers(result, "tables")["pml4"]).toBe(1);
      onlyEvent(result, "ready");
    });
  });
});

test("1 GiB pages are used where the CPU has them, and only there", async () => {
  const big = await boot({ cpu: "max", memory: "8G", commandLine: "events exit" });
  const small = await boot({ cpu: "qemu64,-pdpe1gb", memory: "8G", commandLine: "events exit" });
  expect(numbers(big, "leaves")["gib"]).toBeGreaterThanOrEqual(4);
  expect(numbers(small, "leaves")["gib"]).toBe(0);
  expect(numbers(small, "leaves")["mib"]).toBeGreaterThanOrEqual(3500);
});

test("a CPU without NX is refused in a sentence", async () => {
  const result = await boot({ cpu: "qemu64,-nx", until: /^Tessera stops: .*\(NX\)/ });
  expect(result.exitCode).toBeNull();
});

test("several CPUs: the others stay asleep", async () => {
  const result = await boot({ extra: ["-smp", "4"], commandLine: "events exit" });
  onlyEvent(result, "ready");
});
