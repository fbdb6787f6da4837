// Which checks the compiler proves needless, and which it must not. In the programs of proved/, a comment names the
// checks of its line, or of the one before when it stands alone: `// gone: index + stays: -`. Kinds are index, part, + - *,
// negate and convert.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse, formatDiagnostic } from "../src/compile";
import type { Place, ProgramIR } from "../src/ir";
import { proveProgram } from "../src/prove/program";
import { reachableProgram } from "../src/reach";
import { ROOT, findCases } from "./support";

/** `file:line kind` of each check that a program makes at run time. */
function checksIn(program: ProgramIR): string[] {
  const checks: string[] = [];
  const add = ({ file, line }: Place, kind: string): void => void checks.push(`${file}:${line} ${kind}`);
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null || node instanceof Map) return;
    const { kind, operator, checked, check, place } = node as Record<string, unknown>;
    if (checked === true) add(place as Place, kind === "subslice" ? "part" : "index");
    if (check !== undefined) add(check as Place, String(kind === "arithmetic" ? operator : kind));
    for (const [key, child] of Object.entries(node)) if (!ELSEWHERE.has(key) && !isFunction(child)) visit(child);
  };
  for (const { body } of program.functions) visit(body);
  return checks.sort();
}

/** Properties that lead out of the code of a function. */
const ELSEWHERE = new Set(["type", "place", "check", "local", "global", "field", "label", "initialiser"]);

const isFunction = (value: unknown): boolean => typeof value === "object" && value !== null && "external" in value;

/** What the comments say: each check that is `gone`, or that `stays`. */
function expected(entry: string, which: "gone" | "stays"): string[] {
  const lines = readFileSync(join(ROOT, entry), "utf8").split("\n");
  return lines
    .flatMap((line, index) => {
      const number = line.trimStart().startsWith("//") ? index : index + 1;
      const [, kinds = ""] = new RegExp(`${which}: ((?:(?!gone:|stays:)\\S+ ?)+)`).exec(line) ?? [];
      return kinds === ""
        ? []
        : kinds
            .trim()
            .split(" ")
            .map((kind) => `${entry}:${number} ${kind}`);
    })
    .sort();
}

/** The checks before and after the proofs. */
function provedChecks(entry: string): { before: string[]; after: string[] } {
  const analysis = analyse({ root: ROOT, entry, target: "metal" });
  if (analysis.unit === undefined) throw new Error(analysis.diagnostics.map(formatDiagnostic).join("\n"));
  const program = reachableProgram(analysis.program);
  return { before: checksIn(program), after: checksIn(proveProgram(program)) };
}

describe("the checks of", () => {
  it.each(findCases("proved"))("$name", ({ entry }) => {
    const [gone, stays] = [expected(entry, "gone"), expected(entry, "stays")];
    const { before, after } = provedChecks(entry);
    expect(after).toEqual(stays);
    expect(before).toEqual([...gone, ...stays].sort());
  });
});

describe("the kernel", () => {
  it("does without a third of its checks at least", () => {
    const { before, after } = provedChecks("kernel/main.ts");
    expect(after.length * 3).toBeLessThan(before.length * 2);
    expect(after.length).toBeGreaterThan(0);
  });
});
