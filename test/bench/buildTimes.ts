/**
 * How long a build takes, in a copy of what a kernel is made of: all of it, and after a change of a line, which `make`
 * and `make watch` are asked to build.
 *
 * The compiler is there already, and has run: what is measured is TypeScript to ELF.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildDirectory } from "../harness/boot";

const COPIED = [
  ...["Makefile", "package.json", "package-lock.json", "tsconfig.json", "linker", "scripts"],
  ...["arch", "boot", "kernel", "compiler/src", "compiler/lang", "test/metal"],
];

/** Two of the C file that takes gcc longest, and one each of two others. */
const CHANGED = [
  "kernel/mm/frameAllocator.ts",
  "kernel/mm/addressSpace.ts",
  "kernel/process/scheduler.ts",
  "kernel/console/console.ts",
];

export interface BuildTime {
  readonly what: string;
  readonly seconds: number;
  /** Of all processes together, where it is known: what depends least on who else uses the machine. */
  readonly cpuSeconds?: number;
  readonly goal?: number;
}

export async function measureBuildTimes(): Promise<BuildTime[]> {
  const tree = copyTree();
  const bundles = make(tree, ["build/tools/compiler.cjs", "build/tools/symbols.cjs"]);
  make(tree, ["build/tessera.elf"]);
  const whole = median([0, 1, 2].map(() => buildAll(tree)));
  const changed = median(CHANGED.map((file) => timeOfChange(tree, file)));
  const watched = await watchedChanges(tree);
  return [
    { what: "bundle compiler and symbol table script", ...bundles },
    { what: "the whole kernel, TypeScript to ELF", ...whole, goal: 5 },
    { what: "a changed line: make", ...changed },
    { what: "a changed line: make watch, median", seconds: middle(watched), goal: 3 },
    { what: "a changed line: make watch, longest", seconds: Math.max(...watched), goal: 3 },
  ];
}

function copyTree(): string {
  const tree = resolve(buildDirectory, "bench-tree");
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  for (const path of COPIED) cpSync(path, join(tree, path), { recursive: true });
  symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
  return tree;
}

// --- make ------------------------------------------------------------------------------------------------------------

interface Time {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Without what an outer make says to an inner one. */
function environment(): NodeJS.ProcessEnv {
  const own = { ...process.env };
  for (const inherited of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "BUILD"]) delete own[inherited];
  return own;
}

/** The shell's `times` says what its children took: a line of user and system time, as in 0m1.25s 0m0.50s. */
function make(tree: string, targets: readonly string[]): Time {
  const command = `make --no-print-directory BUILD=build ${targets.join(" ")} >&2 && times`;
  const start = performance.now();
  const { status, stdout } = spawnSync("sh", ["-c", command], {
    cwd: tree,
    env: environment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (status !== 0) throw new Error(`this fails in ${tree}: ${command}`);
  const seconds = (performance.now() - start) / 1000;
  const children = stdout.trim().split("\n")[1] ?? "";
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map((part) => Number(part[1]) * 60 + Number(part[2]));
  return { seconds, cpuSeconds: parts.reduce((sum, part) => sum + part, 0) };
}

/** Everything but the compiler. */
function buildAll(tree: string): Time {
  spawnSync("sh", ["-c", "rm -rf build/asm build/tessera.*"], { cwd: tree });
  return make(tree, ["build/tessera.elf"]);
}

/** Every other line of the file moves, which is more than most changes do. */
function insertLine(tree: string, file: string): void {
  const path = join(tree, file);
  writeFileSync(path, `// A line.\n${readFileSync(path, "utf8")}`);
}

function timeOfChange(tree: string, file: string): Time {
  insertLine(tree, file);
  return make(tree, ["build/tessera.elf"]);
}

// --- make watch ------------------------------------------------------------------------------------------------------

/** Each file is changed twice: the first round is the compiler's, to get up to speed. */
async function watchedChanges(tree: string): Promise<number[]> {
  const watching = spawn("make", ["--no-print-directory", "BUILD=build", "watch"], {
    cwd: tree,
    env: environment(),
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  try {
    await nextBuild(watching);
    const seconds: number[] = [];
    for (const file of [...CHANGED, ...CHANGED]) {
      insertLine(tree, file);
      seconds.push(await nextBuild(watching));
    }
    return seconds.slice(CHANGED.length);
  } finally {
    if (watching.pid !== undefined) process.kill(-watching.pid);
  }
}

/** Waits until the compiler says how long it took with everything that follows. */
async function nextBuild({ stdout }: ChildProcess): Promise<number> {
  for (let said = ""; stdout !== null;) {
    const [data] = (await once(stdout, "data")) as [Buffer];
    said += data.toString();
    if (said.includes("failed")) throw new Error(`make watch: ${said}`);
    const seconds = /([\d.]+) s, waiting for changes/.exec(said)?.[1];
    if (seconds !== undefined) return Number(seconds);
  }
  throw new Error("make watch says nothing");
}

const middle = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;

function median(times: readonly Time[]): Time {
  const seconds = middle(times.map((time) => time.seconds));
  return { seconds, cpuSeconds: middle(times.map((time) => time.cpuSeconds)) };
}
