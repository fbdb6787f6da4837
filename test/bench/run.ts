/**
 * `make bench`: what Tessera costs, beside its goals. Expects the kernels to be built, `make bounds-kernel` among them.
 *
 * Instructions come from QEMU with `-icount shift=0,sleep=off`, where one tick of the time-stamp counter is one
 * instruction and every run gives the same figures. Exit code 1 when a goal is missed.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { kernelElf, testKernelElf } from "../harness/boot";
import { measureBuildTimes } from "./buildTimes";
import { boundsElf, boundsKernelElf, MACHINES, measureBoot, measureBuild, SMALLEST } from "./figures";
import type { BenchMachine, BootFigures } from "./figures";

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

/** An operation that test kernels measure, in words; `linux` and `floor` are what is known of others. */
interface Operation {
  name: string;
  what: string;
  linux?: string;
  floor?: number;
  goal?: number;
  stretch?: number;
}

/** The same in both builds. The goals are for the one with checks of bounds alone. */
interface MeasuredOperation extends Operation {
  checked: number;
  bounds: number;
}

const OPERATIONS: readonly Operation[] = [
  { name: "map-range", what: "map a range of 510 pages, per page", floor: 5.1, goal: 7.5, stretch: 6 },
  { name: "map-range-new-tables", what: "  of 64 MiB, with its tables", goal: 7.5, stretch: 6 },
  {
    name: "protect-range",
    what: "protect a range of 510 pages and flush, per page",
    floor: 9.1,
    goal: 14,
    stretch: 10,
  },
  { name: "protect-range-new-tables", what: "  of 64 MiB", floor: 9.1, goal: 14, stretch: 10 },
  { name: "unmap-range", what: "unmap a range of 510 pages and flush, per page", floor: 9.1, goal: 14, stretch: 10 },
  { name: "unmap-range-new-tables", what: "  of 64 MiB, with its tables", floor: 9.1, goal: 14, stretch: 10 },
  { name: "map-page", what: "map a page", goal: 80 },
  { name: "map-page-new-table", what: "  that needs a new leaf table (512 are its zeroing)" },
  { name: "unmap-page-flushed", what: "unmap a page and flush it" },
  { name: "protect-page-flushed", what: "protect a page and flush it" },
  { name: "translate", what: "translate an address" },
  { name: "frame-pair", what: "allocate and free a frame, hot", floor: 17, goal: 35, stretch: 20 },
  { name: "frame-pair-128M", what: "  128 MiB of frames" },
  { name: "frame-pair-1G", what: "  1 GiB" },
  { name: "frame-pair-16G", what: "  16 GiB" },
  { name: "frame-pair-128G", what: "  128 GiB" },
  { name: "frame-pair-1T", what: "  1 TiB" },
  { name: "frame-worst-128M", what: "worst allocation, 128 MiB of frames" },
  { name: "frame-worst-1G", what: "  1 GiB" },
  { name: "frame-worst-16G", what: "  16 GiB" },
  { name: "frame-worst-128G", what: "  128 GiB" },
  { name: "frame-worst-1T", what: "  1 TiB" },
  { name: "worst-allocation-upwards", what: "worst allocation: the only free frame at the top" },
  { name: "worst-allocation-downwards", what: "worst allocation: the only free frame at the bottom" },
  { name: "allocate-all", what: "allocate a frame, all in a row" },
  { name: "owned-frame-pair", what: "acquire and release a frame with its owner, hot" },
  { name: "zeroed-frame-pair", what: "allocate a zeroed frame and free it" },
  { name: "zero-frame", what: "zero a frame" },
  { name: "aligned-2mib-run-pair", what: "allocate and free an aligned run of 512 frames" },
  { name: "heap-pair", what: "allocate and free an object of 64 bytes, hot" },
  {
    name: "fault-write-unzeroed",
    what: "write fault, without the zeroing",
    linux: "2156",
    floor: 129,
    goal: 430,
    stretch: 260,
  },
  { name: "fault-write", what: "write fault, a zeroed frame", linux: "2672", floor: 642, goal: 950, stretch: 780 },
  {
    name: "fault-new-table",
    what: "  that needs a new leaf table",
    linux: "3776",
    floor: 1116,
    goal: 1500,
    stretch: 1350,
  },
  { name: "fault-read", what: "read fault, the zero frame" },
  { name: "fault-write-after-read", what: "  and then a write" },
  { name: "fault-copy", what: "copy-on-write: copy", linux: "3279", goal: 1100, stretch: 900 },
  { name: "fault-last-owner", what: "copy-on-write: last owner", linux: "1257", goal: 350, stretch: 220 },
  { name: "clone-page", what: "clone an address space, per page", linux: "392", goal: 100, stretch: 60 },
  { name: "destroy-page", what: "destroy a clone, per page" },
  { name: "create-destroy-space", what: "create and destroy an address space" },
  { name: "unmap-page-touched", what: "munmap, per touched page", linux: "808", floor: 35, goal: 120, stretch: 70 },
  { name: "discard-page", what: "madvise dont-need, per touched page" },
  {
    name: "protect-read-page",
    what: "mprotect, per page, to read",
    linux: "133-194",
    floor: 12,
    goal: 40,
    stretch: 24,
  },
  {
    name: "protect-write-page",
    what: "mprotect, per page, to write",
    linux: "133-194",
    floor: 12,
    goal: 40,
    stretch: 24,
  },
  {
    name: "protect-one-split",
    what: "mprotect one page with split",
    linux: "7947",
    floor: 216,
    goal: 1600,
    stretch: 700,
  },
  { name: "map-unmap-one", what: "mmap and munmap one page", linux: "10480", floor: 248, goal: 2000, stretch: 700 },
  { name: "map-unmap-4gib", what: "mmap and munmap 4 GiB, untouched" },
  ...[1, 2, 4, 8, 16].flatMap((pages) => aroundRows(pages)),
  { name: "call-null", what: "from ring 3: null system call", linux: "295", floor: 37, goal: 110, stretch: 60 },
  { name: "call-unknown", what: "  a call that there is not" },
  {
    name: "call-fault-write",
    what: "  write fault, a zeroed frame",
    linux: "2672",
    floor: 642,
    goal: 950,
    stretch: 780,
  },
  {
    name: "call-fault-new-table",
    what: "    that needs a new leaf table",
    linux: "3776",
    floor: 1116,
    goal: 1500,
    stretch: 1350,
  },
  { name: "call-fault-read", what: "  read fault, the zero frame" },
  { name: "call-fault-write-after-read", what: "  write fault after that" },
  { name: "call-fault-copy", what: "  copy-on-write: copy", linux: "3279", goal: 1100, stretch: 900 },
  { name: "call-fault-last-owner", what: "  copy-on-write: last owner", linux: "1257", goal: 350, stretch: 220 },
  { name: "call-mmap-16mib", what: "  mmap of 16 MiB" },
  { name: "call-populate-page", what: "  mmap with populate, per page" },
  { name: "call-munmap-page", what: "  munmap, per touched page", linux: "808", floor: 35, goal: 120, stretch: 70 },
  {
    name: "call-protect-read-page",
    what: "  mprotect, per page, to read",
    linux: "133-194",
    floor: 12,
    goal: 40,
    stretch: 24,
  },
  {
    name: "call-protect-write-page",
    what: "  mprotect, per page, to write",
    linux: "133-194",
    floor: 12,
    goal: 40,
    stretch: 24,
  },
  {
    name: "call-protect-split",
    what: "  mprotect of one page with split",
    linux: "7947",
    floor: 216,
    goal: 1600,
    stretch: 700,
  },
  {
    name: "call-mmap-munmap",
    what: "  mmap and munmap one page",
    linux: "10480",
    floor: 248,
    goal: 2000,
    stretch: 700,
  },
  { name: "call-brk", what: "  brk, a page more", linux: "2489", goal: 300, stretch: 120 },
  { name: "call-fork-exit-wait", what: "  fork, exit and wait", linux: "76100", goal: 25000, stretch: 15000 },
  { name: "call-fork-dirty-page", what: "    of 16 MiB dirty, per page", linux: "392", goal: 100, stretch: 60 },
  { name: "call-fork-exec-exit-wait", what: "  fork, execve, exit and wait" },
  { name: "call-yield-pair", what: "  yield there and back", linux: "3897", floor: 140, goal: 600, stretch: 300 },
  { name: "call-pipe-alone", what: "  write a byte to a pipe, and read it" },
  { name: "call-pipe-round-trip", what: "  pipe, there and back", linux: "12266", goal: 2500, stretch: 1500 },
];

