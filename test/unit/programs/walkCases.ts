/** Walks: each step and each end, and that a table outside RAM is never read. */
import { frameAt, frameNumber, frameStart, pageAt, pageStart, uncheckedFrame } from "../../../arch/x86_64/addresses";
import { KERNEL_DATA, KERNEL_TEXT, pagesPerLeaf } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import { allocateZeroedFrame } from "../../../kernel/mm/frameAllocator";
import { mapHugeRange, mapPage, MapResult } from "../../../kernel/mm/pageMapper";
import { reportWalk, Walk, walkAddress, WalkOutcome } from "../../../kernel/mm/walk";
import { startOwnedMachine } from "./simulatedMemory";

const PAGE: u64 = 0xf_ffff_fff8_0200n;
const HUGE_PAGE: u64 = 0xf_fff8_0000_0000n;
const walk = new Walk();

class Lines {
  count: u32;
}
const lines = new Lines();

export function main(): void {
  startOwnedMachine(1024n);
  const root = allocateZeroedFrame() ?? uncheckedFrame(0n);
  const table = tableIn(root);
  assert(mapPage(table, pageAt(PAGE), frameAt(0x321n), KERNEL_TEXT) === MapResult.Mapped);
  assert(
    mapHugeRange(table, pageAt(HUGE_PAGE), frameAt(pagesPerLeaf(2) * 3n), 2, 1n, KERNEL_DATA) === MapResult.Mapped,
  );
  table.entries[300].setTable(frameAt(5000n), false);

  walkAddress(root, pageStart(pageAt(PAGE)) + 0x45n, walk);
  expect(WalkOutcome.Mapped, 4, 6);
  assert(walk.physical === 0x32_1045n, "to the byte");
  assert(walk.steps[0].index === 511 && walk.steps[3].index === 0, "the index at each level");
  assert(walk.steps[0].table === frameNumber(root), "from the root");

  walkAddress(root, pageStart(pageAt(HUGE_PAGE)) + 0x12_3456n, walk);
  expect(WalkOutcome.Mapped, 3, 5);
  assert(walk.physical === frameStart(frameAt(pagesPerLeaf(2) * 3n)) + 0x12_3456n, "within a huge leaf");

  walkAddress(root, pageStart(pageAt(PAGE)) + 0x1000n, walk);
  expect(WalkOutcome.NotPresent, 4, 5);
  walkAddress(root, 0n, walk);
  expect(WalkOutcome.NotPresent, 1, 2);
  walkAddress(root, 0xffff_0000_0000_0000n + (300n << 39n), walk);
  expect(WalkOutcome.TableOutsideRam, 1, 2);
  walkAddress(root, 0x1234_0000_0000_0000n, walk);
  expect(WalkOutcome.NotCanonical, 0, 1);
  walkAddress(frameAt(1n << 39n), 0n, walk);
  expect(WalkOutcome.TableOutsideRam, 0, 1);
  log.info("all cases passed");
}

function expect(outcome: WalkOutcome, steps: u32, reported: u32): void {
  assert(walk.outcome === outcome && walk.stepCount === steps, `${walk.outcome} after ${walk.stepCount} steps`);
  lines.count = 0;
  reportWalk(walk, countLine);
  assert(lines.count === reported, `the report has ${lines.count} lines`);
}

function countLine(_message: Message): void {
  lines.count += 1;
}
