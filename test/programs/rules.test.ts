/**
 * The rules for programs: each complains about its cases and about nothing else, and each is needed: Porffor really
 * gives something else there than Node.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { checkPrograms, complaintText } from "../../scripts/programs/check";
import { renameForC } from "../../scripts/programs/renameForC";
import { RULES } from "../../scripts/programs/rules";
import { RULE_CASES } from "./ruleCases";

const FOLDER = resolve(process.env["BUILD"] ?? "build", "rules");
const PORFFOR = resolve("node_modules/porffor/porf");

function writeSource(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

/** A module of its own for each body, so that none sees another's names. */
function moduleOf(name: string, body: string): string {
  return writeSource(`${name}.ts`, `export function run(): string {\n${body}\n}\n`);
}

describe("a rule", () => {
  const sources = RULE_CASES.flatMap(({ wrong, right }, index) => [
    moduleOf(`wrong${index}`, wrong),
    moduleOf(`right${index}`, right),
  ]);
  const complaints = checkPrograms(sources, "user/tsconfig.json");

  test.each(RULE_CASES.map(({ code, wrong }, index): [string, string, number] => [code, wrong, index]))(
    "%s refuses %s",
    (code, _wrong, index) => {
      const codes = (name: string): string[] =>
        complaints.filter(({ file }) => file.endsWith(`/${name}${index}.ts`)).map((complaint) => complaint.code);
      expect([...new Set(codes("wrong"))]).toEqual([code]);
      expect(codes("right")).toEqual([]);
    },
  );

  test("says where, what and what to write instead", () => {
    const path = moduleOf("text", `try { run(); }\nfinally { run(); }\nreturn "";`);
    expect(checkPrograms([path], "user/tsconfig.json").map(complaintText)).toEqual([
      expect.stringMatching(/rules\/text\.ts:3:9: error TP1001: finally is skipped .*\n {2}suggestion: do what /),
    ]);
  });

  test("has a case", () => {
    expect([...new Set(RULE_CASES.map(({ code }) => code))]).toEqual(Object.keys(RULES));
  });
});

/** Prints `index answer` for each body. */
function probe(bodies: [index: number, body: string][]): string {
  const functions = bodies.map(([index, body]) => `function case${index}(): string {\n${body}\n}\n`);
  const calls = bodies.map(
    ([index]) => `try { console.log("${index} " + case${index}()); } catch { console.log("${index} threw"); }\n`,
  );
  return transformSync([...functions, ...calls].join(""), { loader: "ts", target: "es2022" }).code;
}

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", cwd: FOLDER, timeout: 60_000 });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** What a program says through Porffor and on Node, by the number of the case. */
function answers(name: string, text: string): { porffor: Map<string, string>; node: Map<string, string> } {
  const plain = writeSource(`${name}.mjs`, text);
  const source = writeSource(`${name}.js`, renameForC(text));
  run(PORFFOR, "c", source, "-o", `${name}.c`);
  run("musl-gcc", "-O0", "-w", "-static", `${name}.c`, "-o", name, "-lm");
  return { porffor: byCase(run(join(FOLDER, name))), node: byCase(run(process.execPath, plain)) };
}

function byCase(output: string): Map<string, string> {
  const lines = output.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", line]));
}

const RUNNING = RULE_CASES.flatMap((entry, index) => (entry.runs === false ? [] : [{ ...entry, index }]));

test("what is refused goes wrong, and what is suggested does not", () => {
  const right = answers("right", probe(RUNNING.map((entry) => [entry.index, entry.right])));
  expect(right.porffor).toEqual(right.node);
  const wrong = answers("wrong", probe(RUNNING.map((entry) => [entry.index, entry.wrong])));
  const harmless = RUNNING.filter(({ index }) => wrong.porffor.get(`${index}`) === wrong.node.get(`${index}`));
  expect(harmless.map((entry) => entry.wrong)).toEqual([]);
});

test("the programs keep the rules", () => {
  const programs = readdirSync("user").filter((name) => /^[^.]+\.ts$/.test(name));
  const complaints = checkPrograms(
    programs.map((name) => join("user", name)),
    "user/tsconfig.json",
  );
  expect(complaints.map(complaintText)).toEqual([]);
});
