// Random programs give the same result on every way from source to output. The seeds are fixed: what is compared here
// today is compared tomorrow. `make differential` goes further.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removeScratch } from "../support";
import { LINEUPS, compareBatch, entryName, type Comparison, type Verdict } from "./compare";
import { CHECKS_FOR, type Options } from "./context";
import { changes, minimise } from "./minimise";
import { NEXT_MODULE, modulesOf, standalone } from "./modules";
import { generateProgram } from "./program";
import { block, print, statement } from "./tree";

const BATCHES = [1, 2, 3, 4];
const BATCH_SIZE = 40;
const WRAPS: Options = { overflow: "wraps", size: "small" };
const PANICS: Options = { overflow: "panics", size: "small" };

const scratch = mkdtempSync(join(tmpdir(), "tessera-differential-"));
afterAll(() => removeScratch(scratch));

/** How programs that are the same everywhere end. */
function endings(verdicts: readonly Verdict[]): { readonly toTheirEnd: number; readonly panics: number } {
  const outcomes = verdicts.flatMap((verdict) => (verdict.kind === "same" ? [verdict.outcome] : []));
  const toTheirEnd = outcomes.filter((outcome) => outcome.endsWith("@exit 0\n")).length;
  return { toTheirEnd, panics: outcomes.filter((outcome) => outcome.endsWith("@exit 3\n")).length };
}

/** What the generator must not forget. */
const CONSTRUCTS = [
  /Many<i16>/,
  /sliceOf\(/,
  /overlay<C\d>\(addressOf\(/,
  /overlay<C\d>\(addressOf\(BYTES\) \+/,
  /Volatile<i?u?\d+>/,
  /@packed\nexport class/,
  /@aligned\(64\)/,
  /copyStruct\(/,
  /zeroStruct\(/,
  /switch \(keepColour/,
  /break loop/,
  /continue loop/,
  /break block/,
  /new Ring<string/,
  /new Shelf<C\d/,
  /Combine_\w+ \| null/,
  /bytesOf\(/,
  /endOf\(/,
  /char\(/,
  /alignLeft\(/,
  /alignRight\(/,
  /hex\(/,
  /C\d \| null/,
  /Slice<u8> \| null/,
  /Many<\w+> \| null/,
  /Colour \| null/,
  /string \| null/,
  /bool \| null/,
  /Tag \| null/,
  /\[tick\(\) % \d\] [+*-]= /,
  /for \(const \w+ of subslice/,
  new RegExp(NEXT_MODULE),
];

const program = (seed: number, options: Options, index = 0): string =>
  print(generateProgram(seed, options, entryName(index)));

const comparison = (folder: string, { overflow }: Options = WRAPS, natives = LINEUPS[0]): Comparison => ({
  natives,
  checks: CHECKS_FOR[overflow],
  folder: join(scratch, folder),
});

describe("random programs", () => {
  it.each(BATCHES)("of batch %i give the same result everywhere", async (batch) => {
    const options = batch % 2 === 0 ? WRAPS : PANICS;
    const sources = Array.from({ length: BATCH_SIZE }, (_, at) => program(batch * 1000 + at, options, at));
    const verdicts = await compareBatch(sources, comparison(String(batch), options, LINEUPS[batch % 3]));
    expect(verdicts.filter(({ kind }) => kind !== "same")).toEqual([]);
    expect(endings(verdicts).toTheirEnd).toBeGreaterThan(BATCH_SIZE / 2);
    expect(endings(verdicts).panics).toBeGreaterThan(0);
  });

  it("are the same for the same seed", () => {
    expect(program(7, WRAPS)).toBe(program(7, WRAPS));
    expect(program(7, WRAPS)).not.toBe(program(8, WRAPS));
  });

  it("hold every construct sooner or later", () => {
    const sources = Array.from({ length: 300 }, (_, seed) => program(seed, seed % 2 === 0 ? WRAPS : PANICS)).join("\n");
    const missing = CONSTRUCTS.filter((construct) => !construct.test(sources));
    expect(missing).toEqual([]);
  });
});

describe("modules", () => {
  const text = `export const K: u32 = 1;\nexport function main(): void { second(); }\n${NEXT_MODULE}\nexport function second(): void { note(u64(K)); }\n`;

  it("import what they name of each other and of the library", () => {
    const library = { name: "library", source: "export function note(value: u64): void {}\n" };
    const heads = modulesOf(text, "main", library).map(({ source }) => source.split("export")[0]);
    expect(heads).toEqual([
      'import { second } from "./main_1";\n',
      'import { K } from "./main";\nimport { note } from "./library";\n',
    ]);
  });

  it("without a library hold what they use of it", () => {
    const [main, second] = standalone(text, "main");
    expect(main?.source).toMatch(/let checksum[^]*function note/);
    expect(second?.source).toMatch(/^import \{ note, K \} from ".\/main";$/m);
    expect(main?.source).not.toContain("class Ring");
  });
});

describe("the comparison", () => {
  it("sees a difference, a panic that all agree on, and a program that is refused", async () => {
    const different = "export function program0(): void { log.info(`${addressOf(program0) > 0x2000_0000n}`); }";
    const panics = 'export function program1(): void { panic("here"); }';
    const refused = "export function program2(): void { const x: u8 = 256; }";
    const verdicts = await compareBatch([different, panics, refused], comparison("verdicts"));
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
      const verdicts = await compareBatch(sources, comparison("minimise"));
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
