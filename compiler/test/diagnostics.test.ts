// Compiles every program of reject/ and compares each complaint with the mark on its line and with the golden text, and
// every program of accept/, whose C gcc must accept without a warning. UPDATE_GOLDEN=1 rewrites the golden texts.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CODES } from "../src/diagnostics";
import { ROOT, caseText, caseTextPath, checkC, compileCase, compileToC, diagnosticText, findCases } from "./support";
import { makeScratch, removeScratch, type Case } from "./support";

/** Those whose programs are missing or too long to keep: commandLine.test.ts has their cases. */
const CODES_OF_THE_COMMAND_LINE = ["TK1025", "TK5010", "TK5012", "TK5013"];
const MARK = /\/\/ error ((?:T[KS]\d+)(?:, T[KS]\d+)*)$/;
const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

/** The files that make up a case: its entry, and what lies beside a main.ts. */
function filesOf({ entry }: Case): string[] {
  if (basename(entry) !== "main.ts") return [entry];
  const folder = dirname(entry);
  return readdirSync(join(ROOT, folder)).map((name) => join(folder, name));
}

/** "file:line code" for every mark, in order. */
function marks(each: Case): string[] {
  const found = filesOf(each).flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const codes = MARK.exec(line)?.[1].split(", ") ?? [];
        return codes.map((code) => `${file}:${index + 1} ${code}`);
      }),
  );
  return found.sort();
}

describe("programs of reject/", () => {
  const cases = findCases("reject");

  it.each(cases)("$name", (each) => {
    const result = compileCase(each.entry);
    const text = diagnosticText(result);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(caseTextPath("reject", each.name, "golden"), text);
    const found = result.diagnostics.map(({ file, line, code }) => `${file}:${line} ${code}`);
    expect(found.sort()).toEqual(marks(each));
    expect(text).toBe(caseText("reject", each.name, "golden"));
    expect(result.c).toBe("");
  });

  it("number at least 60", () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it("cover every code", () => {
    const covered = new Set(cases.flatMap(marks).map((mark) => mark.split(" ")[1]));
    const missing = Object.keys(CODES).filter((code) => !covered.has(code));
    expect(missing).toEqual(CODES_OF_THE_COMMAND_LINE);
  });

  it("suggest what to write instead", () => {
    for (const [code, { suggestion }] of Object.entries(CODES)) expect(suggestion, code).not.toBe("");
  });
});

describe("programs of accept/", () => {
  it.concurrent.each(findCases("accept"))("$name", async ({ name, entry }) => {
    expect(await checkC(compileToC(entry, "host"), scratch, name, "host")).toBe("");
  });

  it.each(["machine", "suspicious", "TK1021_exportC", "TK5007_variable"])(
    "%s with the kernel's flags",
    async (name) => {
      expect(await checkC(compileToC(`compiler/test/accept/${name}.ts`, "metal"), scratch, name, "metal")).toBe("");
    },
  );
});
