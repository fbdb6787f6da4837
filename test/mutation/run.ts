/**
 * `make mutants`: breaks the kernel's memory management at every place of sites.ts in turn and asks the tests, the
 * cheapest first: programs on this machine; of what they let pass, the test kernel in QEMU; of the rest, tests on
 * Node. Prints who noticed, and what nobody did; at least 95 of 100 must be noticed.
 *
 *     run.ts [--only TEXT] [--sites N,N,...]     mutants whose kind, file or text has TEXT in it, or with these numbers
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { boot } from "../harness/boot";
import { whyEquivalent } from "./equivalent";
import { NONE, type Site } from "./sites";
import { Program, Tree } from "./tree";

const WANTED_SHARE = 0.95;
const PROGRAM_SECONDS = 30;
const BOOT_SECONDS = 30;
const EXIT_PANIC = 35;

/** Programs of test/unit/programs, and how much those do that can do less. */
const PROGRAMS: readonly (readonly [string, number?])[] = [
  ...([["framesCases"], ["mapperCases"], ["accessWalkCases"], ["spaceCases"], ["shortage"], ["swapCases"]] as const),
  ...([["ledgerCases"], ["heapCases"], ["allocatorCases"], ["regionTreeModel"], ["heapModel"]] as const),
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
  ...named([
    "spaces-stale",
    "spaces-kernel-half",
    ...SPACES,
    "user-copies",
    ...MAPPER,
    ...RINGS,
    "swap",
    "image-permissions",
  ]),
  ...["writable-text", "huge-writable-text", "user-page"].map((name): Boot => [`refuse-${name}`, "", true]),
  ...named(["walks-agree", "spaces-model", "spaces-swap", "many-roots"]),
  ...named([...MAPPER, "many-roots", "spaces-model"], "physmap=recursive"),
  ...named(["spaces-model", "map-unmap"], "physmap=identity"),
  ...named(["map-unmap"], "paging=5"),
];
const NODE_TESTS = ["flushes.node", "spaces.node", "pageTables.node", "kernelSpace.node", "accessWalk.node"];

const { values } = parseArgs({
  options: { only: { type: "string" }, sites: { type: "string" } },
});

const build = resolve(process.env["BUILD"] ?? "build");
const tree = new Tree(join(build, "mutants"));
const kernel = new Program(tree.buildKernel());
const programs = PROGRAMS.map(([name, count]) => new Program(tree.buildProgram(name, count)));

/** Who notices this mutant first, at each of three stages. Undefined: nobody. */
type Stage = (number: number) => Promise<string | undefined> | string | undefined;
const STAGES: readonly Stage[] = [programWhichNotices, bootWhichNotices, nodeNotices];

function programWhichNotices(number: number): string | undefined {
  for (const program of programs) {
    program.choose(number);
    const { status } = spawnSync(program.path, { timeout: PROGRAM_SECONDS * 1000, stdio: "ignore" });
    if (status !== 0) return program.path.replace(/.*\//, "");
  }
  return undefined;
}

async function bootWhichNotices(number: number): Promise<string | undefined> {
  kernel.choose(number);
  for (const [name, words = "", panics = false] of BOOTS) {
    if (!(await passes(name, words, panics))) return `test=${name} ${words}`.trim();
  }
  return undefined;
}

function nodeNotices(number: number): string | undefined {
  tree.chooseSource(number);
  const vitest = ["--project", "unit", ...NODE_TESTS, "--bail=1", "--silent", "--reporter=dot"];
  const { status } = spawnSync("node_modules/.bin/vitest", ["run", ...vitest], { cwd: tree.path, stdio: "ignore" });
  return status === 0 ? undefined : "tests on Node";
}

async function passes(name: string, words: string, panics: boolean): Promise<boolean> {
  const commandLine = `test=${name} events ${words}`;
  const options = { elf: kernel.path, memory: "32M", timeoutSeconds: BOOT_SECONDS, commandLine };
  try {
    await boot(panics ? { ...options, expectExit: EXIT_PANIC } : options);
    return true;
  } catch {
    return false;
  }
}

function isWanted(site: Site): boolean {
  if (values.sites !== undefined) return values.sites.split(",").map(Number).includes(site.number);
  return `${site.kind} ${site.path}:${site.line} ${site.text}`.includes(values.only ?? "");
}

const describe = (site: Site): string => `${site.number} ${site.kind} ${site.path}:${site.line} ${site.text}`;

const wanted = tree.sites.filter((site) => isWanted(site) && whyEquivalent(site) === undefined);
let survivors = wanted;
for (const stage of STAGES) {
  const without = await stage(NONE);
  if (without !== undefined) throw new Error(`without a mutant, ${without} fails`);
  const unnoticed: Site[] = [];
  for (const site of survivors) {
    const who = await stage(site.number);
    if (who === undefined) unnoticed.push(site);
    else console.log(`${describe(site)}  -->  ${who}`);
  }
  survivors = unnoticed;
}
console.log(`\n${wanted.length} mutants, ${wanted.length - survivors.length} noticed; nobody noticed:`);
for (const site of survivors) console.log(`  ${describe(site)}`);
for (const site of tree.sites) {
  const reason = whyEquivalent(site);
  if (reason !== undefined) console.log(`  makes no difference: ${describe(site)}: ${reason}`);
}
if (survivors.length > wanted.length * (1 - WANTED_SHARE)) process.exitCode = 1;
