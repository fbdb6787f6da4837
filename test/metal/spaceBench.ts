/**
 * What address spaces and page faults cost, as events like those of memoryBench.ts. A fault is measured from the access
 * that causes it to the access that then works: trap entry, handler, return, and the loop around them.
 *
 *     window    | table | table | ...      one page of each table is touched before, unless its table is measured
 */
import { type Page, pageAfter, pageAt, PAGE_SIZE } from "../../arch/x86_64/addresses";
import { detectCpu } from "../../arch/x86_64/cpu";
import { tableIndex, USER_DATA } from "../../arch/x86_64/pageTable";
import { tableUnder } from "../../arch/x86_64/tableAccess";
import { readTimestamp } from "../../arch/x86_64/timestamp";
import {
  type AddressSpace,
  cloneSpace,
  createSpace,
  destroySpace,
  discardPages,
  leaveSpace,
  mapPages,
  MapRequest,
  Placement,
  protectStretch,
  switchSpace,
  unmapPages,
} from "../../kernel/mm/addressSpace";
import { acquireZeroedFrame, FrameOwner } from "../../kernel/mm/frames";
import { SpaceResult } from "../../kernel/mm/regions";
import { READ, RegionKind, WRITE } from "../../kernel/mm/regionTree";
import { countLive, findLeafTable } from "../../kernel/mm/tables";
import { event } from "../../kernel/log";

const FIRST: u64 = 0x5_0000_0000n;
const ROUNDS: u64 = 1000n;
const PAGES_PER_TABLE: u64 = 512n;

const request = new MapRequest();

export function benchSpaces(): void {
  const space = newSpace();
  switchSpace(space);
  if (detectCpu().hasSmap) stac();
  benchZeroFaults(space);
  benchNewTables(space);
  benchAround(space);
  benchCopies(space);
  benchChanges(space);
  benchSinglePages(space);
  if (detectCpu().hasSmap) clac();
  leaveSpace();
  destroySpace(space);
  benchEmptySpace();
}

function report(name: string, count: u64, start: u64): void {
  const ticks = readTimestamp() - start;
  event(`bench name=${name} count=${count} ticks=${ticks}`);
}

function newSpace(): AddressSpace {
  const space = createSpace();
  if (space === null) panic("no frame for an address space");
  return space;
}

function expectDone(result: SpaceResult): void {
  assert(result === SpaceResult.Done, `an operation for a measurement ended with ${result}`);
}

function mapWindow(space: AddressSpace, pages: u64): void {
  request.kind = RegionKind.Private;
  request.placement = Placement.Replacing;
  request.access = READ | WRITE;
  request.first = pageAt(FIRST);
  request.pages = pages;
  expectDone(mapPages(space, request));
}

/** One page of each table of the first `pages` pages. */
function touchTables(pages: u64): void {
  for (let i: u64 = PAGES_PER_TABLE - 1n; i < pages + PAGES_PER_TABLE; i += PAGES_PER_TABLE) writePage(i);
}

function writePage(index: u64): void {
  poke64((FIRST + index) * PAGE_SIZE, index);
}

function readPage(index: u64): void {
  void peek64((FIRST + index) * PAGE_SIZE);
}

/** The first `count` pages, without the last of each table. */
function writePages(count: u64): void {
  let address = FIRST * PAGE_SIZE;
  for (let i: u64 = 0n; i < count; i += 1n) {
    poke64(address, i);
    address += PAGE_SIZE;
  }
}

function benchZeroFaults(space: AddressSpace): void {
  mapWindow(space, 2n * ROUNDS);
  touchTables(ROUNDS);
  let start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) readPage(i);
  report("fault-read", ROUNDS, start);
  start = readTimestamp();
  writePages(ROUNDS);
  report("fault-write-after-read", ROUNDS, start);
  mapWindow(space, 2n * ROUNDS);
  touchTables(ROUNDS);
  start = readTimestamp();
  writePages(ROUNDS);
  report("fault-write", ROUNDS, start);
  start = readTimestamp();
  writePages(ROUNDS);
  report("no-fault", ROUNDS, start);
}

function benchNewTables(space: AddressSpace): void {
  mapWindow(space, 100n * PAGES_PER_TABLE);
  writePage(99n * PAGES_PER_TABLE);
  const start = readTimestamp();
  for (let i: u64 = 0n; i < 64n; i += 1n) writePage(i * PAGES_PER_TABLE);
  report("fault-new-table", 64n, start);
  expectDone(unmapPages(space, pageAt(FIRST), 100n * PAGES_PER_TABLE));
}

/**
 * Fault-around as it would be: after a fault, the pages that follow in the same table get their frames too. Pages are
 * touched one after the other, and one in sixteen.
 */
