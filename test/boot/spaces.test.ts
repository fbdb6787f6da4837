/**
 * Address spaces on the machine: the tests of test/metal/spaces.ts, each in a boot of its own, with and without the
 * processor's protection of ring 3's pages from ring 0.
 */
import { describe, expect, test } from "vitest";
import { boot, onlyEvent, testKernelElf, type BootOptions } from "../harness/boot";

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