/** What a page costs that a program touches, if each fault brought so many pages. */
function aroundRows(pages: number): Operation[] {
  const words = pages === 1 ? "touch a page, one a fault" : `  ${pages} a fault`;
  return [
    { name: `touch-sequential-around-${pages}`, what: `${words}, all in a row` },
    { name: `touch-sparse-around-${pages}`, what: `${words}, one in sixteen` },
  ];
}

async function measuredOperations(): Promise<MeasuredOperation[]> {
  const checked = withoutZeroing(await measureBuild(testKernelElf, kernelElf));
  const bounds = withoutZeroing(await measureBuild(boundsElf, boundsKernelElf));
  const missing = [...checked.keys()].filter((name) => !OPERATIONS.some((operation) => operation.name === name));
  if (missing.length > 0) throw new Error(`measured, but not in the table: ${missing.join(", ")}`);
  return OPERATIONS.map((operation) => ({
    ...operation,
    checked: figureOf(checked, operation.name),
    bounds: figureOf(bounds, operation.name),
  }));
}

function figureOf(measured: ReadonlyMap<string, number>, name: string): number {
  const value = measured.get(name);
  if (value === undefined) throw new Error(`the test kernel did not measure ${name}`);
  return value;
}

/** The write fault again, without what its zeroing alone costs; a loop around nothing is left out. */
function withoutZeroing(measured: Map<string, number>): Map<string, number> {
  const unzeroed = figureOf(measured, "fault-write") - figureOf(measured, "zero-frame");
  measured.delete("no-fault");
  return measured.set("fault-write-unzeroed", unzeroed);
}

