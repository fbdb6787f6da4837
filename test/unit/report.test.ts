/**
 * `make report` on small programs whose answers are known: stack depths, recursion, allocation below an entry.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyse, compile } from "../../compiler/src/compile";
import { reachableProgram } from "../../compiler/src/reach";
import { readCallGraph, unknownCalls, withAssembly, type CallGraph } from "../../scripts/report/callGraph";
import { moduleSizes, readSizes } from "../../scripts/report/codeSize";
import {
  allocationReport,
  brokenAllocation,
  brokenEntries,
  bytesTogether,
  makeReport,
  measureEntry,
  resolver,
  wordsOutsideArch,
} from "../../scripts/report/report";
import { processStack } from "../../scripts/report/rules";
import { SourceGraph } from "../../scripts/report/sourceGraph";
import { cycleThrough, stackDepth } from "../../scripts/report/stackDepth";
import { reportText } from "../../scripts/report/text";

/** Not optimised: each function keeps its own frame. */
const GCC = "-std=gnu11 -O0 -mno-red-zone -ffreestanding -fno-omit-frame-pointer -mgeneral-regs-only -w".split(" ");

const MAIN = `
import { trapStackAddress } from "./arch/x86_64/stacks";
import { allocateFrame } from "./kernel/mm/frames";

class Buffer {
  bytes: FixedArray<u8, 1000>;
}

class Hooks {
  onTrap: (value: u32) => u32;
}
const hooks = new Hooks();

exportC("trap_dispatch", handle);
exportC("kernel_main", start);
exportC("clean_entry", clean);

function handle(value: u32): u32 {
  return hooks.onTrap(value);
}

function start(): void {
  hooks.onTrap = dangerous;
  hooks.onTrap = large;
  void trapStackAddress();
  void climb(3);
}

function clean(value: u32): u32 {
  pause();
  return large(value);
}

function dangerous(value: u32): u32 {
  return u32(allocateFrame() & 0xffn) + value;
}

function large(value: u32): u32 {
  const buffer = new Buffer();
  buffer.bytes[5] = u8.wrap(value);
  return u32(buffer.bytes[5]);
}

function climb(steps: u32): u32 {
  return steps === 0 ? 0 : wrappingAdd(descend(steps), 1);
}

function descend(steps: u32): u32 {
  return wrappingAdd(climb(wrappingSub(steps, 1)), 1);
}

import { givePage, giveRecord } from "./kernel/mm/faults";
exportC("fault_entry", faultPage);
exportC("heap_entry", faultRecord);

function faultPage(): u64 {
  return givePage();
}

function faultRecord(): u64 {
  return giveRecord();
}
`;

const FRAMES = `
class Pool {
  next: u64;
}
const pool = new Pool();

export function allocateFrame(): u64 {
  pool.next = pool.next + 1n;
  cli();
  return pool.next;
}
`;

const HEAP = `
import { allocateFrame } from "./frames";

export function allocateBytes(): u64 {
  return allocateFrame() + 8n;
}
`;

const FAULTS = `
import { allocateFrame } from "./frames";
import { allocateBytes } from "./heap";

export function givePage(): u64 {
  return allocateFrame();
}

export function giveRecord(): u64 {
  return allocateBytes();
}
`;

const STACKS = `
class Stack {
  guard: FixedArray<u8, 16>;
  stack: FixedArray<u8, 2000>;
}
const kernelStack = new Stack();
const trapStack = new Stack();
exportC("kernel_stack", kernelStack);

export function trapStackAddress(): u64 {
  return addressOf(trapStack);
}
`;

const ENTRIES = ["clean_entry", "fault_entry", "heap_entry", "kernel_main", "trap_dispatch"];

