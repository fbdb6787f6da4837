/**
 * kernel/mm on the host: programs in kernel TypeScript go through the compiler and gcc, with the address and
 * undefined behaviour sanitizers on, and run over simulated physical memory. Each checks itself against a model or an
 * oracle; here only its last word is read.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileToC, makeScratch, removeScratch, runNative, type Outcome } from "../../compiler/test/support";
import { PANIC_MESSAGES } from "./panicMessages";

/** How a kernel program ends in a panic on the host. */
const PANIC_EXIT = 3;

let scratch: string;

beforeAll(() => {
  scratch = makeScratch();
});

afterAll(() => removeScratch(scratch));

async function run(program: string): Promise<Outcome> {
  return runNative(compileToC(`test/unit/programs/${program}.ts`), scratch, program);
}

describe("programs that check themselves", () => {
  test.each([
    ["memoryMapCases", /^all cases passed$/m],
    ["memoryMapRandom", /^maps=10000 usable=\d{4} allocator=\d{4} frames=\d{7}$/m],
    ["allocatorCases", /^warn: 100 frames .* stay unused\nall cases passed$/m],
    ["allocatorModel", /^operations=1000000 runs=\d+ refused=\d+ emptied=\d+$/m],
    ["framesCases", /^all cases passed$/m],
    ["heapCases", /^all cases passed$/m],
    ["swapCases", /^all cases passed$/m],
    ["ledgerCases", /^all cases passed$/m],
    ["heapModel", /^operations=1000000 early=\d{3} late=\d{3} refused=0$/m],
    ["mapperModel", /^operations=200000 mapped=\d+ refused=\d+ free=\d+$/m],
    ["mapperCases", /^all cases passed$/m],
    ["walkCases", /^all cases passed$/m],
    ["spaceCases", /^all cases passed$/m],
    ["spaceModel", /^steps=1000000 done=\d{5,} refused=\d{5,} withoutFrames=\d{3,} .* moves=\d{3,} clones=\d{3,}$/m],
    ["shortage", /^acquisitions=\d{3} withSwap=\d{3}$/m],
    ["swapSpaces", /^steps=200000 accesses=\d{5,} swapped=\d{3,}$/m],
    ["regionTreeModel", /^operations=100000 regions=\d+ found=\d{4,} refused=\d{3,}$/m],
    ["elfRandom", /^files=100000 accepted=\d{4,} refused=\d{5,}$/m],
    ["accessWalkCases", /^cases=\d+$/m],
  ])("%s", async (program, lastWord) => {
    const outcome = await run(program);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    expect(outcome.stdout).toMatch(lastWord);
  });
});

describe("what must end in a panic", () => {
  test.each(PANIC_MESSAGES)("%s", async (program, message) => {
    const outcome = await run(`panics/${program}`);
    expect(outcome).toMatchObject({ exitCode: PANIC_EXIT, stdout: "" });
    expect(outcome.stderr).toMatch(/^panic: .* at kernel\/mm\/\w+\.ts:\d+\n$/);
    expect(outcome.stderr).toContain(message);
  });
});
