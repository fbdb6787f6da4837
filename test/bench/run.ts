/**
 * `make bench`: what Tessera costs, beside its goals. Expects both kernels to be built.
 *
 * Instructions come from QEMU with `-icount shift=0,sleep=off`, where one tick of the time-stamp counter is one
 * instruction and every run gives the same figures. Exit code 1 when a goal is missed.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildDirectory, kernelElf } from "../harness/boot";
import { MACHINES, measureBoot, measureOperations, SMALLEST, type BenchMachine, type BootFigures } from "./figures";

interface Row {
  what: string;
  value: number;
  unit: string;
  goal?: number;
  stretch?: number;
}

const FRAME = 4096;
/** What paging may cost: so much at 256 MiB, and so much more per further GiB. */
const PAGING_GOAL = 1_000_000;
const PAGING_GROWTH_GOAL = 300_000;

// --- Boots -----------------------------------------------------------------------------------------------------------

async function bootRows(): Promise<Row[]> {
  const rows: Row[] = [];
  let base = 0;
  for (const machine of MACHINES) {
    const figures = await measureBoot(machine);
    if (machine === SMALLEST) base = figures.paging;
    rows.push(...rowsOfBoot(machine, figures, base));
  }
  return rows;
}

function rowsOfBoot({ mebibytes, cpu }: BenchMachine, { paging, keptFrames }: BootFigures, base: number): Row[] {
  const name = `${mebibytes} MiB, ${cpu}`;
  const furtherGibibytes = (mebibytes - SMALLEST.mebibytes) / 1024;
  const goal = PAGING_GOAL + furtherGibibytes * PAGING_GROWTH_GOAL;
  const kept = (keptFrames * FRAME) / 1024;
  const keptGoal = 2 * 1024 + 0.004 * mebibytes * 1024;
  const rows: Row[] = [
    { what: `entry to paging on: ${name}`, value: paging, unit: "instructions", goal },
    { what: `memory the kernel keeps: ${name}`, value: kept, unit: "KiB", goal: keptGoal },
  ];
  if (furtherGibibytes > 0) {
    const value = (paging - base) / furtherGibibytes;
    rows.push({ what: `  growth per GiB: ${name}`, value, unit: "instructions", goal: PAGING_GROWTH_GOAL });
  }
  return rows;
}

// --- Operations ------------------------------------------------------------------------------------------------------

/** The events of test/metal/memoryBench.ts, in words. */
const OPERATIONS: readonly Omit<Row, "value" | "unit">[] = [
  { what: "frame-pair", goal: 35, stretch: 20 },
  { what: "owned-frame-pair" },
  { what: "heap-pair" },
  { what: "allocate-all" },
  { what: "worst-allocation-upwards" },
  { what: "worst-allocation-downwards" },
  { what: "zeroed-frame-pair" },
  { what: "aligned-2mib-run-pair" },
  { what: "map-page", goal: 80 },
  { what: "map-page-new-table" },
  { what: "unmap-page-flushed" },
  { what: "protect-page-flushed" },
  { what: "translate" },
  { what: "map-range", goal: 7.5, stretch: 6 },
  { what: "map-range-new-tables", goal: 9, stretch: 8 },
  { what: "protect-range", goal: 14, stretch: 10 },
  { what: "protect-range-new-tables", goal: 14, stretch: 10 },
  { what: "unmap-range", goal: 14, stretch: 10 },
  { what: "unmap-range-new-tables", goal: 14, stretch: 10 },
];

const WORDS: Record<string, string> = {
  "frame-pair": "allocate and free a frame, hot",
  "owned-frame-pair": "acquire and release a frame with its owner, hot",
  "heap-pair": "allocate and free an object of 64 bytes, hot",
  "allocate-all": "allocate a frame, all in a row",
  "worst-allocation-upwards": "worst allocation: the only free frame at the top",
  "worst-allocation-downwards": "worst allocation: the only free frame at the bottom",
  "zeroed-frame-pair": "allocate a zeroed frame and free it (512 are the zeroing)",
  "aligned-2mib-run-pair": "allocate and free an aligned run of 512 frames",
  "map-page": "map a page",
  "map-page-new-table": "map a page that needs a new leaf table (512 are its zeroing)",
  "unmap-page-flushed": "unmap a page and flush it",
  "protect-page-flushed": "protect a page and flush it",
  translate: "translate an address",
  "map-range": "map a range of 510 pages, per page",
  "map-range-new-tables": "map a range of 64 MiB with its tables, per page",
  "protect-range": "protect a range of 510 pages and flush, per page",
  "protect-range-new-tables": "protect a range of 64 MiB and flush, per page",
  "unmap-range": "unmap a range of 510 pages and flush, per page",
  "unmap-range-new-tables": "unmap a range of 64 MiB with its tables and flush, per page",
};

async function operationRows(): Promise<Row[]> {
  const measured = await measureOperations();
  return OPERATIONS.map((operation) => {
    const value = measured.get(operation.what);
    if (value === undefined) throw new Error(`the test kernel did not measure ${operation.what}`);
    return { ...operation, what: WORDS[operation.what] ?? operation.what, value, unit: "instructions" };
  });
}

// --- The build -------------------------------------------------------------------------------------------------------

