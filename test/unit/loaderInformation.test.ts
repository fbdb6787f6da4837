/**
 * boot/loader/ against what GRUB or a PVH loader might tell: test/unit/programs/loaderInformation.ts runs on the
 * host with the sanitizers on. Here stands what it must say of each case.
 */
import { afterAll, expect, test } from "vitest";
import { runProgram } from "../../compiler/machine/program";
import { compileToJs } from "../../compiler/src/compileJs";
import { ROOT, compileToC, makeScratch, removeScratch, runNative } from "../../compiler/test/support";

const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

const EXPECTED = `Multiboot2
good: accepted
huge: the size of the Multiboot2 information is absurd
empty: the Multiboot2 information has no end tag
cut off: the Multiboot2 information has no end tag
tag too long: a tag of the Multiboot2 information does not fit into it
tag too short: a tag of the Multiboot2 information does not fit into it
entries of no size: the memory map of Multiboot2 has entries of an absurd size
entries of odd size: the memory map of Multiboot2 has entries of an absurd size
command line without end: the command line tag of Multiboot2 does not end
loader name without end: the loader name tag of Multiboot2 does not end
module without end: a module tag of Multiboot2 does not end
not aligned: the Multiboot2 information is not at a multiple of 8 below 4 GiB
too high: the Multiboot2 information is not at a multiple of 8 below 4 GiB
PVH
good: accepted
wrong magic: the PVH start information has a wrong magic number
version 0: PVH start information of version 0 has no memory map; version 1 is needed
memory map too high: the PVH memory map does not fit below 4 GiB
memory map too long: the PVH memory map does not fit below 4 GiB
module list too high: the PVH module list does not fit below 4 GiB
module list too long: the PVH module list does not fit below 4 GiB
command line too high: the PVH command line is not below 4 GiB
RSDP too high: the PVH start information tells an RSDP that is not below 4 GiB
module too long: a PVH module lies beyond 64 TiB
module text too high: the text of a PVH module is not below 4 GiB
too high: the PVH start information is not below 4 GiB
`;

test("known good, known bad and 20,000 random loader informations are taken or refused, never believed", async () => {
  const c = compileToC("test/unit/programs/loaderInformation.ts");
  const outcome = await runNative(c, scratch, "loaderInformation");
  expect(outcome.stderr).toBe("");
  expect(outcome.stdout).toBe(EXPECTED);
  expect(outcome.exitCode).toBe(0);
});

test("the same on Node", () => {
  const entry = "test/unit/programs/loaderInformation.ts";
  const { body, dataBytes, diagnostics } = compileToJs({ root: ROOT, entry });
  expect(diagnostics).toEqual([]);
  expect(runProgram(body, { dataBytes })).toEqual({ exitCode: 0, stdout: EXPECTED, stderr: "" });
});
