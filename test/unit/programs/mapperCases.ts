/** The page mapper where it says no, and huge leaves: what it answers, and that nothing changed. */
import { frameAt, frameStart, type Page, pageAfter, pageAt, pageStart, virtAddr } from "../../../arch/x86_64/addresses";
import { uncheckedFrame } from "../../../arch/x86_64/addresses";
import {
  KERNEL_DATA,
  KERNEL_RODATA,
  memoryTypeOf,
  pageFlags,
  type PageTable,
  pagesPerLeaf,
} from "../../../arch/x86_64/pageTable";
import { FRAMEBUFFER, setNoExecuteSupport, WRITE_COMBINING } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import {
  allocateFrame,
  allocateZeroedFrame,
  freeFrame,
  freeFrameCount,
  verifyCounters,
} from "../../../kernel/mm/frameAllocator";
import {
  attachedTables,
  findMapping,
  mapHugeRange,
  mapPage,
  MapResult,
  mapRange,
  PageMapping,
  protectPage,
  protectRange,
  translate,
  unmapPage,
  unmapRange,
} from "../../../kernel/mm/pageMapper";
import { startSmallMachine } from "./simulatedMemory";

const BASE: u64 = 0xf_ffff_8000_0000n;
const mapping = new PageMapping();

export function main(): void {
  startSmallMachine(512n);
  hugeLeavesAreWhole();
  hugeMemoryTypesKeepTheirBit();
  hugeRangesCrossTables();
  tablesBlockHugeLeaves();
  emptyRangesAreNothing();
  noExecuteIsLeftAway();
  withoutFramesNothingIsMapped();
  log.info("all cases passed");
}

function newRoot(): PageTable {
  return tableIn(allocateZeroedFrame() ?? uncheckedFrame(0n));
}

function page(index: u64): Page {
  return pageAfter(pageAt(BASE), index);
}

function hugeLeavesAreWhole(): void {
  const root = newRoot();
  const frame = frameAt(pagesPerLeaf(2) * 5n);
  assert(mapHugeRange(root, page(512n), frame, 2, 1n, KERNEL_DATA) === MapResult.Mapped, "2 MiB");
  assert(mapHugeRange(root, page(512n), frame, 2, 1n, KERNEL_DATA) === MapResult.AlreadyMapped, "only once");
  assert(mapPage(root, page(600n), frame, KERNEL_DATA) === MapResult.InsideHugePage, "no page inside");
  assert(mapRange(root, page(510n), frame, 4n, KERNEL_DATA) === MapResult.InsideHugePage, "no range into it");
  assert(translate(root, pageStart(page(511n))) === null, "which leaves nothing before it");
  assert(
    unmapPage(root, page(600n), mapping) === null && protectPage(root, page(600n), KERNEL_RODATA) === null,
    "no page",
  );
  assert(
    unmapRange(root, page(0n), 5000n) === null && protectRange(root, page(0n), 5000n, KERNEL_RODATA) === null,
    "no range",
  );
  assert(findMapping(root, page(1000n), mapping), "it is there");
  assert(mapping.frame === frameAt(pagesPerLeaf(2) * 5n + 488n) && mapping.level === 2, "page by page");
  assert(mapping.flags === pageFlags(KERNEL_DATA | 1n), "with its flags");
  assert(!findMapping(root, page(1024n), mapping) && !findMapping(root, page(511n), mapping), "and not beyond");
}

function hugeMemoryTypesKeepTheirBit(): void {
  const root = newRoot();
  const frame = frameAt(pagesPerLeaf(3) * 7n);
  assert(mapHugeRange(root, page(0n), frame, 3, 1n, FRAMEBUFFER) === MapResult.Mapped, "1 GiB");
  assert(findMapping(root, page(3n), mapping) && mapping.level === 3, "it is there");
  assert(memoryTypeOf(mapping.flags) === WRITE_COMBINING, "bit 12 is PAT, not part of the frame");
  assert(mapping.frame === frameAt(pagesPerLeaf(3) * 7n + 3n), "nor of the address");
  const address = virtAddr(pageStart(page(77n)) + 5n);
  const found = translate(root, address);
  if (found === null) panic("it translates");
  assert(found === frameStart(frame) + 77n * 4096n + 5n, "to the byte");
}

