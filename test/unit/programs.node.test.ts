/**
 * The programs of unit.test.ts and console.test.ts under Node, imported from their sources: the same models, oracles
 * and panics. The longest do less of the same here.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { machine } from "../../compiler/machine/session";
import { PANIC_MESSAGES } from "./panicMessages";

const PROGRAMS = join(import.meta.dirname, "programs");

interface Program {
  readonly main: () => void;
  /** Of those that can do less. */
  readonly run: (count: number) => void;
}

async function load(program: string): Promise<Program> {
  const loaded: unknown = await import(join(PROGRAMS, `${program}.ts`));
  return loaded as Program;
}

const lastWord = (): string | undefined => machine.logs.at(-1)?.text;

beforeEach(() => machine.reset());

describe("programs that check themselves", () => {
  test.each([
    ["memoryMapCases", /^all cases passed$/],
    ["allocatorCases", /^all cases passed$/],
    ["framesCases", /^all cases passed$/],
    ["heapCases", /^all cases passed$/],
    ["mapperCases", /^all cases passed$/],
    ["spaceCases", /^all cases passed$/],
    ["walkCases", /^all cases passed$/],
    ["shortage", /^acquisitions=\d{3} withSwap=\d{3}$/],
    ["commandLineRandom", /^lines=20000 demos=\d+ quiet=\d+$/],
    ["screenModel", /^screens=60 refused=\d+ characters=\d{5}$/],
  ])("%s", async (program, expected) => {
    const { main } = await load(program);
    main();
    expect(lastWord()).toMatch(expected);
  });
});

describe("models and oracles", () => {
  test.each([
    ["allocatorModel", 50_000, /^operations=50000 runs=\d+ refused=\d+ emptied=\d+$/],
    ["mapperModel", 50_000, /^operations=50000 mapped=\d+ refused=\d+ free=\d+$/],
    ["spaceModel", 20_000, /^steps=20000 done=\d{3,} refused=\d{3,} withoutFrames=\d{2,} .* moves=\d+ clones=\d+$/],
    ["swapSpaces", 10_000, /^steps=10000 accesses=\d{4,} swapped=\d{2,}$/],
    ["memoryMapRandom", 2_000, /^maps=2000 usable=\d{4} allocator=\d+ frames=\d+$/],
  ])("%s, %i times", async (program, count, expected) => {
    const { run } = await load(program);
    run(count);
    expect(lastWord()).toMatch(expected);
  });
});

describe("what must end in a panic", () => {
  test.each(PANIC_MESSAGES)("%s", async (program, message) => {
    const { main } = await load(`panics/${program}`);
    expect(main).toThrow(
      expect.objectContaining({
        text: expect.stringContaining(message) as unknown,
        place: expect.stringMatching(/^kernel\/mm\/\w+\.ts:\d+$/) as unknown,
      }),
    );
    expect(machine.logs).toEqual([]);
  });

  test("is listed", () => {
    const files = readdirSync(join(PROGRAMS, "panics")).map((file) => file.replace(/\.ts$/, ""));
    expect(PANIC_MESSAGES.map(([program]) => program).sort()).toEqual(files.sort());
  });
});