function benchAround(space: AddressSpace): void {
  for (let around: u64 = 1n; around <= 16n; around <<= 1n) {
    benchTouches(space, "sequential", around, 1n);
    benchTouches(space, "sparse", around, 16n);
  }
}

function benchTouches(space: AddressSpace, name: string, around: u64, stride: u64): void {
  const touches: u64 = 480n / stride;
  mapWindow(space, PAGES_PER_TABLE);
  writePage(PAGES_PER_TABLE - 1n);
  const before = space.residentPages;
  const start = readTimestamp();
  for (let i: u64 = 0n; i < touches; i += 1n) {
    const page = i * stride;
    const resident = space.residentPages;
    writePage(page);
    if (space.residentPages !== resident) fillBehind(space, pageAt(FIRST + page + 1n), around - 1n);
  }
  const ticks = readTimestamp() - start;
  event(`bench name=touch-${name}-around-${around} count=${touches} ticks=${ticks}`);
  const frames = space.residentPages - before;
  event(`around name=${name} pages=${around} touched=${touches} frames=${frames}`);
}

/** Gives `count` pages from `first` on, all in one table, frames of their own, where they have none. */
function fillBehind(space: AddressSpace, first: Page, count: u64): void {
  const link = findLeafTable(space.root(), first);
  assert(link !== null, "the page that faulted has a table");
  const leaves = tableUnder(link).entries;
  let filled: u32 = 0;
  for (let i: u64 = 0n; i < count; i += 1n) {
    const leaf = leaves[tableIndex(pageAfter(first, i), 1)];
    if (!leaf.isEmpty()) continue;
    const frame = acquireZeroedFrame(FrameOwner.Anonymous);
    assert(frame !== null, "no frame for a measurement");
    leaf.set(frame, USER_DATA);
    filled += 1;
  }
  countLive(link.frame(), filled);
  space.residentPages += u64(filled);
}

function benchCopies(space: AddressSpace): void {
  mapWindow(space, 2n * ROUNDS);
  writePages(ROUNDS);
  let start = readTimestamp();
  const clone = cloneSpace(space);
  report("clone-page", ROUNDS, start);
  if (clone === null) panic("no frames for a clone");
  start = readTimestamp();
  writePages(ROUNDS);
  report("fault-copy", ROUNDS, start);
  destroySpace(clone);
  const other = cloneSpace(space);
  if (other === null) panic("no frames for a clone");
  start = readTimestamp();
  destroySpace(other);
  report("destroy-page", ROUNDS, start);
  start = readTimestamp();
  writePages(ROUNDS);
  report("fault-last-owner", ROUNDS, start);
}

function benchChanges(space: AddressSpace): void {
  mapWindow(space, 2n * ROUNDS);
  writePages(ROUNDS);
  let start = readTimestamp();
  expectDone(protectStretch(space, pageAt(FIRST), 2n * ROUNDS, READ));
  report("protect-read-page", ROUNDS, start);
  start = readTimestamp();
  expectDone(protectStretch(space, pageAt(FIRST), 2n * ROUNDS, READ | WRITE));
  report("protect-write-page", ROUNDS, start);
  start = readTimestamp();
  expectDone(protectStretch(space, pageAt(FIRST + 7n), 1n, READ));
  report("protect-one-split", 1n, start);
  start = readTimestamp();
  expectDone(discardPages(space, pageAt(FIRST), ROUNDS / 2n));
  report("discard-page", ROUNDS / 2n, start);
  writePages(4n);
  start = readTimestamp();
  expectDone(unmapPages(space, pageAt(FIRST + ROUNDS / 2n), ROUNDS / 2n));
  report("unmap-page-touched", ROUNDS / 2n, start);
}

function benchSinglePages(space: AddressSpace): void {
  for (let i: u64 = 0n; i < 20n; i += 1n) {
    request.placement = Placement.Exactly;
    request.first = pageAt(FIRST - 1000n + i * 2n);
    request.pages = 1n;
    expectDone(mapPages(space, request));
  }
  request.placement = Placement.Anywhere;
  const start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
    request.first = pageAt(0n);
    expectDone(mapPages(space, request));
    expectDone(unmapPages(space, request.first, 1n));
  }
  report("map-unmap-one", ROUNDS, start);
  request.pages = 1n << 20n;
  const reserve = readTimestamp();
  request.first = pageAt(0n);
  expectDone(mapPages(space, request));
  expectDone(unmapPages(space, request.first, 1n << 20n));
  report("map-unmap-4gib", 1n, reserve);
}

function benchEmptySpace(): void {
  const start = readTimestamp();
  destroySpace(newSpace());
  report("create-destroy-space", 1n, start);
}
