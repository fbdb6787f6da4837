// Programs as several C files: whichever way they are divided, they do what they do as one.

import { afterAll, describe, expect, it } from "vitest";
import { analyse, compile } from "../src/compile";
import { printUnit } from "../src/emit/c/program";
import { MAIN_UNIT, splitInto, type CUnit, type Item } from "../src/emit/c/units";
import type { FunctionInfo, ProgramIR } from "../src/ir";
import { proveProgram } from "../src/prove/program";
import { reachableProgram } from "../src/reach";
import { ROOT, checksOf, compileToC, findCases, makeScratch, removeScratch, runNative } from "./support";

const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

function programOf(entry: string): ProgramIR {
  const analysis = analyse({ root: ROOT, entry, target: "host", checks: checksOf(entry) });
  if (analysis.unit === undefined) throw new Error(`${entry} does not compile`);
  return proveProgram(reachableProgram(analysis.program));
}

const NAMES = [MAIN_UNIT, "second", "third"];
const FILES = NAMES.map((name) => ({ name, isCold: name === MAIN_UNIT }));

/** Each function and global in turn into the next file: neighbours are never together. */
function dealt(program: ProgramIR): Map<string, CUnit> {
  const items: Item[] = [...program.functions, ...program.globals];
  return splitInto(FILES, program, (item) => NAMES[items.indexOf(item) % NAMES.length] ?? "");
}

const cases = findCases("run").filter(({ name }) => !name.startsWith("operators/"));

describe("a program dealt out to three C files", () => {
  it.concurrent.each(cases)("$name", async ({ name, entry }) => {
    const files = [...dealt(programOf(entry)).values()].map((unit) => printUnit(unit, "host"));
    const [whole, parts] = await Promise.all([
      runNative(compileToC(entry), scratch, `${name}.whole`, ["-O0"]),
      runNative(files, scratch, `${name}.parts`, ["-O1"]),
    ]);
    expect(parts).toEqual(whole);
  });
});

describe("a C file", () => {
  const compiled = compile({
    root: ROOT,
    entry: "compiler/test/run/modules/main.ts",
    target: "host",
    units: [{ name: "shapes", paths: ["compiler/test/run/modules/shapes"] }],
  });

  it("defines what its modules have, and declares the rest", () => {
    expect(Object.keys(compiled.units)).toEqual(["shapes"]);
    expect(compiled.units["shapes"]).toMatch(/^(?!extern).*shapes_shape__area\(.*\{$/m);
    expect(compiled.c).toMatch(/^extern .*shapes_shape__area\(.*;$/m);
    expect(compiled.c).not.toMatch(/shapes_shape__area\(.*\{$/m);
  });

  it("has what a program has once only when it is the main one", () => {
    expect(compiled.c).not.toContain("#define TESSERA_UNIT");
    expect(compiled.c).toMatch(/^int main\(void\)/m);
    expect(compiled.units["shapes"]).toContain("#define TESSERA_UNIT");
    expect(compiled.units["shapes"]).not.toMatch(/^int main\(void\)/m);
  });
});

describe("a small function of another file", () => {
  const program = programOf("compiler/test/run/methods.ts");
  const parts = [...dealt(program).values()];
  const repeatedIn = (info: FunctionInfo): CUnit[] => parts.filter((unit) => unit.repeats(info));
  const repeated = program.functions.filter((info) => repeatedIn(info).length > 0);

  it("is repeated where it is used, as static", () => {
    expect(repeated).not.toHaveLength(0);
    for (const info of repeated)
      for (const unit of repeatedIn(info))
        expect(printUnit(unit, "host")).toMatch(new RegExp(`^static .*\\b${info.symbol}\\(.*\\{$`, "m"));
  });

  it("is still defined in one file for all", () => {
    for (const info of repeated) expect(parts.filter((unit) => unit.defines(info))).toHaveLength(1);
  });
});
