// The long run: `main.ts [--count 10000] [--seed 1] [--batch 40] [--size small|large]`. Batches take turns: one whose
// results wrap, with bounds checks only, then one with all checks, where a result that does not fit ends the program.
// Prints every difference as a minimised program; the exit code is 1 when there was one.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { compareBatch, entryName, lineups, type Comparison, type Verdict } from "./compare";
import { CHECKS_FOR, type Options } from "./context";
import { minimise, type Judge } from "./minimise";
import { standalone } from "./modules";
import { generateProgram } from "./program";
import { print } from "./tree";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    batch: { type: "string", default: "40" },
    size: { type: "string", default: "small" },
  },
});
const size = values.size === "large" ? "large" : "small";
const first = Number(values.seed);
const end = first + Number(values.count);
const batchSize = Number(values.batch);

/** What the entry is called while the program is being minimised. */
const ENTRY = "programMain";

/** What became of the programs so far. The hash is of all they print: it tells two runs of the same seeds apart. */
class Totals {
  readonly counts = { same: 0, different: 0, refused: 0 };
  private readonly ends = { whole: 0, panics: 0 };
  private readonly hash = createHash("sha256");

  add(verdict: Verdict): void {
    this.counts[verdict.kind] += 1;
    if (verdict.kind !== "same") return;
    this.ends[verdict.outcome.endsWith("@exit 0\n") ? "whole" : "panics"] += 1;
    this.hash.update(verdict.outcome);
  }

  toString(): string {
    const { same, different, refused } = this.counts;
    const { whole, panics } = this.ends;
    const hash = this.hash.copy().digest("hex").slice(0, 16);
    const ends = `${whole} to their end, ${panics} to a panic`;
    return `${same} the same (${ends}; ${hash}), ${different} different, ${refused} refused`;
  }
}

async function runBatch(start: number, options: Options, comparison: Comparison, totals: Totals): Promise<void> {
  const seeds = Array.from({ length: Math.min(batchSize, end - start) }, (_, at) => start + at);
  const sources = seeds.map((seed, index) => print(generateProgram(seed, options, entryName(index))));
  for (const [at, verdict] of (await compareBatch(sources, comparison)).entries()) {
    totals.add(verdict);
    if (verdict.kind === "same") continue;
    process.stdout.write(`\nseed ${start + at} (overflow ${options.overflow}) ${verdict.kind}:\n${verdict.detail}\n`);
    if (verdict.kind === "different") process.stdout.write(await smallest(start + at, options, comparison));
  }
}

/** The smallest program that still gives different results. */
async function smallest(seed: number, options: Options, comparison: Comparison): Promise<string> {
  const judge: Judge = async (candidates) => {
    const sources = candidates.map((candidate, index) => print(candidate).replaceAll(ENTRY, entryName(index)));
    const verdicts = await compareBatch(sources, comparison);
    return verdicts.map(({ kind }) => kind === "different");
  };
  const found = print(await minimise(generateProgram(seed, options, ENTRY), judge));
  const modules = standalone(found.replaceAll(ENTRY, "main"), "main");
  const text = modules.map(({ name, source }) => `// ${name}.ts\n${source}`).join("\n");
  return format(text, { parser: "typescript", printWidth: 120 });
}

async function main(): Promise<void> {
  const ways = await lineups();
  const folder = mkdtempSync(join(tmpdir(), "tessera-differential-"));
  const totals = new Totals();
  try {
    for (let start = first, turn = 0; start < end; start += batchSize, turn += 1) {
      const overflow = turn % 2 === 0 ? "wraps" : "panics";
      const natives = ways[turn % ways.length] ?? [];
      const comparison = { natives, checks: CHECKS_FOR[overflow], folder: join(folder, "batch") };
      await runBatch(start, { overflow, size }, comparison, totals);
      process.stdout.write(`${totals.toString()}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exitCode = totals.counts.different + totals.counts.refused > 0 ? 1 : 0;
}

await main();
