// Runs many programs through every back end and compares what they do. A batch is one compilation: each program is a
// module, and a small C driver runs each in a process of its own, so that one that panics ends only itself.
//
//   program0.ts, program1.ts, ... <-- batch.ts --compiler--> C  --gcc -O0, sanitizers-->  outcomes
//     +-> library.ts                           |             +--gcc -O2-->                outcomes
//                                              |             +--clang -O2, if present-->  outcomes
//                                              +----------> JavaScript --Node-->          outcomes
//                                              +----------> the same with all checks ---> outcomes

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Panic } from "../../machine/errors";
import { Machine } from "../../machine/machine";
import { printed } from "../../machine/program";
import { createRuntime, type Runtime } from "../../machine/runtime/runtime";
import { analyse, formatDiagnostic, type Analysis, type Diagnostic } from "../../src/compile";
import { printProgram as printC } from "../../src/emit/c/program";
import { printProgram as printJs } from "../../src/emit/js/program";
import type { ProgramIR } from "../../src/ir";
import { proveProgram } from "../../src/prove/program";
import { reachableProgram } from "../../src/reach";
import type { Checks } from "../../src/unit";
import { ROOT, execute } from "../support";
import { LIBRARY } from "./library";
import { modulesOf, type Module } from "./modules";

/** A way from C to a running program. */
export interface Native {
  readonly name: string;
  readonly command: string;
  readonly flags: readonly string[];
}

const gcc = (name: string, flags: string): Native => ({ name, command: "gcc", flags: flags.split(" ") });

const SANITIZE = "-fno-sanitize-recover=all -fsanitize";
const SANITIZED = gcc("gcc -O0, sanitizers", `-O0 ${SANITIZE}=address,undefined`);
const OPTIMISED = gcc("gcc -O2", "-O2");
const CLANG: Native = { name: "clang -O2", command: "clang", flags: ["-O2"] };

type Lineup = readonly Native[];

/** Every program meets -O0, -O2, and a sanitizer: batches take these in turn. */
export const LINEUPS: readonly [Lineup, Lineup, ...Lineup[]] = [
  [SANITIZED, OPTIMISED],
  [gcc("gcc -O0, address sanitizer", `-O0 ${SANITIZE}=address`), OPTIMISED],
  [gcc("gcc -O0, undefined behaviour sanitizer", `-O0 ${SANITIZE}=undefined`), OPTIMISED],
  [SANITIZED, OPTIMISED],
  [gcc("gcc -O0", "-O0"), gcc("gcc -O2, sanitizers", `-O2 ${SANITIZE}=address,undefined`), OPTIMISED],
];

/** The lineups of a long run, with clang where there is one. */
export async function lineups(): Promise<readonly Lineup[]> {
  const hasClang = await execute("sh", ["-c", "command -v clang"]);
  return hasClang.exitCode === 0 ? LINEUPS.map((lineup) => [...lineup, CLANG]) : LINEUPS;
}

/** What became of one program of a batch. */
export type Verdict =
  | { readonly kind: "same"; readonly outcome: string }
  /** The compiler refuses it: a mistake of the generator, or of the compiler. */
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "different"; readonly detail: string };

/** The name of the function that program `index` of a batch exports. */
export const entryName = (index: number): string => `program${index}`;

const FLAGS = ["-std=gnu11", "-w", "-g0", "-fwrapv", "-fno-strict-aliasing", "-DTESSERA_HOST", "-I", "compiler/lang"];
const PANIC_EXIT_CODE = 3;

/** How a batch is compared. */
export interface Comparison {
  readonly natives: readonly Native[];
  readonly checks: Checks;
  /** The batch's own; it is made and removed. */
  readonly folder: string;
}

