/**
 * Who may notice a mutant: programs on this machine, boots of the test kernel in QEMU, files of tests on Node. Each is
 * asked by itself, and passes when nothing is broken.
 */
import { spawnSync } from "node:child_process";
import { boot } from "../harness/boot";
import { type Kind, NONE } from "./sites";
import { Program, type Tree } from "./tree";

export interface Detector {
  readonly name: string;
  /** Roughly what it costs, as long as nobody has measured it. */
  readonly usualSeconds: number;
  /** What kind of mutants it is made for. */
  readonly about?: Kind | undefined;
  /** Makes what is needed to ask it. */
  readonly build: () => void;
  /** Whether it passes while this mutant is active. */
  readonly passes: (mutant: number) => Promise<boolean> | boolean;
}

/** A mutant may make anything go on forever. */
const MOST_SECONDS = 90;
const EXIT_PANIC = 35;

/** Programs of test/unit/programs, and how much those do that can do less. */
const PROGRAMS: readonly (readonly [string, number?])[] = [
  ...([["framesCases"], ["mapperCases"], ["accessWalkCases"], ["spaceCases"], ["shortage"], ["swapCases"]] as const),
  ...([["ledgerCases"], ["heapCases"], ["allocatorCases"], ["regionTreeModel"], ["heapModel"], ["walkCases"]] as const),
  ...([
    ["swapSpaces", 10_000],
    ["spaceModel", 60_000],
    ["mapperModel", 30_000],
  ] as const),
];

const SPACES = ["faults-zero", "faults-copy", "faults-stack", "faults-refused", "faults-spurious", "faults-shared"];
const MAPPER = ["map-unmap", "stale-translations", "stale-tables", "protect", "huge-leaves", "other-roots"];
const RINGS = ["protections-on", "user-pages", "write-xor-execute", "reserved-bit"];

/** Boots of the test kernel: a test, words of the command line, and whether a panic is how it passes. */
type Boot = readonly [name: string, words?: string, panics?: boolean];
const named = (names: readonly string[], words = ""): Boot[] => names.map((name) => [name, words]);
const BOOTS: readonly Boot[] = [
  ...named(["spaces-stale", "spaces-kernel-half", ...SPACES, "user-copies"]),
  ...named([...MAPPER, ...RINGS, "swap", "image-permissions"]),
  ...["writable-text", "huge-writable-text", "user-page"].map((name): Boot => [`refuse-${name}`, "", true]),
  ...named(["walks-agree", "spaces-model", "spaces-swap", "many-roots"]),
  ...named([...MAPPER, "many-roots", "spaces-model"], "physmap=recursive"),
  ...named(["spaces-model", "map-unmap"], "physmap=identity"),
  ...named(["map-unmap"], "paging=5"),
];

/** One process, so that what goes on forever ends with it. What a module becomes is kept: only the switch changes. */
const QUICKLY = ["--pool=threads", "--maxWorkers=1", "--experimental.fsModuleCache"];
/** Files of tests on Node, and what some are about. */
const NODE_TESTS: readonly (readonly [name: string, about?: Kind])[] = [
  ...([
    ["flushes", "flush"],
    ["pageTables", "permission"],
    ["spaces", "flush"],
  ] as const),
  ...([["protections", "permission"], ["kernelSpace"], ["accessWalk"]] as const),
];

/** All of them, on the kernel in this tree. */
export function detectorsOf(tree: Tree): Detector[] {
  const kernel = new LazyProgram(() => tree.buildKernel());
  const cache = `--experimental.fsModuleCachePath=${tree.emptyFolder("build/vitest")}`;
  return [
    ...PROGRAMS.map(([name, count]) => ofProgram(name, new LazyProgram(() => tree.buildProgram(name, count)))),
    ...BOOTS.map((each) => ofBoot(kernel, each)),
    ...NODE_TESTS.map(([name, about]) => ofNodeTest(tree, name, about, cache)),
  ];
}

/** Built when it is asked for the first time. */
class LazyProgram {
  private program: Program | undefined;

  constructor(private readonly makeElf: () => string) {}

  get(): Program {
    this.program ??= new Program(this.makeElf());
    return this.program;
  }
}

function ofProgram(name: string, program: LazyProgram): Detector {
  const passes = (mutant: number): boolean => {
    program.get().choose(mutant);
    return spawnSync(program.get().path, { timeout: MOST_SECONDS * 1000, stdio: "ignore" }).status === 0;
  };
  return { name, usualSeconds: 0.1, build: () => program.get(), passes };
}

function ofBoot(kernel: LazyProgram, [test, words = "", panics = false]: Boot): Detector {
  const commandLine = `test=${test} events ${words}`.trim();
  const passes = async (mutant: number): Promise<boolean> => {
    kernel.get().choose(mutant);
    const elf = kernel.get().path;
    const options = { elf, memory: "32M", timeoutSeconds: MOST_SECONDS, commandLine };
    try {
      await boot(panics ? { ...options, expectExit: EXIT_PANIC } : options);
      return true;
    } catch {
      return false;
    }
  };
  return { name: commandLine.replace(" events", ""), usualSeconds: 1, build: () => kernel.get(), passes };
}

function ofNodeTest(tree: Tree, name: string, about: Kind | undefined, cache: string): Detector {
  const file = `test/unit/${name}.node.test.ts`;
  const passes = (mutant: number): boolean => {
    tree.chooseSource(mutant);
    const vitest = ["run", "--project=unit", file, "--bail=1", "--silent", "--reporter=dot", ...QUICKLY, cache];
    const options = { cwd: tree.path, stdio: "ignore", timeout: MOST_SECONDS * 1000, killSignal: "SIGKILL" } as const;
    const { status } = spawnSync("node_modules/.bin/vitest", vitest, options);
    tree.chooseSource(NONE);
    return status === 0;
  };
  return { name: file, usualSeconds: 5, about, build: () => undefined, passes };
}
