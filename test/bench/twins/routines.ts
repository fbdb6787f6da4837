/**
 * The kernel's hot routines, as driver.c calls them: `run_NAME` does a fixed amount of work and returns a check sum.
 * The twins in C beside this file do the same work on the same data.
 *
 * Physical memory is the arena of test/unit/programs, 8192 frames.
 */
import { type Frame, type Page, frameAt, pageAfter, pageAt, pageStart } from "../../../arch/x86_64/addresses";
import { uncheckedFrame, uncheckedVirtAddr } from "../../../arch/x86_64/addresses";
import { KERNEL_DATA, type PageFlags, type PageTable } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import { MemoryKind, RawMemoryRange } from "../../../boot/bootInfo";
import { writeDecimal, writeHex } from "../../../kernel/console/format";
import { allocateFrame, allocateFrames, freeFrame, freeFrames } from "../../../kernel/mm/frameAllocator";
import { FrameOwner, acquireZeroedFrame } from "../../../kernel/mm/frames";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, MemoryMap } from "../../../kernel/mm/memoryMap";
import { mapPage, MapResult, mapRange, PageMapping, protectRange } from "../../../kernel/mm/pageMapper";
import { translate, unmapPage, unmapRange } from "../../../kernel/mm/pageMapper";
import { physAddr } from "../../../arch/x86_64/addresses";
import { startOwnedMachine } from "../../unit/programs/simulatedMemory";

const MACHINE_FRAMES: u64 = 8192n;
const PAIRS: u32 = 10_000;
const FILL: u32 = 4096;
const RUNS: u32 = 1000;
const RUN_FRAMES: u64 = 100n;
const RUN_ALIGNMENT: u64 = 128n;
/** All but two of those of one table. */
const PAGES: u64 = 510n;
const MAPPED_PAGES: u64 = 4096n;
const RANGES: u32 = 64;
const WORDS: u32 = 1024;
const NUMBERS: u32 = 256;

/** The first of a table in the upper half. It stays mapped, and holds that table while others come and go. */
const HELD_PAGE: u64 = 0xf_ffff_8000_0000n;

/** What a kernel would not know while it is compiled lies here, and in twins' statics: gcc must not compute with it. */
class Bench {
  root: Ref<PageTable>;
  page: Page;
  /** From here on pages stay mapped. */
  mappedPage: Page;
  flags: PageFlags;
  rangePages: u64;
  mappedPages: u64;
  runFrames: u64;
  alignment: u64;
  frames: FixedArray<Frame, 4096>;
  ranges: FixedArray<RawMemoryRange, 64>;
  words: FixedArray<u64, 1024>;
  text: FixedArray<u8, 32>;
  textLength: u32;
}
const bench = new Bench();
const map = new MemoryMap();

export function main(): void {}

exportC("prepare", prepare);
exportC("run_frame_pair", runFramePair);
exportC("run_frame_fill", runFrameFill);
exportC("run_frame_run", runFrameRun);
exportC("run_map_page", runMapPage);
exportC("run_translate", runTranslate);
exportC("run_map_range", runMapRange);
exportC("run_protect_range", runProtectRange);
exportC("run_memory_map", runMemoryMap);
exportC("run_bit_scans", runBitScans);
exportC("run_bit_counts", runBitCounts);
exportC("run_decimal", runDecimal);
exportC("run_hexadecimal", runHexadecimal);

/** Once, before everything else. */
function prepare(): void {
  startOwnedMachine(MACHINE_FRAMES);
  bench.page = pageAt(HELD_PAGE + 1n);
  bench.mappedPage = pageAt(HELD_PAGE + 512n);
  bench.flags = KERNEL_DATA;
  bench.rangePages = PAGES;
  bench.mappedPages = MAPPED_PAGES;
  bench.runFrames = RUN_FRAMES;
  bench.alignment = RUN_ALIGNMENT;
  bench.root = tableIn(acquireZeroedFrame(FrameOwner.Table) ?? uncheckedFrame(0n));
  assert(mapPage(bench.root, pageAt(HELD_PAGE), frameAt(1n), KERNEL_DATA) === MapResult.Mapped);
  assert(mapRange(bench.root, bench.mappedPage, frameAt(1n), MAPPED_PAGES, KERNEL_DATA) === MapResult.Mapped);
  let state: u64 = 88172645463325252n;
  for (let i: u32 = 0; i < WORDS; i += 1) {
    state = nextRandom(state);
    bench.words[i] = state >> (state & 63n);
  }
  for (let i: u32 = 0; i < RANGES; i += 1) prepareRange(bench.ranges[i], i);
}

/** Ranges as loaders bring them: nearly sorted, some not aligned, some overlapping their neighbours. */
function prepareRange(range: RawMemoryRange, i: u32): void {
  const swapped = i % 16 === 15 ? i - 1 : i % 16 === 14 ? i + 1 : i;
  range.base = u64(swapped) * 0x80_0000n + (i % 8 === 5 ? 0x123n : 0n);
  range.length = i % 8 === 3 ? 0x90_0000n : 0x80_0000n;
  range.kind = i % 4 === 1 ? 1n : i % 8 === 6 ? 5n : 0n;
}

