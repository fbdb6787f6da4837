/**
 * Address spaces on the machine: the tests of test/metal/spaces.ts, each in a boot of its own, with and without the
 * processor's protection of ring 3's pages from ring 0.
 */
import { describe, expect, test } from "vitest";
import { boot, kernelElf, onlyEvent, testKernelElf, type BootOptions } from "../harness/boot";

async function pass(name: string, where: Pick<BootOptions, "cpu" | "memory"> = {}): Promise<string> {
  const result = await boot({ elf: testKernelElf, commandLine: `test=${name} events`, timeoutSeconds: 120, ...where });
  expect(onlyEvent(result, "test")).toEqual({ name, result: "pass" });
  return result.serial;
}

describe.each(["max", "qemu64"])("cpu %s", (cpu) => {
  test.each([
    "faults-zero",
    "faults-copy",
    "faults-stack",
    "faults-refused",
    "faults-spurious",
    "faults-shared",
    "user-copies",
    "spaces-model",
  ])("test=%s", async (name) => {
    await pass(name, { cpu });
  });
});

test("every acquisition of a workload fails once, and every frame comes back", async () => {
  expect(await pass("spaces-without-frames")).toMatch(/each of \d{2,} acquisitions has failed once/);
});

test("the model fits into a small machine", async () => {
  await pass("spaces-model", { memory: "32M" });
});

test("demo=isolation shows two tasks that cannot see each other, and gives all memory back", async () => {
  const { serial } = await boot({ elf: kernelElf, commandLine: "demo=isolation exit" });
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
  expect(serial).toContain("both tasks are gone, and every frame is back");
});
