// Mutants of the corpus, the same every time: each is refused with diagnostics that have a place, or becomes C that gcc
// accepts and JavaScript that Node does. `make fuzz` goes further.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removeScratch } from "../support";
import { complaintsOfGcc, judge, layOut, mutantOf } from "./judge";

const BATCHES = [1, 2, 3, 4];
const BATCH_SIZE = 40;

const scratch = mkdtempSync(join(tmpdir(), "tessera-fuzz-"));
afterAll(() => removeScratch(scratch));
layOut(scratch);

describe("mutants", () => {
  it.each(BATCHES)("of batch %i are refused or compile", async (batch) => {
    const seeds = Array.from({ length: BATCH_SIZE }, (_, at) => batch * 1_000_000 + at);
    const verdicts = seeds.map((seed) => ({ seed, ...judge(scratch, mutantOf(seed)) }));
    expect(verdicts.filter(({ kind }) => kind === "failed")).toEqual([]);
    expect(verdicts.filter(({ kind }) => kind === "refused").length).toBeGreaterThan(0);
    const accepted = new Map<number, string>();
    for (const each of verdicts) if (each.kind === "accepted") accepted.set(each.seed, each.c);
    expect(accepted.size).toBeGreaterThan(0);
    expect(await complaintsOfGcc(scratch, accepted)).toEqual(new Map());
  });

  it("are the same for the same seed", () => {
    expect(mutantOf(5)).toEqual(mutantOf(5));
    expect(mutantOf(5)).not.toEqual(mutantOf(6));
  });
});

describe("the judge", () => {
  const entry = "compiler/test/run/loops.ts";
  const verdictOn = (text: string): string => judge(scratch, { seed: 0, entry, file: entry, text }).kind;

  it("accepts a program and refuses a broken one", () => {
    expect(verdictOn("export function main(): void {}\n")).toBe("accepted");
    expect(verdictOn("export function main(: void {}\n")).toBe("refused");
  });

  it("sees C that gcc complains about", async () => {
    const complaints = await complaintsOfGcc(scratch, new Map([[1, "int f(void) { return g(); }"]]));
    expect([...complaints.keys()]).toEqual([1]);
  });
});
