/**
 * Puts the report together: from the call graphs of the machine code and of the source to figures and broken rules.
 */
import { functionsAround } from "./places";
import { cycleThrough, stackDepth, type Bound, type Depth, type Resolve, type Step } from "./stackDepth";
import { sourceSymbol, type CallGraph } from "./callGraph";
import { moduleSizes, type FunctionSize, type ModuleSize } from "./codeSize";
import {
  BOUNDS,
  INLINE_ASSEMBLY_BYTES,
  isFaultPath,
  isFrameAllocation,
  isHeapAllocation,
  NESTED_TRAPS,
  stacksOf,
  type Stack,
  TRAP_ENTRIES,
  TRAP_ENTRY_BYTES,
} from "./rules";
import type { SourceGraph } from "./sourceGraph";

const MOST_TIMES = Math.max(...BOUNDS.map(({ times }) => times));

/** One step of a chain, in the words of the source. */
export interface ChainStep {
  readonly name: string;
  readonly frameBytes: number;
  readonly calledAt: string;
}

export interface EntryReport {
  readonly entry: string;
  readonly isTrap: boolean;
  /** With what the CPU and the entry code push. */
  readonly bytes: number;
  readonly chain: readonly ChainStep[];
  readonly cycles: readonly (readonly string[])[];
}

export interface BoundReport {
  readonly name: string;
  readonly times: number;
  readonly reason: string;
  readonly cycle: readonly string[];
}

export interface AllocationReport {
  readonly entry: string;
  readonly lookedFor: readonly string[];
  readonly reachableFunctions: number;
  /** How the entry reaches one of them. */
  readonly chain: readonly string[] | undefined;
}

export interface WordUse {
  readonly file: string;
  readonly words: Readonly<Record<string, number>>;
}

export interface Report {
  readonly entries: readonly EntryReport[];
  readonly stacks: readonly { readonly name: string; readonly bytes: number; readonly neededBytes: number }[];
  readonly bounds: readonly BoundReport[];
  readonly allocation: readonly AllocationReport[];
  readonly functions: readonly FunctionSize[];
  readonly modules: readonly ModuleSize[];
  readonly words: readonly WordUse[];
  readonly broken: readonly string[];
}

/** The possible targets of a call through a pointer. In assembly no type is known: every routine of assembly. */
export function resolver(graph: CallGraph, source: SourceGraph): Resolve {
  return (caller, { place }) => {
    const types = source.calledTypesAround(place);
    const taken = types.length > 0 ? types.flatMap((type) => source.addressTaken(type)) : source.addressTaken();
    const isAssembly = graph.get(caller)?.isAssembly === true;
    return taken
      .filter((info) => !isAssembly || info.external)
      .map(({ symbol }) => symbol)
      .filter((symbol) => graph.has(symbol));
  };
}

/** An entry with what the report does not show. */
interface Measured {
  readonly report: EntryReport;
  readonly depth: Depth;
  /** Bytes by how often each bounded function may be active: 0, 1, ... times. */
  readonly bytesByTimes: readonly number[];
}

export function measureEntry(graph: CallGraph, source: SourceGraph, entry: string): Measured {
  const resolve = resolver(graph, source);
  const isTrap = TRAP_ENTRIES.includes(entry);
  const added = INLINE_ASSEMBLY_BYTES + (isTrap ? TRAP_ENTRY_BYTES : 0);
  const depths = Array.from({ length: MOST_TIMES + 1 }, (_, most) =>
    stackDepth(
      graph,
      entry,
      resolve,
      BOUNDS.map((bound) => ({ ...bound, times: Math.min(bound.times, most) })),
    ),
  );
  const depth = stackDepth(graph, entry, resolve, BOUNDS);
  const names = new Namer(source);
  return {
    depth,
    bytesByTimes: depths.map(({ bytes }) => bytes + added),
    report: {
      entry,
      isTrap,
      bytes: depth.bytes + added,
      chain: depth.chain.map((step) => names.step(step)),
      cycles: depth.cycles.map((cycle) => cycle.map((symbol) => names.of(symbol))),
    },
  };
}

/**
 * The most bytes of several entries on one stack. The bounded functions count for all of them together: who is active
 * three times at most cannot be so once more above another entry.
 */
export function bytesTogether(entries: readonly (readonly number[])[], times = MOST_TIMES): number {
  const [first, ...others] = entries;
  if (first === undefined) return 0;
  const splits = first.slice(0, times + 1).map((bytes, used) => bytes + bytesTogether(others, times - used));
  return Math.max(...splits);
}

/** C symbols in the words of the source. */
class Namer {
  private readonly names: ReadonlyMap<string, string>;

  constructor(private readonly source: SourceGraph) {
    this.names = new Map(source.program.functions.map((info) => [info.symbol, info.name]));
  }

  of(symbol: string): string {
    return this.names.get(sourceSymbol(symbol)) ?? symbol;
  }

  /** A call that stands in an inlined function names that function. */
  step({ symbol, frameBytes, calledAt }: Step): ChainStep {
    const inside = functionsAround(this.source.program.functions, calledAt)[0]?.name;
    return { name: this.of(symbol), frameBytes, calledAt: inside === undefined ? calledAt : `${calledAt}, ${inside}` };
  }
}

function boundReport(graph: CallGraph, source: SourceGraph, bound: Bound): BoundReport[] {
  const cycle = cycleThrough(graph, bound.symbol, resolver(graph, source));
  const names = new Namer(source);
  return cycle === undefined
    ? []
    : [{ ...bound, name: names.of(bound.symbol), cycle: cycle.map((at) => names.of(at)) }];
}

