/**
 * `make bench`, second part: kernel TypeScript beside hand-written C for the same algorithms, in one run.
 *
 *     twins/routines.ts --compiler--> C, by checks: none, bounds, full --+
 *     twins/twins.c and what it includes --------------------------------+--gcc, the same flags--> four programs
 *     twins/driver.c, which calls each routine --------------------------+
 *
 * Instructions are counted by valgrind's callgrind in the routine alone, and are what the goals are for. Times are the
 * fastest of many runs in turns, and depend on who else uses the machine. All four must come to the same check sums.
 * Exit code 1 when a goal is missed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { compile } from "../../compiler/src/compile";
import { formatDiagnostic } from "../../compiler/src/diagnostics";

const ROUTINES: readonly (readonly [name: string, words: string])[] = [
  ["frame_pair", "allocate and free a frame"],
  ["frame_fill", "the same, 4096 allocated, then freed"],
  ["frame_run", "allocate and free an aligned run of 100 frames"],
  ["map_page", "map and unmap a page"],
  ["translate", "translate an address"],
  ["map_range", "map and unmap 510 pages, per page"],
  ["protect_range", "protect 4096 pages, per page"],
  ["memory_map", "sanitise a memory map, per range"],
  ["bit_scans", "lowest and highest bit of a word"],
  ["bit_counts", "count the bits of a word"],
  ["decimal", "write a number in decimal"],
  ["hexadecimal", "write a number in hexadecimal"],
];

/** What --checks may say: the kernel is built with full. Bounds alone have no goal of their own. */
const CHECKS = ["none", "bounds", "full"] as const;
type Checks = (typeof CHECKS)[number];
const PROGRAMS = ["c", ...CHECKS] as const;
type Program = (typeof PROGRAMS)[number];
const GOALS: Record<Checks, number> = { none: 1.05, bounds: Infinity, full: 1.15 };

/** Turns that each program gets at the time. */
const TURNS = 3;

/**
 * Those of the kernel's hot C files, as far as they make other code; it has no vector registers either. Functions stay
 * in one piece: to callgrind, a jump to the cold part of a routine would be its end.
 */
const FLAGS = [
  ...["-std=gnu11", "-O1", "-g1", ...run("make", ["-s", "hot-cflags"]).trim().split(" ")],
  ...["-fno-reorder-blocks-and-partition", "-fno-stack-protector"],
  ...["-fcf-protection=none", "-fwrapv", "-fno-strict-aliasing", "-fno-delete-null-pointer-checks"],
  ...["-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-Wall", "-Wno-unused", "-I", "compiler/lang"],
];

/** Of one routine in one program. */
interface Measurement {
  operations: number;
  checkSum: string;
  nanoseconds: number;
  instructions: number;
}

const folder = join(resolve(process.env["BUILD"] ?? "build"), "twins");

// --- Building --------------------------------------------------------------------------------------------------------

function run(command: string, parameters: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, { encoding: "utf8" });
  if (error !== undefined) throw new Error(`${command} does not start: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stderr}`);
  return stdout;
}

function buildAll(): void {
  mkdirSync(folder, { recursive: true });
  run("gcc", [...FLAGS, "-c", "-o", join(folder, "driver.o"), "test/bench/twins/driver.c"]);
  build("c", "test/bench/twins/twins.c");
  for (const checks of CHECKS) build(checks, translate(checks));
}

/** The routines as C with these checks; returns the file. */
function translate(checks: Checks): string {
  const entry = "test/bench/twins/routines.ts";
  const result = compile({ root: process.cwd(), entry, target: "host", checks });
  if (result.diagnostics.length > 0) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  const file = join(folder, `${checks}.c`);
  writeFileSync(file, result.c);
  return file;
}

/** The driver has a `main` of its own. */
function build(program: Program, source: string): void {
  const object = join(folder, `${program}.o`);
  run("gcc", [...FLAGS, "-DTESSERA_HOST", "-Dmain=main_of_routines", "-c", "-o", object, source]);
  run("gcc", ["-o", join(folder, program), object, join(folder, "driver.o")]);
}

// --- Measuring -------------------------------------------------------------------------------------------------------

function measure(): Map<Program, Map<string, Measurement>> {
  const measured = new Map(PROGRAMS.map((program) => [program, countInstructions(program)]));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [program, measurements] of measured) addTimes(measurements, run(join(folder, program), []));
  }
  return measured;
}

function addTimes(measurements: Map<string, Measurement>, output: string): void {
  for (const [name, { nanoseconds }] of readLines(output)) {
    const measurement = measurements.get(name);
    if (measurement !== undefined) measurement.nanoseconds = Math.min(measurement.nanoseconds, nanoseconds);
  }
}

