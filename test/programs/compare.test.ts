/**
 * Each program of user/ gives on this machine, compiled by Porffor, what the same source gives on Node.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { CASES, type ProgramCase } from "./cases";

const BUILD = resolve(process.env["BUILD"] ?? "build");
const ROOT = join(BUILD, "root");

interface Outcome {
  status: number | null;
  output: string;
  errors: string;
}

function outcome(command: string, args: string[], input = ""): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: ROOT, input, encoding: "utf8" });
  if (error !== undefined) throw error;
  return { status, output: stdout, errors: stderr };
}

function onNode({ program, args, input }: ProgramCase): Outcome {
  return outcome(process.execPath, [join(BUILD, "user", `${program}.node.mjs`), ...args], input);
}

test.each(CASES.map((entry): [string, ProgramCase] => [[entry.program, ...entry.args].join(" "), entry]))(
  "%s",
  (_name, entry) => {
    const expected = onNode(entry);
    expect(expected.output + expected.errors).toContain(entry.has);
    expect(outcome(join(ROOT, "bin", entry.program), entry.args, entry.input)).toEqual(expected);
  },
);

test("every program is compared", () => {
  const programs = readdirSync("user").filter((name) => /^[^.]+\.ts$/.test(name));
  const compared = new Set(CASES.map(({ program }) => `${program}.ts`));
  expect(programs.filter((program) => !compared.has(program))).toEqual([]);
});
