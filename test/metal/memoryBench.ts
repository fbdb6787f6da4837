/**
 * What memory management costs: each measurement is an event `@bench name=... count=... ticks=...`. Under `-icount
 * shift=0,sleep=off` a tick is an instruction, and every run gives the same; test/bench/run.ts makes a table of them.
 *
 * The loop around a measured call is part of the figure.
 */
import { type Frame, type Page, pageAfter, pageContaining, pageStart, virtAddr } from "../../arch/x86_64/addresses";
import { KERNEL_DATA, KERNEL_RODATA, pagesPerLeaf } from "../../arch/x86_64/pageTable";
import { zeroFrame } from "../../arch/x86_64/physmap";
import { readTimestamp } from "../../arch/x86_64/timestamp";
import { applyFlush, type Flush } from "../../arch/x86_64/tlb";
import { event } from "../../kernel/log";
import {
  allocateFrame,
  allocateFrames,
  allocateZeroedFrame,
  freeFrame,
  freeFrames,
} from "../../kernel/mm/frameAllocator";
import { freeFrameCount } from "../../kernel/mm/frameAllocator";
import { acquireFrame, FrameOwner, releaseFrame } from "../../kernel/mm/frames";
import { allocateBytes, freeBytes } from "../../kernel/mm/heap";
import { kernelRoot } from "../../kernel/mm/kernelSpace";
import { mapPage, MapResult, mapRange, PageMapping, protectPage } from "../../kernel/mm/pageMapper";
import { protectRange, translate, unmapPage, unmapRange } from "../../kernel/mm/pageMapper";

/** Addresses that nothing else uses: PML4 entry 509. */
const WINDOW: u64 = 0xffff_fe80_0000_0000n;
const ROUNDS: u64 = 1000n;

const mapping = new PageMapping();

function report(name: string, count: u64, start: u64): void {
  const ticks = readTimestamp() - start;
  event(`bench name=${name} count=${count} ticks=${ticks}`);
}

// --- Frames ----------------------------------------------------------------------------------------------------------

export function benchFrames(): void {
  benchPair();
  benchOwned();
  benchObject();
  benchZeroed();
  benchZeroing();
  benchRun();
  benchWorst();
}

function benchPair(): void {
  for (let round: u32 = 0; round < 2; round += 1) {
    const start = readTimestamp();
    for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
      const frame = allocateFrame();
      if (frame !== null) freeFrame(frame);
    }
    if (round === 1) report("frame-pair", ROUNDS, start);
  }
}

function benchOwned(): void {
  for (let round: u32 = 0; round < 2; round += 1) {
    const start = readTimestamp();
    for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
      const frame = acquireFrame(FrameOwner.Anonymous);
      if (frame !== null) void releaseFrame(frame);
    }
    if (round === 1) report("owned-frame-pair", ROUNDS, start);
  }
}

function benchObject(): void {
  for (let round: u32 = 0; round < 2; round += 1) {
    const start = readTimestamp();
    for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
      const address = allocateBytes(64n);
      if (address !== null) freeBytes(address);
    }
    if (round === 1) report("heap-pair", ROUNDS, start);
  }
}

function benchZeroed(): void {
  const start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
    const frame = allocateZeroedFrame();
    if (frame !== null) freeFrame(frame);
  }
  report("zeroed-frame-pair", ROUNDS, start);
}

/** The zeroing alone. */
function benchZeroing(): void {
  const frame = allocateFrame();
  if (frame === null) panic("no frame for a measurement");
  const start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) zeroFrame(frame);
  report("zero-frame", ROUNDS, start);
  freeFrame(frame);
}

function benchRun(): void {
  const start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
    const run = allocateFrames(512n, 512n);
    if (run !== null) freeFrames(run, 512n);
  }
  report("aligned-2mib-run-pair", ROUNDS, start);
}

/**
 * Takes all, in one go; then the allocations that have furthest to go: the one frame that is free is at the other
 * end.
 */
