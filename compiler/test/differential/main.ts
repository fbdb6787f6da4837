// The long run: `main.ts [--count 10000] [--seed 1] [--batch 20] [--overflow wraps|panics]`. Prints every difference as
// a minimised program; the exit code is 1 when there was one.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { allNatives, compareBatch, entryName, type Native } from "./compare";
import type { Options } from "./context";
import { minimise, type Judge } from "./minimise";
import { standalone } from "./modules";
import { generateProgram } from "./program";
import { print } from "./tree";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    batch: { type: "string", default: "20" },
    overflow: { type: "string", default: "wraps" },
  },
});
const options: Options = { overflow: values.overflow === "panics" ? "panics" : "wraps", size: "large" };
const first = Number(values.seed);
const end = first + Number(values.count);
const batchSize = Number(values.batch);

/** What the entry is called while the program is being minimised. */
const ENTRY = "programMain";

interface Totals {
  compared: number;
  refused: number;
  different: number;
}

async function runBatch(start: number, natives: readonly Native[], folder: string, totals: Totals): Promise<void> {
  const seeds = Array.from({ length: Math.min(batchSize, end - start) }, (_, at) => start + at);
  const sources = seeds.map((seed, index) => print(generateProgram(seed, options, entryName(index))));
  const verdicts = await compareBatch(sources, natives, join(folder, "batch"));
  for (const [at, verdict] of verdicts.entries()) {
    const seed = start + at;
    if (verdict.kind === "same") totals.compared += 1;
    else if (verdict.kind === "refused") {
      totals.refused += 1;
      process.stdout.write(`seed ${seed} refused: ${verdict.detail}\n`);
    } else {
      totals.different += 1;
      process.stdout.write(`\nseed ${seed} differs:\n${verdict.detail}\n`);
      process.stdout.write(await smallest(seed, natives, join(folder, "smallest")));
    }
  }
}

/** The smallest program that still gives different results. */
async function smallest(seed: number, natives: readonly Native[], folder: string): Promise<string> {
  const judge: Judge = async (candidates) => {
    const sources = candidates.map((candidate, index) => print(candidate).replaceAll(ENTRY, entryName(index)));
    const verdicts = await compareBatch(sources, natives, folder);
    return verdicts.map(({ kind }) => kind === "different");
  };
  const found = print(await minimise(generateProgram(seed, options, ENTRY), judge));
  const modules = standalone(found.replaceAll(ENTRY, "main"), "main");
  const text = modules.map(({ name, source }) => `// ${name}.ts\n${source}`).join("\n");
  return format(text, { parser: "typescript", printWidth: 120 });
}

async function main(): Promise<void> {
  const natives = await allNatives();
  const folder = mkdtempSync(join(tmpdir(), "tessera-differential-"));
  const totals: Totals = { compared: 0, refused: 0, different: 0 };
  try {
    for (let start = first; start < end; start += batchSize) {
      await runBatch(start, natives, folder, totals);
      process.stdout.write(`${totals.compared} the same, ${totals.different} different, ${totals.refused} refused\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exitCode = totals.different > 0 || totals.refused > 0 ? 1 : 0;
}

await main();