let folder: string;
let graph: CallGraph;
let source: SourceGraph;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tessera-report-"));
  write("main.ts", MAIN);
  write("kernel/mm/frames.ts", FRAMES);
  write("kernel/mm/heap.ts", HEAP);
  write("kernel/mm/faults.ts", FAULTS);
  write("arch/x86_64/stacks.ts", STACKS);
  const options = { root: folder, entry: "main.ts", target: "metal" } as const;
  const { c, diagnostics } = compile(options);
  expect(diagnostics).toEqual([]);
  write("main.c", c);
  const object = join(folder, "main.o");
  const input = ["-I", "compiler/lang", "-fcallgraph-info=su", "-c", "-o", object, join(folder, "main.c")];
  execFileSync("gcc", [...GCC, ...input]);
  graph = readCallGraph(readFileSync(join(folder, "main.ci"), "utf8"));
  const analysis = analyse(options);
  if (analysis.unit === undefined) throw new Error("the program does not compile");
  source = new SourceGraph(reachableProgram(analysis.program));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("stack depth", () => {
  test("is the sum of the frames on the deepest path, through a function reference too", () => {
    const frame = (symbol: string): number => graph.get(symbol)?.frameBytes ?? NaN;
    const { bytes, chain, cycles, unknown } = stackDepth(graph, "trap_dispatch", resolver(graph, source));
    expect(chain.map(({ symbol }) => symbol)).toEqual(["trap_dispatch", "main__large"]);
    expect(bytes).toBe(frame("trap_dispatch") + frame("main__large"));
    expect(frame("main__large")).toBeGreaterThan(1000);
    expect(frame("main__large")).toBeLessThan(1100);
    expect({ cycles, unknown }).toEqual({ cycles: [], unknown: [] });
  });

  test("names the callers in the words of the source", () => {
    const { report } = measureEntry(graph, source, "clean_entry");
    expect(report.chain.map(({ name }) => name)).toEqual(["clean", "large"]);
    expect(report.chain[1]?.calledAt).toMatch(/^main\.ts:31, clean$/);
  });

  test("finds recursion over two functions, which is no fault below an entry that is no trap", () => {
    const { cycles } = stackDepth(graph, "kernel_main", resolver(graph, source));
    expect(cycles).toHaveLength(1);
    expect(new Set(cycles[0])).toEqual(new Set(["main__climb", "main__descend"]));
    expect(brokenEntries([measureEntry(graph, source, "kernel_main").report])).toEqual([]);
  });

  test("refuses recursion below a trap entry", () => {
    const { report } = measureEntry(graph, source, "kernel_main");
    const [rule] = brokenEntries([{ ...report, isTrap: true }]);
    expect(rule).toMatch(/^recursion below kernel_main: (climb -> descend -> climb|descend -> climb -> descend)$/);
  });

  test("counts a bounded function as often as it may be active", () => {
    const resolve = resolver(graph, source);
    const bound = { symbol: "main__climb", times: 3, reason: "" };
    const { bytes, cycles } = stackDepth(graph, "main__climb", resolve, [bound]);
    const [climb, descend] = ["main__climb", "main__descend"].map((symbol) => graph.get(symbol)?.frameBytes ?? NaN);
    expect(cycles).toEqual([]);
    expect(bytes).toBe(3 * (climb ?? NaN) + 3 * (descend ?? NaN));
    expect(cycleThrough(graph, "main__climb", resolve)).toEqual(["main__climb", "main__descend", "main__climb"]);
  });

  test("reports functions without code, and frames of no known size", () => {
    const call = { target: "nowhere", place: "" };
    const node = { symbol: "start", frameBytes: 8, isOpenEnded: true, isAssembly: false, calls: [call] };
    expect(stackDepth(new Map([["start", node]]), "start", () => []).unknown).toEqual(["start", "nowhere"]);
  });

  test("shares what is bounded among the entries on one stack", () => {
    expect(bytesTogether([[10, 20, 35, 40]], 3)).toBe(40);
    expect(bytesTogether([[10, 20, 35, 40], [100, 101, 102, 103]], 3)).toBe(140); // prettier-ignore
  });
});

describe("allocation", () => {
  test("is found behind a function reference, with the chain that leads there", () => {
    const report = allocationReport(source, source.program, "trap_dispatch");
    expect([...report.lookedFor].sort()).toEqual([
      "allocateBytes (kernel/mm/heap.ts:4)",
      "allocateFrame (kernel/mm/frames.ts:7)",
    ]);
    const [rule] = brokenAllocation(report);
    expect(rule).toContain(
      "trap_dispatch leads to an allocation: handle (main.ts:18) -> dangerous (main.ts:34) -> alloc",
    );
  });

  test("is absent where nothing leads to it", () => {
    const report = allocationReport(source, source.program, "clean_entry");
    expect(report.chain).toBeUndefined();
    expect(brokenAllocation(report)).toEqual([]);
  });

  test("of frames is the business of page faults", () => {
    expect(allocationReport(source, source.program, "fault_entry").chain).toBeUndefined();
  });

  test("from the heap is not even theirs", () => {
    const [rule] = brokenAllocation(allocationReport(source, source.program, "heap_entry"));
    expect(rule).toContain(
      "heap_entry leads to an allocation: faultRecord (main.ts:60) -> giveRecord (kernel/mm/faults.ts:9) -> allocate",
    );
  });

  test("must have something to look for", () => {
    const report = { entry: "trap_dispatch", lookedFor: [], reachableFunctions: 1, chain: undefined };
    expect(brokenAllocation(report)).toHaveLength(1);
  });
});

