// Runs every program of run/ under Node, through the JavaScript printer and on the simulated machine, and expects
// what the native one prints.

import { describe, expect, it } from "vitest";
import { runProgram } from "../machine/program";
import { compileToJs, type JsProgram } from "../src/compileJs";
import { ROOT, caseText, checksOf, findCases } from "./support";

const PANIC_EXIT_CODE = 3;

function compiled(entry: string): JsProgram {
  const program = compileToJs({ root: ROOT, entry, checks: checksOf(entry) });
  expect(program.diagnostics).toEqual([]);
  return program;
}

describe("programs of run/ under Node", () => {
  it.each(findCases("run"))("$name", ({ name, entry }) => {
    const { body, dataBytes } = compiled(entry);
    const outcome = runProgram(body, { dataBytes, exitFunction: "tessera_test_exit" });
    const panic = caseText("run", name, "panic");
    expect(outcome).toEqual({
      exitCode: panic === undefined ? 0 : PANIC_EXIT_CODE,
      stdout: caseText("run", name, "expected"),
      stderr: panic ?? "",
    });
  });
});

describe("printed programs", () => {
  it("are the same every time", () => {
    const entry = "compiler/test/run/programs/sha256.ts";
    expect(compiled(entry).body).toBe(compiled(entry).body);
  });
});
