/**
 * Coverage of kernel code speaks of lines of TypeScript: one test runs under `vitest --coverage`, and what it calls has
 * been counted where it stands in the source.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT, execute, makeScratch, removeScratch } from "../../compiler/test/support";

const PROGRAM = join(ROOT, "test/unit/programs/boundary.ts");
const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

/** Coverage of one file, as Istanbul writes it. */
interface FileCoverage {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  /** How often each statement ran. */
  readonly s: Readonly<Record<string, number>>;
}

async function coverageOf(testFile: string, name: string): Promise<FileCoverage | undefined> {
  const settings = ["reporter=json", `reportsDirectory=${scratch}`, "include=test/unit/programs/*.ts"];
  const coverage = ["--coverage", ...settings.map((setting) => `--coverage.${setting}`)];
  const vitest = join(ROOT, "node_modules/.bin/vitest");
  const outcome = await execute(vitest, ["run", "--project", "unit", testFile, "-t", name, ...coverage]);
  expect(outcome.exitCode, `${outcome.stdout}${outcome.stderr}`).toBe(0);
  const report = JSON.parse(readFileSync(join(scratch, "coverage-final.json"), "utf8")) as Record<string, FileCoverage>;
  return report[PROGRAM];
}

test("coverage counts the lines of the source", async () => {
  const coverage = await coverageOf("boundary.node.test.ts", "have one zero");
  const lines = readFileSync(PROGRAM, "utf8").split("\n");
  const counts = new Map(
    Object.entries(coverage?.statementMap ?? {}).map(([key, { start }]) => [lines[start.line - 1], coverage?.s[key]]),
  );
  expect(counts.get("  return value * 2;")).toBe(1);
  expect(counts.get("  return -value;")).toBe(0);
  expect(counts.get("  return byteLength(text);")).toBe(0);
});
