/**
 * `make mutants`: breaks the kernel's memory management at every place of sites.ts in turn and asks the detectors, one
 * after the other, until one notices. Prints who that was and the score so far, and at the end what nobody noticed; at
 * least 95 of 100 must be noticed.
 *
 *     run.ts [--only TEXT] [--sites N,N,...]     mutants whose kind, file or text has TEXT in it, or with these numbers
 *            [--resume]                          what was noticed before a stop counts, if the kernel is the same
 *
 * Who noticed a mutant the last time is asked first, then whoever costs least for the chance that it notices. Whoever
 * notices something must pass without a mutant.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Detector, detectorsOf } from "./detectors";
import { whyEquivalent } from "./equivalent";
import { keysOf, Results } from "./results";
import { NONE, type Site } from "./sites";
import { Tree } from "./tree";

const WANTED_SHARE = 0.95;
/** What is thought of who has not been asked yet: such a share of mutants might be noticed. */
const UNTRIED = 0.03;
const MADE_FOR_IT = 0.75;

const { values } = parseArgs({
  options: { only: { type: "string" }, sites: { type: "string" }, resume: { type: "boolean", default: false } },
});

const build = resolve(process.env["BUILD"] ?? "build");
const tree = new Tree(join(build, "mutants"));
const results = new Results(join(build, "mutants.json"), tree.kernelHash, values.resume);
const keys = keysOf(tree.sites);
const wanted = tree.sites.filter((site) => isWanted(site) && whyEquivalent(site) === undefined);

/** A detector, what it costs, and how many mutants of each file and kind it was asked about and noticed. */
class Witness {
  private seconds: number;
  private isReliable = false;
  private readonly asked = new Map<string, number>();
  private readonly noticed = new Map<string, number>();

  constructor(private readonly detector: Detector) {
    this.seconds = detector.usualSeconds;
  }

  get name(): string {
    return this.detector.name;
  }

  async notices(site: Site): Promise<boolean> {
    this.detector.build();
    const isNoticed = !(await this.passes(site.number));
    if (isNoticed) await this.checkReliable();
    this.note(site, isNoticed);
    return isNoticed;
  }

  note(site: Site, isNoticed: boolean): void {
    for (const of of [site.path, site.kind]) {
      add(this.asked, of, 1);
      add(this.noticed, of, isNoticed ? 1 : 0);
    }
  }

  /** Seconds by the chance that it notices: the share of this file's mutants; where they are few, of this kind's. */
  costOf(site: Site): number {
    const before = this.detector.about === site.kind ? MADE_FOR_IT : UNTRIED;
    return this.seconds / this.share(site.path, this.share(site.kind, before));
  }

  private share(of: string, before: number): number {
    return ((this.noticed.get(of) ?? 0) + before) / ((this.asked.get(of) ?? 0) + 1);
  }

  private async passes(mutant: number): Promise<boolean> {
    const start = performance.now();
    const isPassed = await this.detector.passes(mutant);
    if (isPassed) this.seconds = (performance.now() - start) / 1000;
    return isPassed;
  }

  private async checkReliable(): Promise<void> {
    this.isReliable ||= await this.passes(NONE);
    if (!this.isReliable) throw new Error(`without a mutant, ${this.name} fails`);
  }
}

const witnesses = detectorsOf(tree).map((detector) => new Witness(detector));
for (const site of tree.sites) witnessOf(results.last(keyOf(site)))?.note(site, true);

let asked = 0;
const survivors: Site[] = [];
for (const site of wanted) {
  const who = results.noticed(keyOf(site)) ?? (await whoNotices(site));
  results.note(keyOf(site), who);
  asked += 1;
  if (who === undefined) survivors.push(site);
  const score = `${asked - survivors.length}/${asked} of ${wanted.length}`;
  console.log(`${score}  ${describe(site)}  -->  ${who ?? "NOBODY"}`);
}
console.log(`\n${wanted.length} mutants, ${wanted.length - survivors.length} noticed; nobody noticed:`);
for (const site of survivors) console.log(`  ${describe(site)}`);
for (const site of tree.sites) {
  const reason = whyEquivalent(site);
  if (reason !== undefined) console.log(`  makes no difference: ${describe(site)}: ${reason}`);
}
if (survivors.length > wanted.length * (1 - WANTED_SHARE)) process.exitCode = 1;

async function whoNotices(site: Site): Promise<string | undefined> {
  const last = witnessOf(results.last(keyOf(site)));
  const others = witnesses.filter((each) => each !== last).sort((a, b) => a.costOf(site) - b.costOf(site));
  for (const witness of last === undefined ? others : [last, ...others]) {
    if (await witness.notices(site)) return witness.name;
  }
  return undefined;
}

function witnessOf(name: string | undefined): Witness | undefined {
  return witnesses.find((each) => each.name === name);
}

function add(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function keyOf(site: Site): string {
  return keys[tree.sites.indexOf(site)] ?? "";
}

function isWanted(site: Site): boolean {
  if (values.sites !== undefined) return values.sites.split(",").map(Number).includes(site.number);
  return describe(site).includes(values.only ?? "");
}

function describe(site: Site): string {
  return `${site.number} ${site.kind} ${site.path}:${site.line} ${site.text}`;
}
