// The Vite plugin: each source file of a program as a module of its own gives what the whole program gives, with source
// maps that lead back.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { machine } from "../machine/session";
import { KernelModules } from "../vite/kernelModules";
import { ROOT, caseText } from "./support";

const SESSION = "/machine/session.ts";
const modules = new KernelModules(ROOT, SESSION);

beforeEach(() => machine.reset());

/** Log lines as a host program prints them. */
const printed = (): string =>
  machine.logs
    .map(({ level, text }) => `${level === "warn" || level === "error" ? `${level}: ` : ""}${text}\n`)
    .join("");

describe("programs of run/ as modules", () => {
  it.each([
    ["exportedSymbols", "exportedSymbols/main"],
    ["functionReferences", "functionReferences"],
    ["genericClasses", "genericClasses"],
    ["genericFunctions", "genericFunctions"],
    ["modules", "modules/main"],
    ["newtypeModule", "newtypeModule/main"],
    ["panics/inOtherModule", "panics/inOtherModule/main"],
    ["structDefaultsNested", "structDefaultsNested"],
    ["programs/sha256", "programs/sha256"],
  ])("%s", async (name, path) => {
    const file = join(ROOT, "compiler/test/run", `${path}.ts`);
    const { main } = (await import(file)) as { main: () => void };
    const panic = caseText("run", name, "panic");
    if (panic === undefined) main();
    else expect(main).toThrow(panic.replace(/^panic: |\n$/g, ""));
    expect(printed()).toBe(caseText("run", name, "expected"));
  });
});

describe("a printed module", () => {
  const path = "compiler/test/run/modules/main.ts";
  const { code, map } = modules.module(path);

  it("has a line of the map for each of its own", () => {
    expect(map.mappings.split(";").length).toBe(code.trimEnd().split("\n").length);
    expect(map.sources).toEqual([join(ROOT, path)]);
  });

  it("imports the modules that its source imports", () => {
    const imported = [...readFileSync(join(ROOT, path), "utf8").matchAll(/from "\.\/(\w+)"/g)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(0);
    for (const name of imported) expect(code).toContain(`from "${join(ROOT, `compiler/test/run/modules/${name}.ts`)}"`);
  });

  it("is the same every time", () => {
    expect(new KernelModules(ROOT, SESSION).module(path)).toEqual({ code, map });
  });
});

describe("what the compiler refuses", () => {
  it("is an error with the diagnostic, its place and what to do", () => {
    const path = "compiler/test/reject/TK1002_equals.ts";
    expect(() => modules.module(path)).toThrow(/TK1002_equals\.ts:\d+:\d+: error TK1002: [^]*suggestion: /);
  });
});