function hugeRangesCrossTables(): void {
  const root = newRoot();
  const first = page(pagesPerLeaf(3) - pagesPerLeaf(2) * 3n);
  const before = attachedTables(2);
  assert(mapHugeRange(root, first, frameAt(0n), 2, 600n, KERNEL_DATA) === MapResult.Mapped, "600 leaves");
  assert(attachedTables(2) === before + 3, "in three tables");
  for (let i: u64 = 0n; i < 600n; i += 1n) {
    assert(findMapping(root, pageAfter(first, i * 512n + 9n), mapping), "each is there");
    assert(mapping.frame === i * 512n + 9n, "one after the other");
  }
  assert(!findMapping(root, pageAfter(first, 600n * 512n), mapping), "and no more");
}

function tablesBlockHugeLeaves(): void {
  const root = newRoot();
  assert(mapPage(root, page(5n), frameAt(9n), KERNEL_DATA) === MapResult.Mapped, "a page");
  assert(mapHugeRange(root, page(0n), frameAt(0n), 2, 1n, KERNEL_DATA) === MapResult.AlreadyMapped, "keeps its table");
  assert(mapHugeRange(root, page(0n), frameAt(0n), 3, 1n, KERNEL_DATA) === MapResult.AlreadyMapped, "at each level");
  assert(findMapping(root, page(5n), mapping) && mapping.frame === 9n, "and is as it was");
}

function emptyRangesAreNothing(): void {
  const root = newRoot();
  const free = freeFrameCount();
  assert(mapRange(root, page(5n), frameAt(9n), 0n, KERNEL_DATA) === MapResult.Mapped, "nothing is mapped");
  assert(
    unmapRange(root, page(5n), 0n) !== null && protectRange(root, page(5n), 0n, KERNEL_DATA) !== null,
    "or unmapped",
  );
  assert(unmapRange(root, page(5n), 5000n) !== null, "what is not there is passed over");
  assert(freeFrameCount() === free, "and takes no tables");
}

/** Without EFER.NXE bit 63 is reserved. */
function noExecuteIsLeftAway(): void {
  const root = newRoot();
  setNoExecuteSupport(false);
  assert(mapPage(root, page(5n), frameAt(9n), KERNEL_DATA) === MapResult.Mapped, "a page");
  assert(mapRange(root, page(6n), frameAt(10n), 1n, KERNEL_DATA) === MapResult.Mapped, "a range");
  assert(findMapping(root, page(5n), mapping) && mapping.flags >> 63n === 0n, "without bit 63");
  assert(findMapping(root, page(6n), mapping) && mapping.flags >> 63n === 0n, "without bit 63");
  setNoExecuteSupport(true);
}

/** Each failure leaves the pages of its range unmapped, however far it came. */
function withoutFramesNothingIsMapped(): void {
  const root = newRoot();
  const spare = allocateFrame() ?? uncheckedFrame(0n);
  const other = allocateFrame() ?? uncheckedFrame(0n);
  const third = allocateFrame() ?? uncheckedFrame(0n);
  const fourth = allocateFrame() ?? uncheckedFrame(0n);
  while (allocateFrame() !== null) verifyCounters();
  assert(mapPage(root, page(5n), frameAt(9n), KERNEL_DATA) === MapResult.OutOfFrames, "no PDPT");
  freeFrame(spare);
  freeFrame(other);
  assert(mapPage(root, page(5n), frameAt(9n), KERNEL_DATA) === MapResult.OutOfFrames, "no PT");
  assert(freeFrameCount() === 0n, "what was attached stays attached");
  freeFrame(third);
  assert(mapRange(root, page(0n), frameAt(9n), 1000n, KERNEL_DATA) === MapResult.OutOfFrames, "no second PT");
  for (let i: u64 = 0n; i < 1000n; i += 1n) assert(!findMapping(root, page(i), mapping), "all or nothing");
  freeFrame(fourth);
  assert(mapRange(root, page(0n), frameAt(9n), 1000n, KERNEL_DATA) === MapResult.Mapped, "now there are enough");
}