describe("rules", () => {
  test("are broken by a stack that is too small and by an allocation, and by nothing else here", () => {
    const report = makeReport({ graph, source, all: source.program, sizes: [], unknownCalls: [] });
    expect(report.entries.map(({ entry }) => entry).sort()).toEqual(ENTRIES);
    const needed = (name: string): number => report.stacks.find((stack) => stack.name === name)?.neededBytes ?? NaN;
    const trap = report.entries.find(({ isTrap }) => isTrap)?.bytes ?? NaN;
    expect(needed("trapStack")).toBe(2 * trap);
    expect(report.broken).toEqual([
      `kernel_stack has 2000 bytes, ${needed("kernel_stack")} are needed`,
      `trapStack has 2000 bytes, ${2 * trap} are needed`,
      expect.stringMatching(/^trap_dispatch leads to an allocation: /),
    ]);
    expect(reportText(report)).toContain(`BROKEN: trapStack has 2000 bytes, ${2 * trap} are needed`);
  });

  test("hold for the stack of a process as for the kernel's", () => {
    const stack = processStack("\nconst STACK_PAGES: u64 = 1n;\n");
    expect(stack.bytes).toBe(4096);
    const mappedStacks = [{ ...stack, bytes: 100 }];
    const report = makeReport({ graph, source, all: source.program, sizes: [], unknownCalls: [], mappedStacks });
    const needed = report.stacks.find(({ name }) => name === "kernel_stack")?.neededBytes ?? NaN;
    expect(report.broken).toContain(`stack of a process has 100 bytes, ${needed} are needed`);
    expect(() => processStack("const STACK_PAGES = many;")).toThrow(/no longer says/);
  });

  test("are broken by a call that only the image has", () => {
    const report = makeReport({ graph, source, all: source.program, sizes: [], unknownCalls: ["a -> b"] });
    expect(report.broken).toContain("the image has a call that gcc's graph lacks: a -> b");
  });
});

describe("the rest", () => {
  test("lists words that reach past the language", () => {
    expect(wordsOutsideArch(source)).toEqual([{ file: "kernel/mm/frames.ts", words: { cli: 1 } }]);
  });

  test("adds up code by function and module", () => {
    const sizes = readSizes(
      "ffffffff80200000    90 walk  kernel/a.ts:3\nffffffff80200090   110 stub  arch/b.asm\nffffffff802001a0     8 memset\n",
    );
    expect(sizes[0]).toEqual({ name: "stub", file: "arch/b.asm", bytes: 0x110 });
    expect(moduleSizes([...sizes, { name: "map", file: "kernel/a.ts", bytes: 0x200 }])).toEqual([
      { file: "kernel/a.ts", functions: 2, bytes: 0x290 },
      { file: "arch/b.asm", functions: 1, bytes: 0x110 },
      { file: "compiler/lang/runtime.h", functions: 1, bytes: 8 },
    ]);
  });

  test("reads frames and jumps of assembly, and notices calls that gcc did not tell of", () => {
    const code = [
      "ffffffff80200000 <routine>:",
      "ffffffff80200000:\tpush   %rbp",
      "ffffffff80200001:\tsub    $0x20,%rsp",
      "ffffffff80200005:\tcall   ffffffff80200010 <main__climb>",
      "",
      "ffffffff80200010 <main__climb>:",
      "ffffffff80200010:\tcall   ffffffff80200000 <routine>",
      "ffffffff80200015:\tret",
    ].join("\n");
    const all = withAssembly(graph, code);
    expect(all.get("routine")).toMatchObject({ frameBytes: 8 + 8 + 32, isAssembly: true });
    expect(all.get("routine")?.calls.map(({ target }) => target)).toEqual(["main__climb", "main__climb"]);
    expect(unknownCalls(all, code)).toEqual(["main__climb -> routine"]);
  });
});