function nextRandom(state: u64): u64 {
  const first = state ^ (state << 13n);
  const second = first ^ (first >> 7n);
  return second ^ (second << 17n);
}

// --- Frames ----------------------------------------------------------------------------------------------------------

function runFramePair(): u64 {
  let sum: u64 = 0n;
  for (let i: u32 = 0; i < PAIRS; i += 1) {
    const frame = allocateFrame();
    if (frame === null) continue;
    sum = wrappingAdd(sum, frame);
    freeFrame(frame);
  }
  return sum;
}

function runFrameFill(): u64 {
  let sum: u64 = 0n;
  for (let i: u32 = 0; i < FILL; i += 1) {
    const frame = allocateFrame() ?? uncheckedFrame(0n);
    bench.frames[i] = frame;
    sum = wrappingAdd(sum, frame);
  }
  for (let i: u32 = 0; i < FILL; i += 1) freeFrame(bench.frames[i]);
  return sum;
}

function runFrameRun(): u64 {
  let sum: u64 = 0n;
  for (let i: u32 = 0; i < RUNS; i += 1) {
    const first = allocateFrames(bench.runFrames, bench.alignment);
    if (first === null) continue;
    sum = wrappingAdd(sum, first);
    freeFrames(first, bench.runFrames);
  }
  return sum;
}

// --- Pages -----------------------------------------------------------------------------------------------------------

function runMapPage(): u64 {
  const mapping = new PageMapping();
  let sum: u64 = 0n;
  for (let i: u64 = 0n; i < PAGES; i += 1n) {
    const result = mapPage(bench.root, pageAfter(bench.page, i), uncheckedFrame(i + 1n), bench.flags);
    if (result === MapResult.Mapped) sum = wrappingAdd(sum, 1n);
  }
  for (let i: u64 = 0n; i < PAGES; i += 1n) {
    if (unmapPage(bench.root, pageAfter(bench.page, i), mapping) !== null)
      sum = wrappingAdd(sum, mapping.frame + u64(mapping.level));
  }
  return sum;
}

/** Addresses of one page: what is measured is the walk. */
function runTranslate(): u64 {
  const mapping = new PageMapping();
  const start: u64 = pageStart(bench.page);
  let sum: u64 = u64(mapPage(bench.root, bench.page, frameAt(7n), bench.flags));
  for (let i: u64 = 0n; i < PAGES; i += 1n) {
    const physical = translate(bench.root, uncheckedVirtAddr(start + i * 8n));
    if (physical !== null) sum = wrappingAdd(sum, physical);
  }
  if (unmapPage(bench.root, bench.page, mapping) !== null) sum = wrappingAdd(sum, 1n);
  return sum;
}

function runMapRange(): u64 {
  const result = mapRange(bench.root, bench.page, frameAt(1n), bench.rangePages, bench.flags);
  const flush = unmapRange(bench.root, bench.page, bench.rangePages);
  return u64(result) + (flush === null ? 0n : 1n);
}

function runProtectRange(): u64 {
  return protectRange(bench.root, bench.mappedPage, bench.mappedPages, bench.flags) ?? 0n;
}

// --- The memory map --------------------------------------------------------------------------------------------------

function runMemoryMap(): u64 {
  beginMemoryMap(46n);
  addClaim(physAddr(0n), 4096n, MemoryKind.Reserved);
  for (const range of bench.ranges) addRange(range);
  finishMemoryMap(map);
  let sum: u64 = u64(map.length);
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    sum = wrappingAdd(sum, (region.first ^ (region.end << 20n)) + u64(region.kind));
  }
  return sum;
}

// --- Bits and numbers ------------------------------------------------------------------------------------------------

function runBitScans(): u64 {
  let sum: u64 = 0n;
  for (const word of bench.words) sum = wrappingAdd(sum, u64(trailingZeros(word) + leadingZeros(word)));
  return sum;
}

function runBitCounts(): u64 {
  let sum: u64 = 0n;
  for (const word of bench.words) sum = wrappingAdd(sum, u64(popCount(word)));
  return sum;
}

function putByte(byte: u8): void {
  bench.text[bench.textLength & 31] = byte;
  bench.textLength = wrappingAdd(bench.textLength, 1);
}

function runDecimal(): u64 {
  bench.textLength = 0;
  for (let i: u32 = 0; i < NUMBERS; i += 1) writeDecimal(putByte, bench.words[i], 1);
  return u64(bench.textLength) + u64(bench.text[0]);
}

function runHexadecimal(): u64 {
  bench.textLength = 0;
  for (let i: u32 = 0; i < NUMBERS; i += 1) writeHex(putByte, bench.words[i], 1);
  return u64(bench.textLength) + u64(bench.text[0]);
}
