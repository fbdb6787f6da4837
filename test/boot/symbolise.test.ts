/**
 * scripts/symbolise: addresses and serial logs as TypeScript frames.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { boot, buildDirectory, EXIT_PANIC, kernelElf } from "../harness/boot";

function symbolise(parameters: string[], input = ""): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, BUILD: buildDirectory };
  const { status, stdout, stderr } = spawnSync("scripts/symbolise", parameters, { input, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("scripts/symbolise", () => {
  test("names the function and line of a faulting instruction, inlined functions first", async () => {
    const { serial } = await boot({ elf: kernelElf, commandLine: "demo=pagefault exit", expectExit: EXIT_PANIC });
    const [, address = ""] = /instruction pointer (0x[0-9a-f]+)/.exec(serial) ?? [];
    const { status, stdout } = symbolise([address]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /writeAnswer \(kernel\/demo\/pageFaults\.ts:\d+\), in .*\(kernel\/demo\/pageFaults\.ts:\d+\)/,
    );
    expect(symbolise([], serial).stdout).toContain(`instruction pointer ${address} <writeAnswer (kernel/demo/`);
  });

  test("leaves addresses alone that are not the kernel's code", () => {
    const log = "cr2 0x00000000deadbeaf rax 0xffff800000001000\n";
    expect(symbolise([], log)).toEqual({ status: 0, stdout: log, stderr: "" });
    expect(symbolise(["0x1234"]).stdout).toContain("not code of this kernel");
  });

  test("refuses what is no address, and an ELF that is not there, in one line", () => {
    const refusals = [symbolise(["zz"]), symbolise(["--elf", "none.elf", "0x1"])];
    expect(refusals.map((refusal) => refusal.status)).toEqual([2, 2]);
    expect(refusals[0]?.stderr).toMatch(/^symbolise: 'zz' .*\n$/);
    expect(refusals[1]?.stderr).toMatch(/^symbolise: there is no none\.elf.*\n$/);
  });
});
