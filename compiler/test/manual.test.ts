// Compiles every example of LANGUAGE.md and DIAGNOSTICS.md. A block that starts with ```ts error TKnnnn must fail with
// that code, once, and with no other. A line `// other.ts` in a block begins another file.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CODES } from "../src/diagnostics";
import { ROOT, checkC, compileCase, diagnosticText } from "./support";

const MANUAL = readFileSync(join(ROOT, "compiler/LANGUAGE.md"), "utf8");
const DIAGNOSTICS = readFileSync(join(ROOT, "compiler/DIAGNOSTICS.md"), "utf8");
/** Codes that no short example can cause: what commandLine.test.ts has the cases of. */
const WITHOUT_EXAMPLE = ["TK1025", "TK5010", "TK5012", "TK5013"];
/** Inside the project, so that places and symbols are like those of any other source; removed at the end. */
mkdirSync(join(ROOT, "build"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "build/manual-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Example {
  line: number;
  code: string | undefined;
  source: string;
}

function examples(page: string): Example[] {
  const blocks = [...page.matchAll(/^```ts(?: error (\w+))?\n([^]*?)^```$/gm)];
  return blocks.map(({ index, 1: code, 2: source }) => ({
    line: page.slice(0, index).split("\n").length + 1,
    code,
    source,
  }));
}

/** Writes the files of an example below a folder of its own; the result is the entry, from the project root. */
function writeExample(name: string, { code, source }: Example): string {
  const path = join(folder, name);
  mkdirSync(path);
  const [text = "", ...others] = source.split(/^\/\/ (?=\w+\.ts$)/m);
  const entry = text.includes("function main()") || code === "TK5003" ? "" : "\nexport function main(): void {}\n";
  writeFileSync(join(path, "example.ts"), text + entry);
  for (const other of others) {
    const end = other.indexOf("\n");
    writeFileSync(join(path, other.slice(0, end)), other.slice(end));
  }
  return relative(ROOT, join(path, "example.ts"));
}

async function expectAsMarked(name: string, example: Example): Promise<void> {
  const { code } = example;
  const result = compileCase(writeExample(name, example));
  if (code === undefined) expect(diagnosticText(result)).toBe("");
  expect(result.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(code === undefined ? [] : [code]);
  if (code === undefined) expect(await checkC(result.c, folder, name, "host")).toBe("");
}

describe("examples of LANGUAGE.md", () => {
  it.each(examples(MANUAL))("line $line", (example) => expectAsMarked(`manual${example.line}`, example));

  it("are many", () => {
    expect(examples(MANUAL).length).toBeGreaterThan(30);
  });
});

describe("LANGUAGE.md", () => {
  const language = readFileSync(join(ROOT, "compiler/lang/kernel.d.ts"), "utf8");
  const [forUse = ""] = language.split("// What the type checker itself asks for.");
  const declarations =
    /^declare (?:function|namespace|const|class|enum) (\w+)|^(?:type|interface) (\w+)|^ {2}(?:function|const) (\w+)/gm;
  const declared = [...forUse.matchAll(declarations)].map(([, ...names]) => names.find((name) => name) ?? "");
  /** What carries types only: no program names it. */
  const marks = ["width", "brand", "volatileMark", "messageMark", "formatted", "Formatted", "AnyInteger"];
  const words = [...new Set(declared)].filter((word) => !marks.includes(word));
  const code = new Set(MANUAL.match(/^```[^]*?^```|`[^`\n]+`/gm)?.flatMap((text) => text.match(/\w+/g) ?? []));

  it.each(words)("explains %s", (word) => {
    expect([...code].filter((each) => each === word)).toEqual([word]);
  });

  it("has words to explain", () => {
    expect(words.length).toBeGreaterThan(90);
  });
});

describe("DIAGNOSTICS.md", () => {
  const sections = DIAGNOSTICS.split(/^### /m).slice(1);

  it("has a section for every code, in order, and no other", () => {
    const heads = sections.map((section) => section.split("\n")[0]);
    expect(heads).toEqual(Object.entries(CODES).map(([code, { title }]) => `${code}: ${title}`));
  });

  it.each(sections.map((section) => [section.slice(0, 6), section]))(
    "%s has a cause, a fix, and both examples",
    (code, section) => {
      expect(section).toMatch(/^Cause: \S/m);
      expect(section).toMatch(/\bFix:\s\S/);
      const codes = examples(section).map((example) => example.code);
      expect(codes).toEqual(WITHOUT_EXAMPLE.includes(code) ? [] : [code, undefined]);
    },
  );

  it.each(examples(DIAGNOSTICS))("line $line", (example) => expectAsMarked(`code${example.line}`, example));
});
