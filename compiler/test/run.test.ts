// Runs every program of run/ natively under the address and undefined-behaviour sanitizers and compares what it prints.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { generateCases } from "./generateOperators";
import { ROOT, caseText, compileToC, findCases, makeScratch, removeScratch, runNative } from "./support";

const PANIC_EXIT_CODE = 3;
const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

describe("programs of run/", () => {
  it.concurrent.each(findCases("run"))("$name", async ({ name, entry }) => {
    const outcome = await runNative(compileToC(entry), scratch, name);
    const panic = caseText("run", name, "panic");
    expect(outcome.stdout).toBe(caseText("run", name, "expected"));
    expect(outcome.stderr).toBe(panic ?? "");
    expect(outcome.exitCode).toBe(panic === undefined ? 0 : PANIC_EXIT_CODE);
  });
});

describe("the cases themselves", () => {
  it("number at least 100", () => {
    expect(findCases("run").length).toBeGreaterThanOrEqual(100);
  });

  it("in operators/ are what generateOperators.ts writes", async () => {
    for (const each of await generateCases()) {
      const base = join(ROOT, "compiler/test/run/operators", each.name);
      expect(readFileSync(`${base}.ts`, "utf8")).toBe(each.source);
      expect(readFileSync(`${base}.expected`, "utf8")).toBe(each.expected);
    }
  });
});

describe("--checks none", () => {
  it("drops the bounds checks", () => {
    const entry = "compiler/test/run/panics/indexSlice.ts";
    expect(compileToC(entry, "host", "full")).not.toBe(compileToC(entry, "host", "none"));
  });

  it("changes nothing else", async () => {
    const entry = "compiler/test/run/programs/quickSort.ts";
    const outcome = await runNative(compileToC(entry, "host", "none"), scratch, "unchecked");
    expect(outcome).toEqual({ exitCode: 0, stderr: "", stdout: caseText("run", "programs/quickSort", "expected") });
  });

  it("keeps the check of divisors", async () => {
    const entry = "compiler/test/run/operators/divisionByZero_u32.ts";
    const outcome = await runNative(compileToC(entry, "host", "none"), scratch, "uncheckedDivision");
    expect(outcome.exitCode).toBe(PANIC_EXIT_CODE);
  });
});

describe("the host", () => {
  it("has no ports: access ends the program with a message", async () => {
    const c = compileToC("compiler/test/accept/hostPort.ts");
    await expect(runNative(c, scratch, "hostPort")).rejects.toThrow(/in8: not possible on the host/);
  });
});

describe("optimisation", () => {
  it.concurrent.each(["-O0", "-O2", "-O3"])("%s gives the same results", async (level) => {
    for (const name of ["evaluationOrder", "nullIntegers", "programs/sha256", "operators/division_i32"]) {
      const c = compileToC(`compiler/test/run/${name}.ts`);
      const outcome = await runNative(c, scratch, `${name}${level}`, [level]);
      expect(outcome.stdout).toBe(caseText("run", name, "expected"));
    }
  });
});
