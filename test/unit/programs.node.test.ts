/**
 * The programs of unit.test.ts that are quick enough, under Node: the same models and oracles, the same panics.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram, type Outcome } from "../../compiler/machine/program";
import { compileToJs } from "../../compiler/src/compileJs";

const ROOT = join(import.meta.dirname, "../..");
const PANICS = readdirSync(join(import.meta.dirname, "programs/panics")).map((file) => file.replace(/\.ts$/, ""));
const PANIC_EXIT = 3;

function run(program: string): Outcome {
  const { body, dataBytes, diagnostics } = compileToJs({ root: ROOT, entry: `test/unit/programs/${program}.ts` });
  expect(diagnostics).toEqual([]);
  return runProgram(body, { dataBytes });
}

describe("programs that check themselves", () => {
  test.each([
    ["memoryMapCases", /^all cases passed$/m],
    ["framesCases", /^all cases passed$/m],
    ["heapCases", /^all cases passed$/m],
    ["mapperCases", /^all cases passed$/m],
    ["walkCases", /^all cases passed$/m],
    ["mapperModel", /^operations=200000 mapped=115410 refused=41801 free=4073\nhuge=3876 merged=202$/m],
  ])("%s", (program, lastWord) => {
    const outcome = run(program);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    expect(outcome.stdout).toMatch(lastWord);
  });
});

describe("what must end in a panic", () => {
  test.each(PANICS)("%s", (program) => {
    const outcome = run(`panics/${program}`);
    expect(outcome).toMatchObject({ exitCode: PANIC_EXIT, stdout: "" });
    expect(outcome.stderr).toMatch(/^panic: .* at kernel\/mm\/\w+\.ts:\d+\n$/);
  });
});
