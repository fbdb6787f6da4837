// Judges mutants in a process of its own, so that one that hangs or takes all memory ends only this process. Tells its
// parent of each seed when it begins and of what failed.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeScratch } from "../support";
import { complaintsOfGcc, judge, layOut, mutantOf } from "./judge";

/** From the parent: the seeds to judge. */
export interface Batch {
  readonly first: number;
  readonly end: number;
}

/** To the parent. */
export type Report =
  | { readonly kind: "begins"; readonly seed: number }
  | { readonly kind: "failed"; readonly seed: number; readonly reason: string }
  | { readonly kind: "done"; readonly accepted: number };

const tell = (report: Report): void => void process.send?.(report);

async function judgeBatch(folder: string, { first, end }: Batch): Promise<void> {
  const accepted = new Map<number, string>();
  for (let seed = first; seed < end; seed += 1) {
    tell({ kind: "begins", seed });
    const verdict = judge(folder, mutantOf(seed));
    if (verdict.kind === "failed") tell({ kind: "failed", seed, reason: verdict.reason });
    if (verdict.kind === "accepted") accepted.set(seed, verdict.c);
  }
  for (const [seed, reason] of await complaintsOfGcc(folder, accepted)) tell({ kind: "failed", seed, reason });
  tell({ kind: "done", accepted: accepted.size });
}

const scratch = mkdtempSync(join(tmpdir(), "tessera-fuzz-"));
layOut(scratch);
process.on("message", (batch: Batch) => void judgeBatch(scratch, batch));
process.on("disconnect", () => {
  removeScratch(scratch);
  process.exit();
});
