// The long run: `main.ts [--count 10000] [--seed 1] [--keep FOLDER]`. Prints what failed of each seed that did, and
// keeps its mutant in FOLDER/seedN; the exit code is 1 when there was one.
//
//   seeds --batches--> worker.ts, a process of its own --begins, failed, done--> here
//                         |   ends, or is silent for too long: the seed at hand has failed, another goes on behind it

import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ROOT } from "../support";
import { mutantOf } from "./judge";
import type { Report } from "./worker";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    keep: { type: "string", default: join(ROOT, "build/fuzz") },
  },
});
const first = Number(values.seed);
const end = first + Number(values.count);
const BATCH = 50;
/** A mutant takes a fraction of a second; one that takes so long does not end. */
const SILENCE_MILLISECONDS = 120_000;
const MEMORY_MEGABYTES = 2048;

const totals = { judged: 0, accepted: 0, failed: 0 };

function fail(seed: number, reason: string): void {
  totals.failed += 1;
  const { entry, file, text } = mutantOf(seed);
  const folder = join(values.keep, `seed${seed}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, basename(file)), text);
  process.stdout.write(`\nseed ${seed}, ${file} of ${entry}, kept in ${folder}:\n${reason.slice(0, 2000)}\n`);
}

const startWorker = (): ChildProcess =>
  fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    cwd: ROOT,
    execArgv: [...process.execArgv, `--max-old-space-size=${MEMORY_MEGABYTES}`],
  });

/** Gives the worker a batch; the result is where to go on, and whether the worker can be asked again. */
function judgeBatch(worker: ChildProcess, start: number): Promise<{ next: number; alive: boolean }> {
  const limit = Math.min(start + BATCH, end);
  return new Promise((resolve) => {
    let current = start;
    let timer = setTimeout(() => undefined, 0);
    const settle = (next: number, alive: boolean): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve({ next, alive });
    };
    const giveUp = (reason: string): void => {
      fail(current, reason);
      worker.kill("SIGKILL");
      settle(current + 1, false);
    };
    const listen = (report: Report): void => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp("does not end"), SILENCE_MILLISECONDS);
      if (report.kind === "begins") current = report.seed;
      else if (report.kind === "failed") fail(report.seed, report.reason);
      else {
        totals.accepted += report.accepted;
        settle(limit, true);
      }
    };
    worker.on("message", listen);
    worker.on("exit", (code, signal) => giveUp(`the compiler's process ended: ${signal ?? code}`));
    worker.send({ first: start, end: limit });
  });
}

async function main(): Promise<void> {
  let worker = startWorker();
  for (let start = first; start < end;) {
    const { next, alive } = await judgeBatch(worker, start);
    totals.judged += next - start;
    start = next;
    if (!alive) worker = startWorker();
    process.stdout.write(`${totals.judged} judged, ${totals.accepted} accepted, ${totals.failed} failed\n`);
  }
  worker.disconnect();
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

await main();
