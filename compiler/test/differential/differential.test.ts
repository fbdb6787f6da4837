// Random programs give the same result on every way from source to output. The seeds are fixed: what is compared here
// today is compared tomorrow. `make differential` goes further.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removeScratch } from "../support";
import { QUICK_NATIVES, compareBatch, entryName } from "./compare";
import type { Options } from "./context";
import { changes, minimise } from "./minimise";
import { generateProgram } from "./program";
import { block, print, statement } from "./tree";

const BATCHES = [1, 2, 3, 4, 5, 6];
const BATCH_SIZE = 25;
const WRAPS: Options = { overflow: "wraps", size: "small" };

const scratch = mkdtempSync(join(tmpdir(), "tessera-differential-"));
afterAll(() => removeScratch(scratch));

const program = (seed: number, index = 0): string => print(generateProgram(seed, WRAPS, entryName(index)));

describe("random programs", () => {
  it.each(BATCHES)("of batch %i give the same result everywhere", async (batch) => {
    const sources = Array.from({ length: BATCH_SIZE }, (_, at) => program(batch * 1000 + at, at));
    const verdicts = await compareBatch(sources, QUICK_NATIVES, join(scratch, String(batch)));
    expect(verdicts.filter(({ kind }) => kind !== "same")).toEqual([]);
  });

  it("are the same for the same seed", () => {
    expect(program(7)).toBe(program(7));
    expect(program(7)).not.toBe(program(8));
  });

  it("rarely use plain operators where overflow panics", () => {
    const source = (overflow: Options["overflow"]): string =>
      Array.from({ length: 20 }, (_, seed) => print(generateProgram(seed, { overflow, size: "small" }))).join("");
    const plain = (text: string): number => text.match(/ [+*-]=? /g)?.length ?? 0;
    expect(plain(source("panics")) * 2).toBeLessThan(plain(source("wraps")));
  });
});

describe("the comparison", () => {
  it("sees a difference, a panic that all agree on, and a program that is refused", async () => {
    const different = "export function program0(): void { log.info(`${addressOf(program0) > 0x2000_0000n}`); }";
    const panics = 'export function program1(): void { panic("here"); }';
    const refused = "export function program2(): void { const x: u8 = 256; }";
    const verdicts = await compareBatch([different, panics, refused], QUICK_NATIVES, join(scratch, "verdicts"));
    expect(verdicts.map(({ kind }) => kind)).toEqual(["different", "same", "refused"]);
  });
});

describe("the minimiser", () => {
  it("takes the compiler's word for what makes no sense", async () => {
    const different = statement`log.info(\`\${addressOf(program0) > 0x2000_0000n}\`);`;
    const plain = statement`let x: u32 = 1;\nx += 1;`;
    const body = block([plain, different, plain]);
    const whole = block([statement`let unused: u32 = 0;`, statement`export function program0(): void {\n${body}}`]);
    const small = await minimise(whole, async ([...candidates]) => {
      const sources = candidates.map((each, at) => print(each).replaceAll("program0", entryName(at)));
      const verdicts = await compareBatch(sources, QUICK_NATIVES, join(scratch, "minimise"));
      return verdicts.map(({ kind }) => kind === "different");
    });
    expect(print(small)).toBe(print(block([statement`export function program0(): void {\n${block([different])}}`])));
  });

  it("leaves little around the cause", async () => {
    const whole = generateProgram(1, WRAPS);
    const isCause = (text: string): boolean => /main\(\): void/.test(text) && /checksum\}/.test(text);
    const small = await minimise(whole, (candidates) =>
      Promise.resolve(candidates.map((candidate) => isCause(print(candidate)))),
    );
    expect(print(small).length).toBeLessThan(200);
    expect(changes(small).some((candidate) => isCause(print(candidate)))).toBe(false);
  });
});
