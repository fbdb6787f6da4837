/** The page mapper where it says no, and huge leaves: what it answers, and that nothing changed. */
import { frameAt, frameStart, type Page, pageAfter, pageAt, pageStart, virtAddr } from "../../../arch/x86_64/addresses";
import { type Frame, NO_FRAME, uncheckedFrame } from "../../../arch/x86_64/addresses";
import {
  KERNEL_DATA,
  KERNEL_RODATA,
  memoryTypeOf,
  pageFlags,
  type PageTable,
  pagesPerLeaf,
} from "../../../arch/x86_64/pageTable";
import {
  ACCESSED,
  DIRTY,
  FRAMEBUFFER,
  setNoExecuteSupport,
  USER,
  USER_DATA,
  WRITE_COMBINING,
} from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import {
  allocateFrame,
  allocateZeroedFrame,
  freeFrame,
  freeFrameCount,
  verifyCounters,
} from "../../../kernel/mm/frameAllocator";
import { failFrameAfter } from "../../../kernel/mm/frames";
import {
  findLeafEntry,
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
import { mergeLeaf } from "../../../kernel/mm/hugeLeaves";
import { attachedTables, attachFilledTable } from "../../../kernel/mm/tables";
import { startOwnedMachine } from "./simulatedMemory";

const BASE: u64 = 0xf_ffff_8000_0000n;
const mapping = new PageMapping();

export function main(): void {
  startOwnedMachine(512n);
  hugeLeavesAreWhole();
  hugeMemoryTypesKeepTheirBit();
  hugeRangesCrossTables();
  pagesAreCutOutOfHugeLeaves();
  hugeLeavesGoAsAWhole();
  splitLeavesMergeAgain();
  whatIsNotOneLeafStays();
  whatTheCpuNotedSurvives();
  tablesBlockHugeLeaves();
  emptyTablesGo();
  wholeTablesAreFilled();
  noTableIsLeftWithoutOneToFill();
  absentEntriesAreLive();
  emptyRangesAreNothing();
  noExecuteIsLeftAway();
  withoutFramesNothingChanges();
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

/** A 1 GiB leaf becomes 511 of 2 MiB and 511 of 4 KiB around the page that goes. */
function pagesAreCutOutOfHugeLeaves(): void {
  const root = newRoot();
  const free = freeFrameCount();
  const frame = pagesPerLeaf(3) * 7n;
  assert(mapHugeRange(root, page(0n), frameAt(frame), 3, 1n, FRAMEBUFFER) === MapResult.Mapped, "1 GiB");
  assert(unmapPage(root, page(1000n), mapping) !== null, "a page of it can go");
  assert(mapping.frame === frameAt(frame + 1000n) && mapping.level === 3, "and says what it was");
  assert(!findMapping(root, page(1000n), mapping), "it is gone");
  expectPage(root, 999n, frame + 999n, 1);
  expectPage(root, 1023n, frame + 1023n, 1);
  expectPage(root, 1024n, frame + 1024n, 2);
  expectPage(root, 0n, frame, 2);
  assert(memoryTypeOf(mapping.flags) === WRITE_COMBINING, "the memory type stays");
  assert(protectRange(root, page(2000n), 3000n, KERNEL_RODATA) !== null, "part of it can change");
  expectPage(root, 1999n, frame + 1999n, 1);
  assert(mapping.flags === pageFlags(FRAMEBUFFER | 1n), "what lies before keeps its flags");
  expectPage(root, 2048n, frame + 2048n, 2);
  assert(mapping.flags === pageFlags(KERNEL_RODATA | 1n), "whole leaves change as they are");
  expectPage(root, 4999n, frame + 4999n, 1);
  assert(mapping.flags === pageFlags(KERNEL_RODATA | 1n), "up to the last page");
  expectPage(root, 5000n, frame + 5000n, 1);
  assert(mapping.flags === pageFlags(FRAMEBUFFER | 1n), "and no further");
  assert(unmapRange(root, page(0n), pagesPerLeaf(3)) !== null, "all of it can go");
  assert(freeFrameCount() === free - 1n, "with its tables, but for the one under the root");
}

function expectPage(root: PageTable, index: u64, frame: u64, level: u32): void {
  assert(findMapping(root, page(index), mapping), `page ${index} must be mapped`);
  assert(mapping.frame === frameAt(frame) && mapping.level === level, `page ${index}: ${mapping.frame}`);
}

function hugeLeavesGoAsAWhole(): void {
  const root = newRoot();
  assert(mapHugeRange(root, page(512n), frameAt(0n), 2, 3n, KERNEL_DATA) === MapResult.Mapped, "6 MiB");
  const tables = attachedTables(1);
  assert(protectRange(root, page(0n), 1536n, KERNEL_RODATA) !== null, "two leaves");
  assert(unmapRange(root, page(1024n), 512n) !== null, "one leaf");
  assert(attachedTables(1) === tables, "without a split");
  expectPage(root, 512n, 0n, 2);
  assert(mapping.flags === pageFlags(KERNEL_RODATA | 1n), "changed");
  assert(!findMapping(root, page(1024n), mapping), "gone");
  expectPage(root, 1536n, 1024n, 2);
  assert(mapping.flags === pageFlags(KERNEL_DATA | 1n), "left alone");
}

function splitLeavesMergeAgain(): void {
  const root = newRoot();
  const frame = pagesPerLeaf(3);
  assert(mapHugeRange(root, page(0n), frameAt(frame), 3, 1n, FRAMEBUFFER) === MapResult.Mapped, "1 GiB");
  const free = freeFrameCount();
  assert(protectPage(root, page(700n), KERNEL_RODATA) !== null, "one page changes");
  assert(freeFrameCount() === free - 2n, "for two tables");
  assert(mergeLeaf(root, page(700n), 2) === null, "a page that differs keeps its PT");
  assert(protectPage(root, page(700n), FRAMEBUFFER) !== null, "it changes back");
  assert(mergeLeaf(root, page(700n), 3) === null, "tables are no leaves");
  assert(mergeLeaf(root, page(700n), 2) !== null && mergeLeaf(root, page(9n), 3) !== null, "level by level");
  assert(freeFrameCount() === free, "the tables are gone");
  expectPage(root, 700n, frame + 700n, 3);
  assert(mapping.flags === pageFlags(FRAMEBUFFER | 1n), "it is what it was");
}

function whatIsNotOneLeafStays(): void {
  const root = newRoot();
  assert(mergeLeaf(root, page(0n), 2) === null && mergeLeaf(root, page(0n), 3) === null, "there is nothing");
  assert(mapRange(root, page(0n), frameAt(1n), 512n, KERNEL_DATA) === MapResult.Mapped, "512 pages");
  assert(mergeLeaf(root, page(0n), 2) === null, "that do not start at 2 MiB");
  assert(unmapRange(root, page(0n), 512n) !== null, "are gone");
  assert(mapRange(root, page(0n), frameAt(512n), 511n, KERNEL_DATA) === MapResult.Mapped, "511 pages");
  assert(mergeLeaf(root, page(0n), 2) === null, "are too few");
  assert(mapPage(root, page(511n), frameAt(1024n), KERNEL_DATA) === MapResult.Mapped, "one elsewhere");
  assert(mergeLeaf(root, page(0n), 2) === null, "breaks the row");
}

/** Accessed and dirty are what the CPU noted in any part. */
function whatTheCpuNotedSurvives(): void {
  const root = newRoot();
  const noted = pageFlags(KERNEL_DATA | ACCESSED | DIRTY);
  assert(mapHugeRange(root, page(0n), frameAt(0n), 2, 1n, noted) === MapResult.Mapped, "a leaf in use");
  assert(protectPage(root, page(3n), KERNEL_RODATA) !== null, "is split");
  assert(findMapping(root, page(3n), mapping) && mapping.flags === pageFlags(KERNEL_RODATA | 0x61n), "by a change");
  assert(findMapping(root, page(4n), mapping) && mapping.flags === pageFlags(KERNEL_DATA | 0x61n), "into the same");
  assert(unmapRange(root, page(0n), 512n) !== null, "gone");
  assert(mapRange(root, page(0n), frameAt(0n), 512n, KERNEL_DATA) === MapResult.Mapped, "pages not in use");
  const entry = findLeafEntry(root, page(77n));
  assert(entry !== null, "but one");
  entry.set(frameAt(77n), noted);
  assert(mergeLeaf(root, page(0n), 2) !== null, "are one leaf");
  assert(findMapping(root, page(4n), mapping) && mapping.flags === pageFlags(KERNEL_DATA | 0x61n), "in use");
  assert(protectRange(root, page(0n), 512n, KERNEL_RODATA) !== null, "that changes");
  assert(findMapping(root, page(4n), mapping) && mapping.flags === pageFlags(KERNEL_RODATA | 0x61n), "still in use");
}

/** With the last entry of a table the table goes, and all above it; the kernel's second level stays. */
function emptyTablesGo(): void {
  const root = newRoot();
  const free = freeFrameCount();
  const user = pageAt(5n);
  assert(mapPage(root, user, frameAt(9n), pageFlags(USER)) === MapResult.Mapped, "a page of a program");
  assert(mapPage(root, pageAt(6n), frameAt(9n), pageFlags(USER)) === MapResult.Mapped, "and another");
  assert(freeFrameCount() === free - 3n, "take three tables");
  assert(unmapPage(root, user, mapping) !== null && freeFrameCount() === free - 3n, "which stay with one");
  assert(unmapPage(root, pageAt(6n), mapping) !== null && freeFrameCount() === free, "and go with the last");
  assert(root.entries[0].isEmpty(), "nothing leads to them");
  assert(mapRange(root, page(500n), frameAt(9n), 1000n, KERNEL_DATA) === MapResult.Mapped, "pages of the kernel");
  assert(unmapRange(root, page(500n), 999n) !== null && freeFrameCount() === free - 3n, "leave a way to the last");
  assert(unmapRange(root, page(0n), 5000n) !== null && freeFrameCount() === free - 1n, "and then one table");
  verifyCounters();
}

/** Whichever of its three tables finds no frame, the others are not there either. */
function noTableIsLeftWithoutOneToFill(): void {
  const root = newRoot();
  const free = freeFrameCount();
  for (let nth: u64 = 1n; nth <= 3n; nth += 1n) {
    failFrameAfter(nth);
    assert(!attachFilledTable(root, pageAt(512n), frameAt(0x1000n), USER_DATA), "one is missing");
    assert(freeFrameCount() === free && root.entries[0].isEmpty(), "and nothing was made");
  }
  assert(attachFilledTable(root, pageAt(512n), frameAt(0x1000n), USER_DATA), "all three");
  assert(!attachFilledTable(root, pageAt(512n), frameAt(0x1000n), USER_DATA), "only once");
  assert(freeFrameCount() === free - 3n && unmapRange(root, pageAt(512n), 512n) !== null, "and they go again");
  assert(freeFrameCount() === free, "all of them");
}

/** A PT that a range needs all of is written once, whatever its frame held; one page in the way undoes the range. */
function wholeTablesAreFilled(): void {
  const root = newRoot();
  const free = freeFrameCount();
  assert(mapRange(root, page(500n), frameAt(0x1000n), 1500n, KERNEL_DATA) === MapResult.Mapped, "over four tables");
  for (let i: u64 = 0n; i < 1500n; i += 1n) {
    assert(findMapping(root, page(500n + i), mapping) && mapping.frame === frameAt(0x1000n + i), "each page its frame");
  }
  assert(mapping.flags === pageFlags(KERNEL_DATA | 1n), "with its flags");
  assert(!findMapping(root, page(499n), mapping) && !findMapping(root, page(2000n), mapping), "and no others");
  assert(mapRange(root, page(2048n), frameAt(9n), 1n, KERNEL_DATA) === MapResult.Mapped, "a page further up");
  const before = freeFrameCount();
  assert(mapRange(root, page(2000n), frameAt(9n), 600n, KERNEL_DATA) === MapResult.AlreadyMapped, "is in the way");
  assert(freeFrameCount() === before && !findMapping(root, page(2047n), mapping), "nothing is left of the range");
  assert(unmapRange(root, page(0n), 4096n) !== null && freeFrameCount() === free - 1n, "every table goes");
  verifyCounters();
}

/** What is not present but not empty either keeps its table, and its place. */
function absentEntriesAreLive(): void {
  const root = newRoot();
  const free = freeFrameCount();
  assert(mapPage(root, pageAt(5n), frameAt(9n), pageFlags(USER)) === MapResult.Mapped, "a page");
  const entry = findLeafEntry(root, pageAt(5n));
  assert(entry !== null, "has an entry");
  entry.setRaw(0xabc0n);
  assert(!findMapping(root, pageAt(5n), mapping) && unmapPage(root, pageAt(5n), mapping) === null, "not mapped");
  assert(mapPage(root, pageAt(5n), frameAt(9n), pageFlags(USER)) === MapResult.AlreadyMapped, "but taken");
  assert(protectRange(root, pageAt(0n), 512n, pageFlags(USER)) !== null && entry.raw() === 0xabc0n, "and left alone");
  assert(unmapRange(root, pageAt(5n), 1n) !== null && freeFrameCount() === free, "until it is emptied");
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

/** Each failure leaves everything as it was, however far it came. */
function withoutFramesNothingChanges(): void {
  const root = newRoot();
  const spares = new FixedArray<Frame, 6>();
  for (let i: u32 = 0; i < spares.length; i += 1) spares[i] = allocateFrame() ?? NO_FRAME;
  while (allocateFrame() !== null) verifyCounters();
  assert(mapPage(root, page(5n), frameAt(9n), KERNEL_DATA) === MapResult.OutOfFrames, "no PDPT");
  freeFrame(spares[0]);
  freeFrame(spares[1]);
  assert(mapPage(root, page(5n), frameAt(9n), KERNEL_DATA) === MapResult.OutOfFrames, "no PT");
  assert(freeFrameCount() === 1n, "the PD went back, the PDPT stays");
  freeFrame(spares[2]);
  assert(mapRange(root, page(0n), frameAt(9n), 1000n, KERNEL_DATA) === MapResult.OutOfFrames, "no second PT");
  for (let i: u64 = 0n; i < 1000n; i += 1n) assert(!findMapping(root, page(i), mapping), "all or nothing");
  assert(freeFrameCount() === 2n, "the tables went back");
  freeFrame(spares[3]);
  assert(mapRange(root, page(0n), frameAt(9n), 1000n, KERNEL_DATA) === MapResult.Mapped, "now there are enough");
  splitsNeedFrames(root, spares);
}

function splitsNeedFrames(root: PageTable, spares: FixedArray<Frame, 6>): void {
  assert(unmapRange(root, page(0n), 1000n) !== null, "three tables come back");
  assert(mapHugeRange(root, page(0n), frameAt(0n), 3, 1n, KERNEL_DATA) === MapResult.Mapped, "1 GiB");
  while (allocateFrame() !== null) verifyCounters();
  freeFrame(spares[4]);
  assert(unmapPage(root, page(600n), mapping) === null, "one table is not enough for a page");
  assert(freeFrameCount() === 1n && findMapping(root, page(600n), mapping) && mapping.level === 3, "nothing changed");
  freeFrame(spares[5]);
  assert(protectRange(root, page(600n), 600n, KERNEL_RODATA) === null, "nor two for both ends of a range");
  assert(freeFrameCount() === 2n && findMapping(root, page(600n), mapping) && mapping.level === 3, "nothing changed");
  assert(mapping.flags === pageFlags(KERNEL_DATA | 1n), "no flag either");
  assert(unmapPage(root, page(600n), mapping) !== null, "but for a page");
}