/** `all`: also what the program does not use, so that a name that is looked for is known to exist. */
export function allocationReport(source: SourceGraph, all: SourceGraph["program"], entry: string): AllocationReport {
  const lookedFor = all.functions
    .filter((info) => isHeapAllocation(info) || isFrameAllocation(info))
    .map(({ name, place }) => `${name} (${place.file}:${place.line})`);
  const root = source.program.functions.find(({ symbol }) => symbol === entry);
  if (root === undefined) throw new Error(`the program has no ${entry}`);
  const chain = source.chainTo(root, isHeapAllocation) ?? source.chainTo(root, isFrameAllocation, isFaultPath);
  return {
    entry,
    lookedFor,
    reachableFunctions: source.reachable(root).length,
    chain: chain?.map(({ name, place }) => `${name} (${place.file}:${place.line})`),
  };
}

/** Words that reach past the language, outside of arch/, by file. */
export function wordsOutsideArch(source: SourceGraph): WordUse[] {
  const files = new Map<string, Record<string, number>>();
  for (const info of source.program.functions) {
    if (info.place.file.startsWith("arch/")) continue;
    for (const [word, times] of source.words(info)) {
      const words = files.get(info.place.file) ?? {};
      files.set(info.place.file, { ...words, [word]: (words[word] ?? 0) + times });
    }
  }
  return [...files].map(([file, words]) => ({ file, words })).sort((left, right) => (left.file < right.file ? -1 : 1));
}

/** What the report is made from. */
export interface Evidence {
  readonly graph: CallGraph;
  readonly source: SourceGraph;
  readonly all: SourceGraph["program"];
  readonly sizes: readonly FunctionSize[];
  /** Calls of the image that the graph does not know. */
  readonly unknownCalls: readonly string[];
  /** Stacks that are no storage of the program, for entries and traps like the kernel stack. */
  readonly mappedStacks?: readonly Stack[];
}

export function makeReport({ graph, source, all, sizes, unknownCalls, mappedStacks = [] }: Evidence): Report {
  const exported = source.program.functions.filter((info) => info.exported && !info.external);
  const measured = exported.map(({ symbol }) => measureEntry(graph, source, symbol));
  const entries = measured.map(({ report }) => report);
  const traps = entries.filter(({ isTrap }) => isTrap);
  const stacks = stackNeeds(all, mappedStacks, measured);
  const allocation = traps.map(({ entry }) => allocationReport(source, all, entry));
  const unknown = measured.flatMap(({ depth, report }) =>
    depth.unknown.map((symbol) => `${symbol} below ${report.entry}`),
  );
  return {
    entries,
    stacks,
    bounds: BOUNDS.flatMap((bound) => boundReport(graph, source, bound)),
    allocation,
    functions: sizes,
    modules: moduleSizes(sizes),
    words: wordsOutsideArch(source),
    broken: [
      ...missingTraps(traps),
      ...brokenEntries(entries),
      ...brokenStacks(stacks),
      ...allocation.flatMap(brokenAllocation),
      ...unknown.map((what) => `the frame of ${what} has no known size`),
      ...unknownCalls.map((call) => `the image has a call that gcc's graph lacks: ${call}`),
    ],
  };
}

/** What lies on each stack at most: all but the stacks of traps have the deepest other entry below their traps. */
function stackNeeds(
  all: SourceGraph["program"],
  mapped: readonly Stack[],
  measured: readonly Measured[],
): Report["stacks"] {
  const most = (entries: readonly Measured[]): number[] =>
    Array.from({ length: MOST_TIMES + 1 }, (_, at) =>
      Math.max(0, ...entries.map((entry) => entry.bytesByTimes[at] ?? 0)),
    );
  const trap = most(measured.filter(({ report }) => report.isTrap));
  const nested = Array.from({ length: NESTED_TRAPS }, () => trap);
  const { kernel, traps } = stacksOf(all);
  const below = most(measured.filter(({ report }) => !report.isTrap));
  return [
    ...[kernel, ...mapped].map((stack) => ({ ...stack, neededBytes: bytesTogether([below, ...nested]) })),
    ...traps.map((stack) => ({ ...stack, neededBytes: bytesTogether(nested) })),
  ];
}

const missingTraps = (traps: readonly EntryReport[]): string[] =>
  TRAP_ENTRIES.filter((name) => !traps.some(({ entry }) => entry === name)).map(
    (name) => `there is no trap entry ${name}`,
  );

export const brokenEntries = (entries: readonly EntryReport[]): string[] =>
  entries
    .filter(({ isTrap }) => isTrap)
    .flatMap(({ entry, cycles }) => cycles.map((cycle) => `recursion below ${entry}: ${cycle.join(" -> ")}`));

const brokenStacks = (stacks: Report["stacks"]): string[] =>
  stacks
    .filter(({ bytes, neededBytes }) => neededBytes > bytes)
    .map(({ name, bytes, neededBytes }) => `${name} has ${bytes} bytes, ${neededBytes} are needed`);

export function brokenAllocation({ entry, lookedFor, chain }: AllocationReport): string[] {
  if (lookedFor.length === 0) return ["no allocation function found to look for: see scripts/report/rules.ts"];
  return chain === undefined ? [] : [`${entry} leads to an allocation: ${chain.join(" -> ")}`];
}