/** The driver's lines: name, operations, check sum, nanoseconds. */
function readLines(output: string): Map<string, Measurement> {
  const rows = output.trim().split("\n");
  return new Map(
    rows.map((row) => {
      const [name = "", operations, checkSum = "", nanoseconds] = row.split(" ");
      const numbers = { operations: Number(operations), nanoseconds: Number(nanoseconds), instructions: 0 };
      return [name, { ...numbers, checkSum }];
    }),
  );
}

/** Callgrind writes a file whenever a routine ends; the last of each holds its second run. */
function countInstructions(program: Program): Map<string, Measurement> {
  const counts = join(folder, `${program}.counts`);
  rmSync(counts, { recursive: true, force: true });
  mkdirSync(counts);
  const dumps = ROUTINES.map(([name]) => `--dump-after=run_${name}`);
  const options = ["--tool=callgrind", `--callgrind-out-file=${counts}/out`, "--toggle-collect=run_*", ...dumps];
  const measurements = readLines(run("valgrind", [...options, join(folder, program), "once"]));
  const files = readdirSync(counts).filter((file) => /^out\.\d+$/.test(file));
  for (const file of files.sort((left, right) => Number(left.slice(4)) - Number(right.slice(4)))) {
    const text = readFileSync(join(counts, file), "utf8");
    const name = /^desc: Trigger: --dump-after=run_(\w+)$/m.exec(text)?.[1] ?? "";
    const measurement = measurements.get(name);
    if (measurement !== undefined) measurement.instructions = Number(/^totals: (\d+)$/m.exec(text)?.[1]);
  }
  return measurements;
}

// --- The table -------------------------------------------------------------------------------------------------------

/** Of one routine, the four programs beside each other. */
type Row = Record<Program, Measurement>;

function rowOf(name: string, measured: Map<Program, Map<string, Measurement>>): Row {
  const of = (program: Program): Measurement => {
    const measurement = measured.get(program)?.get(name);
    if (measurement === undefined || !(measurement.instructions > 0)) throw new Error(`${program} did not run ${name}`);
    return measurement;
  };
  const row = { c: of("c"), none: of("none"), bounds: of("bounds"), full: of("full") };
  const sums = new Set(Object.values(row).map(({ checkSum }) => checkSum));
  if (sums.size > 1) throw new Error(`${name}: C and TypeScript come to different results: ${[...sums].join(", ")}`);
  return row;
}

const ratio = (row: Row, checks: Checks): number => row[checks].instructions / row.c.instructions;

const missedGoals = (row: Row): Checks[] => CHECKS.filter((checks) => ratio(row, checks) > GOALS[checks]);

function printRow(words: string, row: Row): void {
  const per = ({ instructions, operations }: Measurement): string => (instructions / operations).toFixed(1).padStart(8);
  const time = ({ nanoseconds, operations }: Measurement): string => (nanoseconds / operations).toFixed(2).padStart(8);
  const figures = [
    per(row.c),
    ...CHECKS.flatMap((checks) => [per(row[checks]), ratio(row, checks).toFixed(3).padStart(8)]),
    ...PROGRAMS.map((program) => time(row[program])),
  ];
  const missed = missedGoals(row);
  const verdict = missed.length === 0 ? "" : `  MISSED: ${missed.join(", ")}`;
  console.log(`${words.padEnd(48)}${figures.join("")}${verdict}`);
}

function printHeading(): void {
  const goal = (checks: Checks): string => (GOALS[checks] === Infinity ? "" : `<=${GOALS[checks].toFixed(2)}`);
  const heads = ["C", ...CHECKS.flatMap((checks) => [checks, goal(checks)]), "C ns", ...CHECKS];
  console.log(`\nKernel TypeScript beside C: instructions (valgrind's callgrind) and time of an operation`);
  console.log(`${"by the checks that are compiled in".padEnd(48)}${heads.map((head) => head.padStart(8)).join("")}`);
}

function bench(): number {
  buildAll();
  const measured = measure();
  printHeading();
  const rows = ROUTINES.map(([name, words]) => ({ words, row: rowOf(name, measured) }));
  for (const { words, row } of rows) printRow(words, row);
  const missed = rows.flatMap(({ row }) => missedGoals(row)).length;
  console.log(missed === 0 ? "\nAll ratios meet their goals.\n" : `\n${missed} ratios miss their goals.\n`);
  return missed === 0 ? 0 : 1;
}

if (spawnSync("valgrind", ["--version"]).status !== 0) {
  console.error("bench: valgrind is missing, which counts instructions: install it (on Debian the package valgrind)");
  process.exitCode = 1;
} else {
  process.exitCode = bench();
}
