// The compiler as a command: what it writes, that it writes the same every time, and how it fails.

import { mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, compileToC, execute, makeScratch, removeScratch, type Outcome } from "./support";

const MAIN = join(ROOT, "compiler/src/main.ts");
const TSX = join(ROOT, "node_modules/tsx/dist/loader.mjs");
const scratch = makeScratch();
afterAll(() => removeScratch(scratch));

function compiler(args: string[], folder = ROOT): Promise<Outcome> {
  return execute("node", ["--import", TSX, MAIN, ...args], folder);
}

function output(name: string): string {
  return join(scratch, name);
}

/** Nothing that a reader of diagnostics should ever see. */
function expectFailure(outcome: Outcome, text: RegExp): void {
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stderr).toMatch(text);
  expect(outcome.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(outcome.stderr).not.toMatch(/node:internal/);
}

describe("output", () => {
  it("is the same bytes again, and from another folder", async () => {
    const entry = "compiler/test/run/modules/main.ts";
    const first = await compiler(["--target", "host", "--out", output("first.c"), entry]);
    const second = await compiler(["--target", "host", "--out", output("second.c"), entry]);
    const elsewhere = relative(scratch, join(ROOT, entry));
    const third = await compiler(["--target", "host", "--out", output("third.c"), elsewhere], scratch);
    expect([first, second, third]).toEqual(Array(3).fill({ exitCode: 0, stdout: "", stderr: "" }));
    const text = readFileSync(output("first.c"), "utf8");
    expect(readFileSync(output("second.c"), "utf8")).toBe(text);
    expect(readFileSync(output("third.c"), "utf8")).toBe(text);
    expect(compileToC(entry)).toBe(text);
  });

  it("names no machine path", () => {
    expect(compileToC("compiler/test/run/modules/main.ts")).not.toContain(ROOT);
  });

  it("leads debuggers to the source", () => {
    expect(compileToC("compiler/test/run/recursion.ts")).toMatch(/^#line \d+ "compiler\/test\/run\/recursion\.ts"$/m);
  });

  it("keeps placed storage in its section", () => {
    const c = compileToC("compiler/test/run/placedStorage.ts");
    expect(c.match(/section\("\.requests"\)/g)).toHaveLength(2);
  });

  it("reads and writes Volatile fields as C's volatile", () => {
    expect(compileToC("compiler/test/run/volatiles.ts")).toMatch(/volatile u32/);
  });

  it("holds on the metal what an exported C symbol reaches, and no more", () => {
    const c = compileToC("compiler/test/accept/machine.ts", "metal");
    expect(c).toContain("machine_entry");
    expect(c).toContain("compiler_test_accept_machine__fences");
    expect(c).not.toContain("compiler_test_accept_machine__main");
  });
});

describe("--unit", () => {
  const entry = "compiler/test/run/modules/main.ts";
  const split = ["--unit", "shapes=compiler/test/run/modules/shapes", "--target", "host", "--out", output("split.c")];
  const files = ["split.c", "split.shapes.c"].map(output);

  it("makes a C file beside the main one", async () => {
    expect((await compiler([...split, entry])).exitCode).toBe(0);
    for (const file of files) expect(readFileSync(file, "utf8")).toContain("Made by the Tessera compiler");
  });

  it("leaves a C file alone that would stay as it is", async () => {
    const [main = "", shapes = ""] = files;
    const old = new Date(0);
    utimesSync(main, old, old);
    writeFileSync(shapes, "of another program");
    utimesSync(shapes, old, old);
    expect((await compiler([...split, entry])).exitCode).toBe(0);
    expect(statSync(main).mtime).toEqual(old);
    expect(statSync(shapes).mtime).not.toEqual(old);
  });
});

describe("--names", () => {
  let names: Record<string, { name: string; file: string; line: number }>;

  beforeAll(async () => {
    const entry = "compiler/test/run/programs/pageWalk.ts";
    const outcome = await compiler([
      "--target",
      "host",
      "--out",
      output("names.c"),
      "--names",
      output("n.json"),
      entry,
    ]);
    expect(outcome.exitCode).toBe(0);
    names = JSON.parse(readFileSync(output("n.json"), "utf8")) as typeof names;
  });

  it("gives every function its name, file and line", () => {
    const file = "compiler/test/run/programs/pageWalk.ts";
    const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
    const line = lines.findIndex((text) => text.startsWith("function walk(")) + 1;
    expect(names.compiler_test_run_programs_pageWalk__walk).toEqual({ name: "walk", file, line });
  });

  it("calls a method by its class", () => {
    const entry = names.compiler_test_run_programs_pageWalk__Entry_isPresent;
    expect(entry.name).toBe("Entry.isPresent");
  });

  it("names only what the C defines", () => {
    const c = readFileSync(output("names.c"), "utf8");
    for (const symbol of Object.keys(names)) expect(c).toContain(symbol);
  });
});

describe("failures", () => {
  it("a missing entry file is TK5010", async () => {
    expectFailure(await compiler(["--out", output("x.c"), "nowhere/main.ts"]), /error TK5010: there is no file/);
  });

  it("a folder is not an entry file", async () => {
    expectFailure(await compiler(["--out", output("x.c"), "compiler/test"]), /error TK5010/);
  });

  it("a syntax error has its place", async () => {
    const path = output("syntax.ts");
    writeFileSync(path, "export function main(): void {\n  let = ;\n}\n");
    expectFailure(await compiler(["--out", output("x.c"), path]), /syntax\.ts:2:\d+: error TS\d+/);
  });

  it.each(["(", "-("])("%s nested without end is TK1025", async (open) => {
    const path = output("nested.ts");
    const value = `${open.repeat(20_000)}1${")".repeat(20_000)}`;
    writeFileSync(path, `export function main(): void {\n  const x: u32 = ${value};\n}\n`);
    expectFailure(await compiler(["--out", output("x.c"), path]), /nested\.ts:1:1: error TK1025/);
  });

  it("the innermost part of a long expression is named", async () => {
    const path = output("long.ts");
    const value = `one${" + one".repeat(20_000)}`;
    writeFileSync(path, `const one: u32 = 1;\nexport function main(): void {\n  const x: u32 = ${value};\n}\n`);
    expectFailure(await compiler(["--out", output("x.c"), path]), /long\.ts:3:\d+: error TK1025/);
  });

  it("no more than 100 diagnostics are shown", async () => {
    const path = output("many.ts");
    writeFileSync(path, `${"const x: u8 = 1;\n".repeat(150)}export function main(): void {}\n`);
    const outcome = await compiler(["--out", output("x.c"), path]);
    expectFailure(outcome, /^and 50 more$/m);
    expect(outcome.stderr.match(/error TS2451/g)).toHaveLength(100);
  });

  it("bytes that are not UTF-8 are no program", async () => {
    const path = output("binary.ts");
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28, 0x0a]));
    expectFailure(await compiler(["--out", output("x.c"), path]), /binary\.ts.*error T[KS]\d+/);
  });

  it("an import of a missing module has its place", async () => {
    const path = output("importer.ts");
    writeFileSync(path, 'import { a } from "./missing";\nexport function main(): void {\n  a();\n}\n');
    expectFailure(await compiler(["--out", output("x.c"), path]), /importer\.ts:1:19: error TS2307/);
  });

  it("an unknown option is named", async () => {
    expectFailure(await compiler(["--fast", "--out", output("x.c"), "compiler/test/run/loops.ts"]), /--fast/);
  });

  it.each(["", "memory", "memory=", "memory=a,,b", "../x=a"])("'%s' is no unit", async (unit) => {
    const args = ["--unit", unit, "--out", output("x.c"), "compiler/test/run/loops.ts"];
    expectFailure(await compiler(args), /not a unit: '.*': NAME=PATH,PATH/);
  });

  it("a second unit of the same name is an error", async () => {
    const args = ["--unit", "a=x", "--unit", "a=y", "--out", output("x.c"), "compiler/test/run/loops.ts"];
    expectFailure(await compiler(args), /two units 'a'/);
  });

  it("no entry file is a usage error", async () => {
    expectFailure(await compiler(["--out", output("x.c")]), /usage/i);
  });

  it("an unknown target is named", async () => {
    const args = ["--target", "moon", "--out", output("x.c"), "compiler/test/run/loops.ts"];
    expectFailure(await compiler(args), /moon/);
  });

  it("an output that cannot be written is named", async () => {
    mkdirSync(output("folder.c"), { recursive: true });
    expectFailure(await compiler(["--out", output("folder.c"), "compiler/test/run/loops.ts"]), /folder\.c/);
  });

  it("leave no output behind", async () => {
    const path = output("never.c");
    await compiler(["--target", "host", "--out", path, "compiler/test/reject/TK2005_flags.ts"]);
    expect(readdirSync(scratch)).not.toContain("never.c");
  });
});

describe("the compiler's layers", () => {
  it("emit/ knows nothing of typescript", () => {
    const folder = join(ROOT, "compiler/src/emit");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/from "typescript"/);
    }
  });
});
