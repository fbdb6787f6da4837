// Compiles every example of LANGUAGE.md. A block that starts with ```ts error TKnnnn must fail with that code and no
// other.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CODES } from "../src/diagnostics";
import { ROOT, checkC, compileCase, diagnosticText } from "./support";

const MANUAL = readFileSync(join(ROOT, "compiler/LANGUAGE.md"), "utf8");
/** Inside the project, so that places and symbols are like those of any other source; removed at the end. */
mkdirSync(join(ROOT, "build"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "build/manual-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Example {
  line: number;
  code: string | undefined;
  source: string;
}

function examples(): Example[] {
  const blocks = [...MANUAL.matchAll(/^```ts(?: error (\w+))?\n([^]*?)^```$/gm)];
  return blocks.map(({ index, 1: code, 2: source }) => ({
    line: MANUAL.slice(0, index).split("\n").length + 1,
    code,
    source,
  }));
}

describe("examples of LANGUAGE.md", () => {
  it.each(examples())("line $line", async ({ line, code, source }) => {
    const path = join(folder, `line${line}.ts`);
    const entry = source.includes("function main()") ? "" : "\nexport function main(): void {}\n";
    writeFileSync(path, source + entry);
    const result = compileCase(relative(ROOT, path));
    if (code === undefined) expect(diagnosticText(result)).toBe("");
    expect(result.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(code === undefined ? [] : [code]);
    if (code === undefined) expect(await checkC(result.c, folder, `line${line}`, "host")).toBe("");
  });

  it("are many", () => {
    expect(examples().length).toBeGreaterThan(30);
  });
});

describe("the list of codes", () => {
  it.each(Object.entries(CODES))("%s has its line", (code, { title }) => {
    expect(MANUAL).toContain(`| ${code} | ${title} `);
  });
});
