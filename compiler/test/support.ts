// What the compiler's tests share: finding cases, compiling them in this process, and running what gcc makes of them.
//
//   run/name.ts or run/name/main.ts   with name.expected (stdout) and, if it must panic, name.panic (stderr, exit 3)
//   accept/name.ts                    must compile, and gcc must have nothing to say about the C
//   reject/name.ts                    each `// error TKnnnn` names a diagnostic of its line; name.golden holds the text

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compile, type CompileResult } from "../src/compile";
import { formatDiagnostic } from "../src/diagnostics";
import type { Checks } from "../src/unit";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const TEST_FOLDER = "compiler/test";
/** How long gcc or a compiled program may take. */
const TIMEOUT_MILLISECONDS = 60_000;
/** Processes at a time: gcc keeps a core busy, and the other test files run beside this one. */
const PARALLEL = 2;

export interface Case {
  /** Path below its folder, without extension: `panics/indexSlice`. */
  name: string;
  /** The entry file, relative to the project root. */
  entry: string;
}

/** All cases of `run`, `accept` or `reject`: a folder that holds a main.ts is one case, any other is searched. */
export function findCases(kind: string): Case[] {
  const start = join(ROOT, TEST_FOLDER, kind);
  return searchFolder(start)
    .map((entry) => ({ name: caseName(relative(start, entry)), entry: relative(ROOT, entry) }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function searchFolder(folder: string): string[] {
  if (existsSync(join(folder, "main.ts"))) return [join(folder, "main.ts")];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return searchFolder(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function caseName(path: string): string {
  return basename(path) === "main.ts" ? dirname(path) : path.replace(/\.ts$/, "");
}

/** The text beside a case (`name.expected` and the like), or undefined when there is none. */
export function caseText(kind: string, name: string, extension: string): string | undefined {
  const path = caseTextPath(kind, name, extension);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

export function caseTextPath(kind: string, name: string, extension: string): string {
  return join(ROOT, TEST_FOLDER, kind, `${name}.${extension}`);
}

/** Cases are compiled with all checks, but for those in `wraps/`, whose results do not fit. */
export const checksOf = (entry: string): Checks => (entry.includes("/wraps/") ? "bounds" : "full");

export function compileCase(entry: string, target: "host" | "metal" = "host", checks = checksOf(entry)): CompileResult {
  return compile({ root: ROOT, entry, target, checks });
}

/** The C of a case that must compile; its diagnostics otherwise, as an exception. */
export function compileToC(entry: string, target: "host" | "metal" = "host", checks = checksOf(entry)): string {
  const result = compileCase(entry, target, checks);
  if (result.diagnostics.length > 0) throw new Error(diagnosticText(result));
  return result.c;
}

export function diagnosticText(result: CompileResult): string {
  return result.diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`).join("");
}

/** A folder for one test file's products. */
export function makeScratch(): string {
  return mkdtempSync(join(tmpdir(), "tessera-test-"));
}

export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

const COMMON_FLAGS = ["-std=gnu11", "-fwrapv", "-fno-strict-aliasing", "-I", "compiler/lang", "-Wall", "-Wno-unused"];
export const SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
/** `tessera_test_exit` lets a program end that has bound its own panic. */
const HOST_FLAGS = [...COMMON_FLAGS, "-O1", "-DTESSERA_HOST", "-Dtessera_test_exit=exit", "-Werror"];
const METAL_FLAGS = [
  ...COMMON_FLAGS,
  "-O2",
  "-ffreestanding",
  "-fno-pic",
  "-mcmodel=kernel",
  "-mgeneral-regs-only",
  "-Werror",
];

export interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Compiles C for this machine, with the sanitizers on unless other flags are given, and runs it. */
export async function runNative(
  c: string | readonly string[],
  scratch: string,
  name: string,
  flags = SANITIZE,
  compiler = "gcc",
): Promise<Outcome> {
  const path = join(scratch, name.replaceAll("/", "_"));
  const files = [c].flat().map((text, index) => {
    const file = `${path}.${index}.c`;
    writeFileSync(file, text);
    return file;
  });
  return limited(async () => {
    const built = await execute(compiler, [...HOST_FLAGS, ...flags, "-o", path, ...files]);
    if (built.exitCode !== 0) throw new Error(built.stderr);
    return execute(path, []);
  });
}

/** What gcc says about C that is only checked, not compiled; empty when all is well. */
export async function checkC(c: string, scratch: string, name: string, target: "host" | "metal"): Promise<string> {
  const path = join(scratch, `${name.replaceAll("/", "_")}.${target}.c`);
  writeFileSync(path, c);
  const flags = target === "host" ? HOST_FLAGS : METAL_FLAGS;
  const checked = await limited(() => execute("gcc", [...flags, "-fsyntax-only", path]));
  return checked.stderr;
}

const run = promisify(execFile);

/** Runs a program from the project root and waits for its end, whatever that is. */
export async function execute(
  command: string,
  args: readonly string[],
  folder = ROOT,
  timeout = TIMEOUT_MILLISECONDS,
): Promise<Outcome> {
  const options = { cwd: folder, timeout, maxBuffer: 1 << 26 };
  try {
    const { stdout, stderr } = await run(command, args, options);
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, signal, stdout, stderr } = error as { code?: number; signal?: string } & Omit<Outcome, "exitCode">;
    if (typeof code !== "number") throw new Error(`${command} ended by ${signal}: ${stderr}`, { cause: error });
    return { exitCode: code, stdout, stderr };
  }
}

let running = 0;
const waiting: (() => void)[] = [];

/** At most PARALLEL of these at a time. */
async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (running >= PARALLEL) await new Promise<void>((start) => waiting.push(start));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