function printOperations(operations: readonly MeasuredOperation[]): void {
  const column = (text: string, width = 11): string => text.padStart(width);
  const titles = ["checked", "bounds", "Linux", "floor", "goal", "hoped"].map((title) => column(title)).join("");
  console.log(`\n${"Operations (256 MiB, max; instructions, loop included)".padEnd(56)}${titles}`);
  for (const operation of operations) {
    const { what, checked, bounds, linux, floor, goal, stretch } = operation;
    const known = [floor, goal, stretch].map((value) => column(value === undefined ? "" : number(value))).join("");
    const figures = `${column(number(checked))}${column(number(bounds))}${column(linux ?? "")}${known}`;
    console.log(`${what.padEnd(56)}${figures}  ${verdictOf(operation)}`.trimEnd());
  }
}

/** Goals are for the build with checks of bounds alone. */
const verdictOf = ({ bounds, ...operation }: MeasuredOperation): string =>
  verdict({ ...operation, value: bounds, unit: "instructions" });

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

async function timeRows(): Promise<Row[]> {
  const times = await measureBuildTimes();
  return times.map(({ what, seconds, cpuSeconds, goal }) => ({
    what,
    value: seconds,
    unit: cpuSeconds === undefined ? "s" : `s, CPU ${cpuSeconds.toFixed(1)}`,
    ...(goal === undefined ? {} : { goal }),
  }));
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

const operations = await measuredOperations();
const boots = await bootRows();
printOperations(operations);
print("Boot (PVH, q35)", boots);
print("Times of a build (of this machine as it is now; they decide nothing)", await timeRows());
print("Sizes", sizeRows());
const verdicts = [...operations.map((operation) => verdictOf(operation)), ...boots.map((row) => verdict(row))];
const missed = verdicts.filter((each) => each === "MISSED").length;
console.log(missed === 0 ? `\nAll goals are met.\n` : `\n${missed} goals are missed.\n`);
process.exitCode = missed === 0 ? 0 : 1;