function benchWorst(): void {
  const count = freeFrameCount();
  const first = allocateFrame();
  if (first === null) panic("no frame for a measurement");
  let last: Frame = first;
  const start = readTimestamp();
  for (let frame = allocateFrame(); frame !== null; frame = allocateFrame()) last = frame;
  report("allocate-all", count - 1n, start);
  freeFrame(first);
  benchOne("worst-allocation-downwards");
  freeFrame(last);
  benchOne("worst-allocation-upwards");
}

function benchOne(name: string): void {
  const start = readTimestamp();
  const frame = allocateFrame();
  report(name, 1n, start);
  assert(frame !== null, "one frame was free");
}

// --- Pages -----------------------------------------------------------------------------------------------------------

export function benchPages(): void {
  const frame = allocateFrame();
  if (frame === null) panic("no frame for a measurement");
  benchSingle(frame);
  benchNewTables(frame);
  const first = pagesInTables(frame, pagesPerLeaf(3) * 2n + 1n, 510n);
  benchRange(frame, "", first, 510n);
  benchRange(frame, "-new-tables", windowPage(pagesPerLeaf(3) * 2n + 1024n), 16_384n);
}

function windowPage(index: u64): Page {
  return pageAfter(pageContaining(virtAddr(WINDOW)), index);
}

function expectMapped(result: MapResult): void {
  assert(result === MapResult.Mapped, `mapping for a measurement: ${result}`);
}

function owed(flush: Flush | null): Flush {
  if (flush === null) panic("a page for a measurement is not mapped");
  return flush;
}

/** Pages to measure with in tables that are there: the page before the first and the one behind the last keep them. */
function pagesInTables(frame: Frame, first: u64, count: u64): Page {
  expectMapped(mapPage(kernelRoot(), windowPage(first - 1n), frame, KERNEL_DATA));
  expectMapped(mapPage(kernelRoot(), windowPage(first + count), frame, KERNEL_DATA));
  return windowPage(first);
}

/** One page after the other. */
function benchSingle(frame: Frame): void {
  const first = pagesInTables(frame, 12n, ROUNDS);
  const root = kernelRoot();
  let start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) expectMapped(mapPage(root, pageAfter(first, i), frame, KERNEL_DATA));
  report("map-page", ROUNDS, start);
  start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) assert(translate(root, pageStart(pageAfter(first, i))) !== null);
  report("translate", ROUNDS, start);
  start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) applyFlush(owed(protectPage(root, pageAfter(first, i), KERNEL_RODATA)));
  report("protect-page-flushed", ROUNDS, start);
  start = readTimestamp();
  for (let i: u64 = 0n; i < ROUNDS; i += 1n) applyFlush(owed(unmapPage(root, pageAfter(first, i), mapping)));
  report("unmap-page-flushed", ROUNDS, start);
}

/** One page each where the PT is missing. */
function benchNewTables(frame: Frame): void {
  const start = readTimestamp();
  for (let i: u64 = 1n; i <= 64n; i += 1n) {
    expectMapped(mapPage(kernelRoot(), windowPage(pagesPerLeaf(3) + i * 512n), frame, KERNEL_DATA));
  }
  report("map-page-new-table", 64n, start);
}

function benchRange(frame: Frame, suffix: string, first: Page, pages: u64): void {
  let start = readTimestamp();
  expectMapped(mapRange(kernelRoot(), first, frame, pages, KERNEL_DATA));
  reportRange("map-range", suffix, pages, start);
  start = readTimestamp();
  applyFlush(owed(protectRange(kernelRoot(), first, pages, KERNEL_RODATA)));
  reportRange("protect-range", suffix, pages, start);
  start = readTimestamp();
  applyFlush(owed(unmapRange(kernelRoot(), first, pages)));
  reportRange("unmap-range", suffix, pages, start);
}

function reportRange(name: string, suffix: string, pages: u64, start: u64): void {
  const ticks = readTimestamp() - start;
  event(`bench name=${name}${suffix} count=${pages} ticks=${ticks}`);
}
