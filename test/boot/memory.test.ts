/**
 * Memory management on the machine: the tests of test/metal/memory.ts, each in a boot of its own, on small and large
 * machines, with and without 1 GiB pages. What is refused must end in a panic that names the frame and the caller.
 */
import { describe, expect, test } from "vitest";
import { boot, EXIT_PANIC, onlyEvent, testKernelElf, type BootOptions, type BootResult } from "../harness/boot";

type Where = Pick<BootOptions, "machine" | "cpu" | "memory">;

async function pass(name: string, where: Where = {}, words = ""): Promise<BootResult> {
  const commandLine = `test=${name} events ${words}`;
  const result = await boot({ elf: testKernelElf, commandLine, timeoutSeconds: 120, ...where });
  expect(onlyEvent(result, "test")).toEqual({ name, result: "pass" });
  return result;
}

const SMALL: Where = { machine: "microvm", cpu: "qemu64", memory: "16M" };
const USUAL: Where = { machine: "q35", cpu: "max", memory: "256M" };
/** RAM on both sides of 4 GiB. */
const SPLIT: Where = { machine: "pc", cpu: "qemu64", memory: "5G" };
const LARGE: Where = { machine: "q35", cpu: "max", memory: "8G" };

const named = (where: Where): [string, Where] => [`${where.machine} ${where.cpu} ${where.memory}`, where];

describe.each([SMALL, USUAL, SPLIT, LARGE].map(named))("%s", (_name, where) => {
  test.each([
    "image-permissions",
    "direct-map",
    "direct-map-aliases",
    "allocate-all",
    "allocate-runs",
    "heap",
    "map-ranges",
    "map-without-frames",
  ])("test=%s", async (name) => {
    await pass(name, where);
  });
});

/** Every way to reach page tables, and both numbers of levels. */
describe.each([
  "physmap=offset",
  "physmap=identity",
  "physmap=recursive",
  "physmap=offset paging=5",
  "physmap=identity paging=5",
  "physmap=recursive paging=5",
])("%s", (words) => {
  test.each([
    "image-permissions",
    "direct-map",
    "direct-map-aliases",
    "no-identity-map",
    "stack-guards",
    "map-unmap",
    "stale-translations",
    "protect",
    "memory-types",
    "noted-uses",
    "map-ranges",
    "huge-leaves",
    "map-refusals",
    "map-without-frames",
    "other-roots",
    "many-roots",
    "stale-tables",
    "walks-agree",
    "zeroed-frames",
    "reclaimed-memory",
    "swap",
    "heap",
  ])("test=%s", async (name) => {
    await pass(name, {}, words);
  });

  test("test=physmap", async () => {
    const { serial } = await pass("physmap", {}, words);
    const mode = /physmap=(\w+)/.exec(words)?.[1];
    const said = /physmap=(\w+) levels=(\d) root=0x(\w{16})/.exec(serial);
    expect(said?.[1]?.toLowerCase()).toBe(mode);
    expect(said?.[2]).toBe(words.includes("paging=5") ? "5" : "4");
    if (mode === "identity") expect(said?.[3]).toMatch(/^0{8}/);
  });

  test("a walk shows each level in words", async () => {
    const { serial } = await pass("walk", {}, words);
    if (words.includes("paging=5")) expect(serial).toMatch(/PML5\[511\] in table 0x\w{9}: 0x\w{16} table at 0x\w{9}/);
    expect(serial).toMatch(/PML4\[511\] in table 0x\w{9}: 0x\w{16} table at 0x\w{9}/);
    expect(serial).toMatch(/PT {2}\[ {2}0\] in table 0x\w{9}: 0x\w{16} 4 KiB page at 0x\w{9}/);
    expect(serial).toContain("read-only, executable, supervisor, global");
    expect(serial).toContain("not mapped: the last entry is not present");
    expect(serial).toContain("no walk: the address is not canonical");
    expect(serial).toContain("the walk ends: the next table is not in known RAM");
  });
});

test.each([
  ["max", 3 * 16],
  ["qemu64", 3 * 2],
])("cpu %s does with every combination of permission bits what the walk says", async (cpu, perCombination) => {
  const { serial } = await pass("every-permission", { cpu });
  const [, translated, faults] = /translated=(\d+) faults=(\d+)/.exec(serial) ?? [];
  const leaves = cpu === "max" ? [8 ** 4, 8 ** 3, 8 ** 2] : [8 ** 4, 8 ** 3];
  const combinations = leaves.reduce((sum, each) => sum + each);
  expect(Number(translated) + Number(faults)).toBe(combinations * perCombination);
});

test("a processor without five levels stays with four, and says so", async () => {
  const { serial } = await pass("physmap", { cpu: "qemu64" }, "paging=5");
  expect(serial).toContain('"paging=5": the loader or the processor stays with 4 levels');
  expect(serial).toMatch(/levels=4/);
});

const UNPROVEN = /a page of the kernel is writable and executable, or ring 3's: entry \d+ of a table of level \d/;

describe("refused", () => {
  test.each([
    ["refuse-writable-text", UNPROVEN, "refuseWritableText"],
    ["refuse-huge-writable-text", UNPROVEN, "refuseHugeWritableText"],
    ["refuse-user-page", UNPROVEN, "refuseUserPage"],
    ["refuse-double-free", /double free: the frame at 0x\w{16} is free already/, "refuseDoubleFree"],
    [
      "refuse-kernel-frame",
      /free of the frame at 0x0{10}200000, which the frame allocator does not/,
      "refuseKernelFrame",
    ],
    ["refuse-frame-zero", /free of the frame at 0x0{16}, which the frame allocator does not/, "refuseFrameZero"],
    ["refuse-frame-beyond", /free of the frame at 0x\w{16}, which the frame allocator does not/, "refuseFrameBeyond"],
    ["refuse-unaligned-free", /free of 0x\w{13}008, which is not the start of a frame/, "refuseUnalignedFree"],
    ["refuse-run-of-free", /double free: the frame at 0x\w{16} is free already/, "refuseRunOfFree"],
    ["refuse-run-beyond", /free of 1000000000 frames from 0x\w{16} on, which go beyond/, "refuseRunBeyond"],
  ])("test=%s", async (name, message, caller) => {
    const result = await boot({ elf: testKernelElf, commandLine: `test=${name} events`, expectExit: EXIT_PANIC });
    expect(result.serial).toMatch(message);
    expect(result.serial).toMatch(new RegExp(`at ${caller} \\(test/metal/memory\\.ts:\\d+\\)`));
  });
});
