/**
 * kernel/mm on the host: programs in kernel TypeScript go through the compiler and gcc, with the address and
 * undefined behaviour sanitizers on, and run over simulated physical memory. Each checks itself against a model or an
 * oracle; here only its last word is read.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileToC, makeScratch, removeScratch, runNative, type Outcome } from "../../compiler/test/support";

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
    ["spaceModel", /^steps=200000 done=\d{5,} refused=\d{5,} withoutFrames=\d{3,} .* moves=\d{3,} clones=\d{3,}$/m],
    ["regionTreeModel", /^operations=100000 regions=\d+ found=\d{4,} refused=\d{3,}$/m],
  ])("%s", async (program, lastWord) => {
    const outcome = await run(program);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    expect(outcome.stdout).toMatch(lastWord);
  });
});

describe("what must end in a panic", () => {
  test.each([
    ["emptyMap", "the memory map has no usable memory"],
    ["nothingUsable", "the memory map has no usable memory"],
    ["noRoomForBitmap", "no usable memory has room for the 8 frames of the frame bitmap"],
    ["doubleFree", "double free: the frame at 0x0000000000001000 is free already"],
    ["neverAllocated", "double free: the frame at 0x00000000002bc000 is free already"],
    ["foreignFrame", "free of the frame at 0x0000000000100000, which the frame allocator does not manage"],
    ["frameBeyond", "free of the frame at 0x00040000002bc000, which the frame allocator does not manage"],
    ["unalignedAddress", "free of 0x0000000000001001, which is not the start of a frame"],
    ["runWithFreeFrame", "double free: the frame at 0x00000000001d6000 is free already"],
    [
      "runBeyondMemory",
      "free of 100 frames from 0x00000000003e8000 on, which go beyond what the frame allocator manages",
    ],
    ["runWithoutEnd", "free of 18446744073709551615 frames from 0x0000000000001000 on, which go beyond"],
    ["emptyRun", "a run has at least one frame"],
    ["joinsTwice", "memory joins the pool only once"],
    ["releaseTwice", "the frame at 0x0000000000001000 is not acquired: its owner is Free"],
    ["releaseKernelFrame", "the frame at 0x0000000000001000 is not acquired: its owner is Kernel"],
    ["releaseBeyond", "the frame at 0x0008000000000000 is not managed: its owner is Device"],
    ["releaseRunWithFree", "the frame at 0x0000000000006000 is not acquired: its owner is Free"],
    ["shareFree", "the frame at 0x00000000002bc000 is not acquired: its owner is Free"],
    ["sharedTooOften", "the frame at 0x0000000000001000 is shared too often"],
    ["writtenAfterRelease", "the frame at 0x0000000000001000 was written to after its release, at word 511"],
    ["heapDoubleFree", "of the heap is free already"],
    ["heapLargeDoubleFree", "which is nothing of the heap's, or was freed already"],
    ["heapFreeInside", "which lies inside of an object"],
    ["heapFreeInsideLarge", "which lies inside of an object"],
    ["heapFreeForeign", "which is nothing of the heap's: its owner is Table"],
    ["heapFreeStatic", "free of 0x0000000000001000, which is nothing of the heap's"],
    ["heapWriteBeyond", "something wrote beyond the object"],
    ["heapWriteBeyondLarge", "something wrote beyond the object"],
    ["heapWriteBelow", "something wrote below the object"],
    ["heapUseAfterFree", "was written to after it was freed"],
    ["cacheOfAnother", "which is no object of this cache"],
    ["releaseMapped", "goes back to the pool, but is said to be mapped"],
    ["mappingUnknown", "is not said to be mapped at 0x0000000000002000"],
    ["slotUnused", "swap slot 7 is not in use"],
    ["swapInUse", "swap ends when no slot is in use"],
  ])("%s", async (program, message) => {
    const outcome = await run(`panics/${program}`);
    expect(outcome).toMatchObject({ exitCode: PANIC_EXIT, stdout: "" });
    expect(outcome.stderr).toMatch(/^panic: .* at kernel\/mm\/\w+\.ts:\d+\n$/);
    expect(outcome.stderr).toContain(message);
  });
});