function sizeRows(): Row[] {
  return [
    { what: "size of tessera.elf, with debug information", value: statSync(kernelElf).size / 1024, unit: "KiB" },
    { what: "  loaded of it: text, constants, data", value: loadedBytes() / 1024, unit: "KiB" },
    { what: "kernel TypeScript", value: countLines(["arch", "boot", "kernel"], ".ts"), unit: "lines" },
    { what: "C (compiler/lang/runtime.h)", value: countLines(["compiler/lang"], ".h"), unit: "lines" },
    { what: "assembly", value: countLines(["arch", "boot", "kernel"], ".asm"), unit: "lines" },
  ];
}

interface Time {
  wall: number;
  /** Of all processes together: what depends least on who else uses the machine. */
  cpu: number;
}

const STEPS: readonly (readonly [what: string, targets: readonly string[]])[] = [
  ["  bundle compiler and symbol table script", ["tools/start.cjs", "tools/compiler.cjs", "tools/symbols.cjs"]],
  ["  TypeScript to C", ["tessera.c"]],
  ["  C to object", ["tessera.o"]],
  ["  assembly, symbol table, both links", ["tessera.elf"]],
];

/** A build from nothing, and the one after a change of a line. */
function timeRows(): Row[] {
  const folder = join(buildDirectory, "bench");
  rmSync(folder, { recursive: true, force: true });
  const steps = STEPS.map(([what, targets]) => ({ what, time: makeTime(folder, targets) }));
  const whole = { wall: sum(steps.map(({ time }) => time.wall)), cpu: sum(steps.map(({ time }) => time.cpu)) };
  const changed = makeTime(folder, ["tessera.elf"], "-W", "kernel/mm/frameAllocator.ts");
  return [
    ...steps.map(({ what, time }) => timeRow(what, time)),
    { ...timeRow("a build from nothing", whole), goal: 5 },
    { ...timeRow("a build after a changed line", changed), goal: 3 },
  ];
}

const timeRow = (what: string, { wall, cpu }: Time): Row => ({ what, value: wall, unit: `s, CPU ${cpu.toFixed(1)}` });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The shell's `times` says what its children took: a line of user and system time, as in 0m1.25s 0m0.50s. */
function makeTime(folder: string, targets: readonly string[], ...options: readonly string[]): Time {
  const files = targets.map((target) => join(folder, target));
  const command = ["make", "--no-print-directory", ...options, `BUILD=${folder}`, ...files].join(" ");
  const environment = { ...process.env };
  for (const inherited of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"]) delete environment[inherited];
  const start = performance.now();
  const { status, stdout } = spawnSync("sh", ["-c", `${command} >&2 && times`], {
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (status !== 0) throw new Error(`this fails: ${command}`);
  const wall = (performance.now() - start) / 1000;
  const children = stdout.trim().split("\n")[1] ?? "";
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map((part) => Number(part[1]) * 60 + Number(part[2]));
  return { wall, cpu: sum(parts) };
}

/** Bytes that the ELF's loadable segments bring from the file. ELF-64 program headers: type at 0, file size at 32. */
function loadedBytes(): number {
  const elf = readFileSync(kernelElf);
  const table = Number(elf.readBigUInt64LE(32));
  let bytes = 0;
  for (let index = 0; index < elf.readUInt16LE(56); index += 1) {
    const header = table + index * elf.readUInt16LE(54);
    if (elf.readUInt32LE(header) === 1) bytes += Number(elf.readBigUInt64LE(header + 32));
  }
  return bytes;
}

function countLines(folders: readonly string[], extension: string): number {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  return files
    .filter((file) => file.endsWith(extension))
    .reduce((lines, file) => lines + readFileSync(file, "utf8").split("\n").length - 1, 0);
}

// --- The table -------------------------------------------------------------------------------------------------------

function number(value: number): string {
  const digits = value < 100 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function verdict({ value, goal, stretch }: Row): string {
  if (goal === undefined) return "";
  if (value > goal) return "MISSED";
  return stretch !== undefined && value <= stretch ? "better than hoped" : "met";
}

function print(title: string, rows: readonly Row[]): void {
  console.log(
    `\n${title.padEnd(62)}${"measured".padStart(12)}  ${"".padEnd(12)}${"goal".padStart(12)}${"hoped".padStart(8)}`,
  );
  for (const row of rows) {
    const goal = row.goal === undefined ? "" : number(row.goal);
    const stretch = row.stretch === undefined ? "" : number(row.stretch);
    const figures = `${number(row.value).padStart(12)}  ${row.unit.padEnd(12)}${goal.padStart(12)}${stretch.padStart(8)}`;
    console.log(`${row.what.padEnd(62)}${figures}  ${verdict(row)}`.trimEnd());
  }
}

const operations = await operationRows();
const boots = await bootRows();
print("Operations (256 MiB, max; loop included)", operations);
print("Boot (PVH, q35)", boots);
print("Times of a build (of this machine as it is now; they decide nothing)", timeRows());
print("Sizes", sizeRows());
const missed = [...operations, ...boots].filter((row) => verdict(row) === "MISSED");
console.log(missed.length === 0 ? `\nAll goals are met.\n` : `\n${missed.length} goals are missed.\n`);
process.exitCode = missed.length === 0 ? 0 : 1;
