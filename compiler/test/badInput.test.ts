// What no compiler is happy about, and this one has to survive: huge, deep, cyclic, broken and foreign files end in
// diagnostics or in a program, never in an exception. Everything here is written by the test.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compile } from "../src/compile";
import { compileToJs } from "../src/compileJs";
import { ROOT, checkC } from "./support";

mkdirSync(join(ROOT, "build"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "build/bad-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MAIN = "export function main(): void {}\n";
const inMain = (body: string): string => `export function main(): void {\n${body}\n}\n`;

function put(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** The codes of its diagnostics; a program that compiles must also become JavaScript, and C that gcc accepts. */
async function codesOf(entry: string): Promise<string[]> {
  const { c, diagnostics } = compile({ root: folder, entry, target: "host" });
  for (const { line, column, message } of diagnostics) {
    expect(Math.min(line, column)).toBeGreaterThan(0);
    expect(message.length).toBeLessThan(3000);
  }
  if (diagnostics.length > 0) return diagnostics.map(({ code }) => code);
  expect(compileToJs({ root: folder, entry }).body).not.toBe("");
  expect(await checkC(c, folder, "checked", "host")).toBe("");
  return [];
}

async function codesOfText(content: string | Uint8Array): Promise<string[]> {
  put("entry.ts", content);
  return codesOf("entry.ts");
}

/** `type T1 = ...` to T40, each made of the one before it, T0. */
const doubling = (made: (from: number) => string): string =>
  Array.from({ length: 40 }, (_, at) => `type T${at + 1} = ${made(at)};\n`).join("");

describe("huge files", () => {
  const MEBIBYTE = 1 << 20;
  const functions = (bytes: number): string =>
    Array.from(
      { length: bytes / 64 },
      (_, at) => `function f${at}(value: u32): u32 {\n  return value ^ ${at};\n}\n`,
    ).join("");

  it.each([
    ["valid", () => functions(10 * MEBIBYTE) + MAIN],
    ["invalid", () => "function ( { let = ;\n".repeat(MEBIBYTE / 2)],
    ["one expression", () => inMain(`const x: u32 = 1${" + 1".repeat(3 * MEBIBYTE)};`)],
    ["one string", () => `const text: string = "${"a".repeat(10 * MEBIBYTE)}";\n${MAIN}`],
    ["one number", () => `const value: u64 = ${"1".repeat(10 * MEBIBYTE)}n;\n${MAIN}`],
    ["nested", () => inMain("{".repeat(5 * MEBIBYTE) + "}".repeat(5 * MEBIBYTE))],
  ])("of 10 MB, %s: TK5012", async (_, text) => {
    expect(await codesOfText(text())).toEqual(["TK5012"]);
  });

  it("of half a megabyte compile", async () => {
    expect(await codesOfText(functions(MEBIBYTE / 4) + MAIN)).toEqual([]);
  });

  it("with as much in one string compile", async () => {
    expect(
      await codesOfText(`const text: string = "${"a".repeat(MEBIBYTE / 2)}";\n${inMain("log.info(text);")}`),
    ).toEqual([]);
  });

  it.each([
    ["numbers", "TK3001", `const value: u64 = ${"1".repeat(200_000)}n;\n`],
    ["syntax errors", "T", "function ( { let = ;\n".repeat(5_000)],
    ["type errors", "TS", 'const x: u8 = "a";\n'.repeat(2_000)],
  ])("of %s end in diagnostics", async (_, code, text) => {
    const codes = await codesOfText(text + MAIN);
    expect(codes).not.toEqual([]);
    for (const found of codes) expect(found).toContain(code);
  });

  it.each([
    ["parentheses", inMain(`const x: u32 = ${"(".repeat(100_000)}1${")".repeat(100_000)};`)],
    ["blocks", inMain("{".repeat(100_000) + "}".repeat(100_000))],
    ["types", `class C {\n  x: ${"FixedArray<".repeat(50_000)}u8${", 2>".repeat(50_000)};\n}\n${MAIN}`],
    [
      "function types",
      `type T0 = u32;\n${doubling((at) => `(value: T${at}) => T${at}`)}class C {\n  x: T40 | null;\n}\n${MAIN}`,
    ],
    ["operands", inMain(`let x: u32 = 1;\nx = x${" + x".repeat(100_000)};`)],
  ])("of nested %s: TK1025", async (_, text) => {
    expect(await codesOfText(text)).toEqual(["TK1025"]);
  });

  it("with a message of 4000 parts compile", async () => {
    expect(await codesOfText(inMain(`log.info(\`${"x${1}".repeat(4000)}\`);`))).toEqual([]);
  });

  it("quote little of a long number", () => {
    put("entry.ts", `const value: u8 = ${"1".repeat(100_000)}n;\n${MAIN}`);
    const { diagnostics } = compile({ root: folder, entry: "entry.ts", target: "host" });
    expect(diagnostics.map(({ message }) => message.length < 2500)).toEqual(diagnostics.map(() => true));
    expect(diagnostics).not.toEqual([]);
  });
});

describe("cycles", () => {
  it.each([
    ["classes", "TK4001", "class A {\n  b: B;\n}\nclass B {\n  list: FixedArray<A, 3>;\n}\nconst a = new A();\n"],
    ["generic classes", "TK2017", "class A<T> {\n  inner: A<A<T>>;\n}\nconst a = new A<u8>();\n"],
    ["type aliases", "TS2456", "type A = B;\ntype B = A;\n"],
    ["sizes", "TK3003", "const N: u32 = u32(sizeOf<A>());\nclass A {\n  bytes: FixedArray<u8, typeof N>;\n}\n"],
    ["enums", "TS2450", "enum A {\n  X = B.Y,\n}\nenum B {\n  Y = A.X,\n}\n"],
    ["constants", "TS2448", "const A: u32 = B;\nconst B: u32 = A;\n"],
  ])("of %s: %s", async (_, code, text) => {
    expect(await codesOfText(text + MAIN)).toContain(code);
  });

  it("of constants in several modules: TK3003", async () => {
    put("right.ts", 'import { LEFT } from "./entry";\nexport const RIGHT: u32 = LEFT + 1;\n');
    expect(await codesOfText(`import { RIGHT } from "./right";\nexport const LEFT: u32 = RIGHT + 1;\n${MAIN}`)).toEqual(
      ["TK3003"],
    );
  });

  it("of imports compile", async () => {
    put("other.ts", 'import { main } from "./entry";\nexport function again(): void {\n  main();\n}\n');
    expect(await codesOfText(`import { again } from "./other";\n${inMain("again();")}`)).toEqual([]);
  });

  it("of generics that double: TK2017", async () => {
    const aliases = doubling((at) => `Pair<T${at}, T${at}>`);
    const text = `class Pair<A, B> {\n  a: A;\n  b: B;\n}\ntype T0 = u32;\n${aliases}class C {\n  x: T40;\n}\n`;
    expect(new Set(await codesOfText(text + MAIN))).toEqual(new Set(["TK2017"]));
  });
});

describe("bytes", () => {
  const bytes = (text: string, ...more: number[]): Uint8Array => Buffer.concat([Buffer.from(text), Buffer.from(more)]);

  it.each([
    ["invalid UTF-8 in a comment", bytes(`${MAIN}// `, 0xff, 0xfe, 0x0a)],
    ["invalid UTF-8 in a string", bytes('const text: string = "', 0xc3, 0x22, 0x3b, 0x0a)],
    ["UTF-16", Buffer.from(`\ufeff${MAIN}`, "utf16le")],
    ["an ELF", bytes("", 0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff, 0xff)],
  ])("%s: TK5013", async (_, content) => {
    expect(await codesOfText(content)).toEqual(["TK5013"]);
  });

  it("NUL outside of strings are invalid characters", async () => {
    expect(new Set(await codesOfText("\0".repeat(1000)))).toEqual(new Set(["TS1127"]));
  });

  it.each([
    ["NUL in a string", inMain('log.info("a\0b");')],
    ["a byte order mark", `\ufeff${MAIN}`],
    ["CR LF", inMain('log.info("x");').replaceAll("\n", "\r\n")],
    ["CR alone", inMain('log.info("x");').replaceAll("\n", "\r")],
    ["U+2028 and U+2029", inMain('\u2028log.info("x");\u2029')],
    [
      "letters of all the world",
      `const \u{1d49c}: u32 = 1;\nclass \u03a9 {\n  \u00e4: u32;\n}\nconst \u4e16 = new \u03a9();\n${inMain("log.info(`${\u{1d49c} + \u4e16.\u00e4}`);")}`,
    ],
    [
      "names that differ in no ASCII letter",
      `function \u00e4(): void {}\nfunction \u00f6(): void {}\nfunction _(): void {}\n${inMain("\u00e4();\n\u00f6();\n_();")}`,
    ],
  ])("%s compile", async (_, content) => {
    expect(await codesOfText(content)).toEqual([]);
  });

  it("none: TK5003", async () => {
    expect(await codesOfText("")).toEqual(["TK5003"]);
  });
});

describe("files", () => {
  it("with odd names compile", async () => {
    put("n\u00e4me \u2603 'x' %s.ts", MAIN);
    expect(await codesOf("n\u00e4me \u2603 'x' %s.ts")).toEqual([]);
  });

  it("that a link leads nowhere to: TK5010", async () => {
    symlinkSync("loop.ts", join(folder, "loop.ts"));
    symlinkSync("missing.ts", join(folder, "dangling.ts"));
    expect(await codesOf("loop.ts")).toEqual(["TK5010"]);
    expect(await codesOf("dangling.ts")).toEqual(["TK5010"]);
  });

  it.each(["./missing", "./folder", "/etc/passwd", "node:fs", "", "./entry.ts.ts", "../../../../../../../x"])(
    "imported as '%s' are errors of tsc",
    async (path) => {
      mkdirSync(join(folder, "folder"), { recursive: true });
      const codes = await codesOfText(`import { x } from "${path}";\n${inMain("x();")}`);
      expect(codes).not.toEqual([]);
      for (const code of codes) expect(code).toMatch(/^TS/);
    },
  );

  it("imported that are broken are named", () => {
    put("broken.ts", Buffer.from([0xff]));
    put("entry.ts", `import { x } from "./broken";\n${inMain("x();")}`);
    const { diagnostics } = compile({ root: folder, entry: "entry.ts", target: "host" });
    expect(diagnostics.map(({ code, file }) => `${file} ${code}`)).toEqual(["broken.ts TK5013"]);
  });
});
