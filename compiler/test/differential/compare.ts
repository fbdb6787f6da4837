// Runs many programs through every back end and compares what they do. A batch is one compilation: each program is a
// module, and a small C driver runs each in a process of its own, so that one that panics ends only itself.
//
//   program0.ts, program1.ts, ... <-- batch.ts --compiler--> C  --gcc -O0, sanitizers-->  outcomes
//                                              |             +--gcc -O2-->                outcomes
//                                              |             +--clang -O2, if present-->  outcomes
//                                              +----------> JavaScript --Node-->          outcomes
//                                              +----------> the same with all checks ---> outcomes

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Panic } from "../../machine/errors";
import { Machine } from "../../machine/machine";
import { createRuntime, type Runtime } from "../../machine/runtime/runtime";
import { analyse, formatDiagnostic, type Analysis, type Diagnostic } from "../../src/compile";
import { printProgram as printC } from "../../src/emit/c/program";
import { printProgram as printJs } from "../../src/emit/js/program";
import type { ProgramIR } from "../../src/ir";
import { proveProgram } from "../../src/prove/program";
import { reachableProgram } from "../../src/reach";
import { execute } from "../support";
import { LIBRARY } from "./library";
import { modulesOf, type Module } from "./modules";

/** A way from C to a running program. */
export interface Native {
  readonly name: string;
  readonly command: string;
  readonly flags: readonly string[];
}

const SANITIZED: Native = {
  name: "gcc -O0, sanitizers",
  command: "gcc",
  flags: ["-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
};
const SANITIZED_O2: Native = { ...SANITIZED, name: "gcc -O2, sanitizers", flags: ["-O2", ...SANITIZED.flags.slice(1)] };
const OPTIMISED: Native = { name: "gcc -O2", command: "gcc", flags: ["-O2"] };
const CLANG: Native = { name: "clang -O2", command: "clang", flags: ["-O2"] };

export const QUICK_NATIVES: readonly Native[] = [SANITIZED, OPTIMISED];

/** Also the slower ways, and clang where there is one. */
export async function allNatives(): Promise<readonly Native[]> {
  const hasClang = await execute("sh", ["-c", "command -v clang"]);
  return [...QUICK_NATIVES, SANITIZED_O2, ...(hasClang.exitCode === 0 ? [CLANG] : [])];
}

/** What became of one program of a batch. */
export type Verdict =
  | { readonly kind: "same" }
  /** The compiler refuses it: a mistake of the generator, or of the compiler. */
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "different"; readonly detail: string };

/** The name of the function that program `index` of a batch exports. */
export const entryName = (index: number): string => `program${index}`;

const FLAGS = ["-std=gnu11", "-w", "-g0", "-fwrapv", "-fno-strict-aliasing", "-DTESSERA_HOST", "-I", "compiler/lang"];
const PANIC_EXIT_CODE = 3;

/** Compares the programs of one batch; the folder is the batch's own and is removed. */
export async function compareBatch(
  sources: readonly string[],
  natives: readonly Native[],
  folder: string,
): Promise<Verdict[]> {
  mkdirSync(folder, { recursive: true });
  try {
    return await verdicts(sources, natives, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function verdicts(sources: readonly string[], natives: readonly Native[], folder: string): Promise<Verdict[]> {
  const found = new Map<number, Verdict>();
  for (const { name, source } of [LIBRARY_MODULE, ...modulesOfBatch(sources)])
    writeFileSync(join(folder, `${name}.ts`), source);
  for (const [index, source] of sources.entries())
    if (!source.includes(`export function ${entryName(index)}(`))
      found.set(index, { kind: "refused", detail: `${entryName(index)} is missing` });
  const remaining = (): number[] => sources.map((_, index) => index).filter((index) => !found.has(index));
  const program = settle(folder, remaining, found);
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
function settle(folder: string, remaining: () => number[], found: Map<number, Verdict>): ProgramIR | undefined {
  for (;;) {
    if (remaining().length === 0) return undefined;
    writeFileSync(join(folder, "batch.ts"), batchSource(remaining()));
    const result = attempt(() => analyseBatch(folder));
    if (typeof result === "string") return crashed(folder, remaining(), found, result);
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
  folder: string,
  indices: readonly number[],
  found: Map<number, Verdict>,
  message: string,
): ProgramIR | undefined {
  for (const index of indices) {
    writeFileSync(join(folder, "batch.ts"), batchSource([index]));
    const result = attempt(() => analyseBatch(folder));
    if (typeof result === "string") found.set(index, { kind: "different", detail: `the compiler fails: ${result}` });
  }
  if (indices.every((index) => !found.has(index))) throw new Error(message);
  return settle(folder, () => indices.filter((index) => !found.has(index)), found);
}

const analyseBatch = (folder: string): Analysis => analyse({ root: folder, entry: "batch.ts", target: "host" });

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
  if (distinct.size === 1) return { kind: "same" };
  const detail = all.map(({ name, outcome }) => `--- ${name}\n${outcome}`).join("\n");
  return { kind: "different", detail };
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
      alarm(20);
      return programs[i];
    }
    wait(&status);
    if (WIFEXITED(status)) printf("@exit %d\\n", WEXITSTATUS(status));
    else printf("@signal %d\\n", WTERMSIG(status));
  }
  exit(0);
}
`;

async function runNatively(native: Native, folder: string): Promise<Map<number, string>> {
  const path = join(folder, native.name.replaceAll(/\W+/g, "_"));
  const files = ["-o", path, join(folder, "batch.c"), join(folder, "driver.c")];
  const built = await execute(native.command, [...FLAGS, ...native.flags, ...files]);
  if (built.exitCode !== 0) throw new Error(`${native.name}: ${built.stderr}`);
  const { stdout } = await execute(path, []);
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
  const lines = machine.logs.map(({ level, text }) => `${level === "info" ? "" : `${level}: `}${text}\n`);
  return `${lines.join("")}${end}`;
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