/** Compares the programs of one batch. */
export async function compareBatch(sources: readonly string[], comparison: Comparison): Promise<Verdict[]> {
  const { folder } = comparison;
  mkdirSync(folder, { recursive: true });
  try {
    return await verdicts(sources, comparison);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function verdicts(sources: readonly string[], comparison: Comparison): Promise<Verdict[]> {
  const { natives, folder } = comparison;
  const found = new Map<number, Verdict>();
  for (const { name, source } of [LIBRARY_MODULE, ...modulesOfBatch(sources)])
    writeFileSync(join(folder, `${name}.ts`), source);
  for (const [index, source] of sources.entries())
    if (!source.includes(`export function ${entryName(index)}(`))
      found.set(index, { kind: "refused", detail: `${entryName(index)} is missing` });
  const remaining = (): number[] => sources.map((_, index) => index).filter((index) => !found.has(index));
  const program = settle(comparison, remaining, found);
  if (program !== undefined) {
    const outcomes = new Map([["Node, all checks", runOnNode(program, remaining())]]);
    outcomes.set("Node", runOnNode(proveProgram(program), remaining()));
    writeFileSync(join(folder, "batch.c"), printC(program, "host"));
    writeFileSync(join(folder, "driver.c"), driver(remaining()));
    const all = await Promise.all(natives.map((native) => runNatively(native, folder)));
    natives.forEach(({ name }, at) => outcomes.set(name, all[at] ?? new Map()));
    for (const index of remaining()) found.set(index, judge(outcomes, index));
  }
  return sources.map((_, index) => found.get(index) ?? { kind: "different", detail: "no outcome" });
}

const LIBRARY_MODULE: Module = { name: "library", source: LIBRARY };

const modulesOfBatch = (sources: readonly string[]): Module[] =>
  sources.flatMap((source, index) => modulesOf(source, entryName(index), LIBRARY_MODULE));

/** Compiles until nothing is refused any more, leaving out what is. */
function settle(comparison: Comparison, remaining: () => number[], found: Map<number, Verdict>): ProgramIR | undefined {
  for (;;) {
    if (remaining().length === 0) return undefined;
    const result = attempt(() => analyseBatch(comparison, remaining()));
    if (typeof result === "string") return crashed(comparison, remaining(), found, result);
    if (result.unit !== undefined) return reachableProgram(result.program);
    const before = found.size;
    for (const diagnostic of result.diagnostics) refuse(diagnostic, found);
    if (found.size === before) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  }
}

function refuse(diagnostic: Diagnostic, found: Map<number, Verdict>): void {
  const index = /^program(\d+)(?:_\d+)?\.ts$/.exec(diagnostic.file)?.[1];
  if (index !== undefined && !found.has(Number(index)))
    found.set(Number(index), { kind: "refused", detail: formatDiagnostic(diagnostic) });
}

/** The compiler itself has failed: finds out on which programs, one by one. */
function crashed(
  comparison: Comparison,
  indices: readonly number[],
  found: Map<number, Verdict>,
  message: string,
): ProgramIR | undefined {
  for (const index of indices) {
    const result = attempt(() => analyseBatch(comparison, [index]));
    if (typeof result === "string") found.set(index, { kind: "different", detail: `the compiler fails: ${result}` });
  }
  if (indices.every((index) => !found.has(index))) throw new Error(message);
  return settle(comparison, () => indices.filter((index) => !found.has(index)), found);
}

function analyseBatch({ folder, checks }: Comparison, indices: readonly number[]): Analysis {
  writeFileSync(join(folder, "batch.ts"), batchSource(indices));
  return analyse({ root: folder, entry: "batch.ts", target: "host", checks });
}

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** An entry that runs the program it is told to run. */
function batchSource(indices: readonly number[]): string {
  const imports = indices.map((index) => `import { ${entryName(index)} } from "./${entryName(index)}";\n`);
  const cases = indices.map((index) => `case ${index}:\n${entryName(index)}();\nbreak;\n`);
  const chosen = `switch (differentialProgram()) {\n${cases.join("")}default:\nbreak;\n}\n`;
  const head = "declare function differentialProgram(): u32;\n";
  return `${imports.join("")}${head}export function main(): void {\n${chosen}}\n`;
}

function judge(outcomes: ReadonlyMap<string, ReadonlyMap<number, string>>, index: number): Verdict {
  const all = [...outcomes].map(([name, outcome]) => ({ name, outcome: outcome.get(index) ?? "nothing" }));
  const distinct = new Set(all.map(({ outcome }) => outcome));
  const [outcome] = distinct;
  if (outcome !== undefined && distinct.size === 1) return { kind: "same", outcome };
  const common = commonLines(all.map(({ outcome: text }) => text.split("\n")));
  const rest = (text: string): string =>
    text
      .split("\n")
      .slice(common, common + SHOWN_LINES)
      .join("\n");
  const detail = all.map(({ name, outcome: text }) => `--- ${name}, after ${common} lines\n${rest(text)}`).join("\n");
  return { kind: "different", detail };
}

/** Of each outcome, from the first difference on. */
const SHOWN_LINES = 5;

function commonLines([first = [], ...others]: readonly (readonly string[])[]): number {
  const differs = first.findIndex((line, at) => others.some((other) => other[at] !== line));
  return differs < 0 ? first.length : differs;
}

// ---------------------------------------------------------------------------------------------------------------------
// Natively.

/** Runs each program in a child; the number of the program and how the child ended stand between the outputs. */
const driver = (indices: readonly number[]): string => `
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
static const unsigned programs[] = { ${indices.join(", ")} };
unsigned differentialProgram(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (unsigned i = 0; i < ${indices.length}; i++) {
    printf("@program %u\\n", programs[i]);
    fflush(stdout);
    int status = 0;
    if (fork() == 0) {
      dup2(1, 2);
      alarm(120);
      return programs[i];
    }
    wait(&status);
    if (WIFEXITED(status)) printf("@exit %d\\n", WEXITSTATUS(status));
    else printf("@signal %d\\n", WTERMSIG(status));
  }
  exit(0);
}
`;

/** gcc takes its time over many programs at once. */
const BATCH_MILLISECONDS = 600_000;

async function runNatively(native: Native, folder: string): Promise<Map<number, string>> {
  const path = join(folder, native.name.replaceAll(/\W+/g, "_"));
  const files = ["-o", path, join(folder, "batch.c"), join(folder, "driver.c")];
  const built = await execute(native.command, [...FLAGS, ...native.flags, ...files], ROOT, BATCH_MILLISECONDS);
  if (built.exitCode !== 0) throw new Error(`${native.name}: ${built.stderr}`);
  const { stdout } = await execute(path, [], ROOT, BATCH_MILLISECONDS);
  const parts = stdout.split(/^@program (\d+)\n/m).slice(1);
  const outcomes = new Map<number, string>();
  for (let at = 0; at < parts.length; at += 2) outcomes.set(Number(parts[at]), parts[at + 1] ?? "");
  return outcomes;
}

// ---------------------------------------------------------------------------------------------------------------------
// Under Node.

/** Room for the storage of a batch. */
const DATA_BYTES = 1 << 20;

type Program = (runtime: Runtime) => (() => void) | undefined;

function runOnNode(program: ProgramIR, indices: readonly number[]): Map<number, string> {
  const body = printJs(program);
  return new Map(indices.map((index) => [index, nodeOutcome(body, index)]));
}

function nodeOutcome(body: string, index: number): string {
  const machine = new Machine({ dataBytes: DATA_BYTES, imageBase: 0x1000_0000 });
  machine.usesHandlers = true;
  machine.assembly.set("differentialProgram", () => index);
  const end = nodeEnd(machine, body);
  return `${printed(machine.logs)}${end}`;
}

/** Runs to the end and tells how that was, as the native driver does. */
function nodeEnd(machine: Machine, body: string): string {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is what the compiler has just printed
    const main = (new Function("$runtime", body) as Program)(createRuntime(machine));
    machine.image.settle();
    main?.();
    return "@exit 0\n";
  } catch (error) {
    if (error instanceof Panic) return `panic: ${error.text} at ${error.place}\n@exit ${PANIC_EXIT_CODE}\n`;
    return `@thrown ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
}
