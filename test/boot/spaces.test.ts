/**
 * Address spaces on the machine: the tests of test/metal/spaces.ts, each in a boot of its own, with and without the
 * processor's protection of ring 3's pages from ring 0.
 */
import { describe, expect, test } from "vitest";
import { boot, kernelElf, onlyEvent, testKernelElf, type BootOptions } from "../harness/boot";

async function pass(name: string, where: Pick<BootOptions, "cpu" | "memory"> = {}, words = ""): Promise<string> {
  const commandLine = `test=${name} events ${words}`;
  const result = await boot({ elf: testKernelElf, commandLine, timeoutSeconds: 120, ...where });
  expect(onlyEvent(result, "test")).toEqual({ name, result: "pass" });
  return result.serial;
}

describe.each(["max", "qemu64"])("cpu %s", (cpu) => {
  test.each([
    "spaces-kernel-half",
    "spaces-stale",
    "faults-zero",
    "faults-copy",
    "faults-stack",
    "faults-refused",
    "faults-spurious",
    "faults-shared",
    "user-copies",
    "spaces-model",
    "spaces-swap",
  ])("test=%s", async (name) => {
    await pass(name, { cpu });
  });
});

/** Every way to reach page tables, and both numbers of levels, on a small machine: the ledger counts all frames. */
describe.each([
  "physmap=identity",
  "physmap=recursive",
  "physmap=offset paging=5",
  "physmap=identity paging=5",
  "physmap=recursive paging=5",
])("%s", (words) => {
  test.each([
    "spaces-kernel-half",
    "spaces-stale",
    "faults-zero",
    "faults-copy",
    "faults-stack",
    "faults-refused",
    "faults-shared",
    "user-copies",
    "spaces-model",
    "spaces-swap",
    "spaces-without-frames",
  ])("test=%s", async (name) => {
    await pass(name, { memory: "32M" }, words);
  });
});

test("every acquisition of a workload fails once, and every frame comes back", async () => {
  expect(await pass("spaces-without-frames", { memory: "32M" })).toMatch(
    /each of \d{3} acquisitions has failed once, and each of \d{3} with swap/,
  );
});

test.each(["spaces-model", "spaces-swap", "heap"])("test=%s on a small machine", async (name) => {
  await pass(name, { memory: "32M" });
});

test.each([
  ["", "10000000"],
  ["physmap=identity", "8010000000"],
  ["physmap=recursive", "10000000"],
])(
  "demo=isolation %s shows two tasks that cannot see each other, and gives all memory back",
  async (words, address) => {
    const { serial } = await boot({ elf: kernelElf, commandLine: `demo=isolation exit ${words}` });
    expect(serial).toContain(`two tasks, each with a page at 0x${address};`);
    const notes = [...serial.matchAll(/task (\S+) reads "([^"]*)" there, from the frame at (0x\w{16})/g)];
    expect(notes.map(([, task, note]) => `${task}: ${note}`)).toEqual([
      "A: I am A",
      "B: I am B",
      "A: I am A",
      "A': I am A",
      "A': I am a clone",
      "A: I am A",
    ]);
    const frames = notes.map(([, , , frame]) => frame);
    expect([frames[2], frames[3], frames[5]]).toEqual([frames[0], frames[0], frames[0]]);
    expect(new Set([frames[0], frames[1], frames[4]]).size).toBe(3);
    expect(serial).toContain("refused: NoRegion; whoever asked gets BadAddress, and the kernel goes on");
    expect(serial).toContain("the kernel itself, without its copy routines: refused, KernelMistake");
    expect(serial).toContain("both tasks are gone, and every frame is back");
  },
);
