// Runs every program of run/ natively, unoptimised under the address and undefined-behaviour sanitizers and optimised,
// also by clang where there is one, and compares what it prints.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { generateCases } from "./generateOperators";
import {
  ROOT,
  SANITIZE,
  caseText,
  compileToC,
  execute,
  findCases,
  makeScratch,
  removeScratch,
  runNative,
  type Outcome,
} from "./support";

const PANIC_EXIT_CODE = 3;
const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

function expected(name: string): Outcome {
  const panic = caseText("run", name, "panic");
  return {
    exitCode: panic === undefined ? 0 : PANIC_EXIT_CODE,
    stdout: caseText("run", name, "expected") ?? "",
    stderr: panic ?? "",
  };
}

/** What runtime.h has for gcc, clang has by other names. */
const CLANG_FLAGS = ["-O2", "-Wno-unknown-warning-option", "-Wno-incompatible-library-redeclaration"];
const hasClang = (await execute("sh", ["-c", "command -v clang"])).exitCode === 0;

describe("programs of run/", () => {
  it.concurrent.each(findCases("run"))("$name", async ({ name, entry }) => {
    const c = compileToC(entry);
    const outcomes = await Promise.all([
      runNative(c, scratch, `${name}.plain`, ["-O0", ...SANITIZE]),
      runNative(c, scratch, `${name}.optimised`, ["-O2"]),
      ...(hasClang ? [runNative(c, scratch, `${name}.clang`, CLANG_FLAGS, "clang")] : []),
    ]);
    expect(outcomes).toEqual(outcomes.map(() => expected(name)));
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
  const names = ["evaluationOrder", "nullIntegers", "programs/sha256", "operators/division_i32"];
  it.concurrent.each(names)("with -O3 gives the same results: %s", async (name) => {
    const c = compileToC(`compiler/test/run/${name}.ts`);
    expect(await runNative(c, scratch, `${name}.O3`, ["-O3"])).toEqual(expected(name));
  });
});
