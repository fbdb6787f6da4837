/**
 * The memory management on the machine itself: what the tables permit is tried by probes, what they say is walked,
 * and the allocator is emptied for real. Tests called `refuse-...` end in the panic they are about.
 */
import {
  type Frame,
  frameAfter,
  frameAt,
  frameContaining,
  frameStart,
  isPageAligned,
  type Page,
  pageAfter,
  pageContaining,
  pageStart,
  PAGE_SIZE,
  pagingLevels,
  physAddr,
  type PhysAddr,
  uncheckedFrame,
  type VirtAddr,
  virtAddr,
} from "../../arch/x86_64/addresses";
import { rootTable } from "../../arch/x86_64/contexts";
import { activeProtections, detectCpu } from "../../arch/x86_64/cpu";
import { IA32_PAT } from "../../arch/x86_64/msr";
import { ImageSection, sectionEnd, sectionStart } from "../../arch/x86_64/image";
import {
  EXECUTABLE,
  flagsOf,
  GLOBAL,
  KERNEL_DATA,
  KERNEL_RODATA,
  memoryTypeOf,
  NO_EXECUTE,
} from "../../arch/x86_64/pageTable";
import { ACCESSED, areAccessed, areDirty, DIRTY, UNCACHED, USER, wordsOf } from "../../arch/x86_64/pageTable";
import { type PageFlags, pagesPerLeaf, WRITABLE, WRITE_COMBINING } from "../../arch/x86_64/pageTable";
import { isUserPage, PageTable, tableIndex, USER_DATA, userWindowFirst } from "../../arch/x86_64/pageTable";
import { frameToVirt, physmapBase, zeroFrame } from "../../arch/x86_64/physmap";
import { probeExecute, probeRead, probeWrite } from "../../arch/x86_64/probe";
import { guardHolding, guardPageAt, guardPageCount } from "../../arch/x86_64/stacks";
import { PhysmapMode, physmapMode, rootTableOf, tableUnder } from "../../arch/x86_64/tableAccess";
import { applyFlush, type Flush, loadRootTable } from "../../arch/x86_64/tlb";
import { MemoryKind } from "../../boot/bootInfo";
import {
  allocateFrame,
  allocateFrames,
  allocateZeroedFrame,
  freeFrame,
  freeFrameAt,
  freeFrameCount,
  freeFrames,
  isFree,
  isManaged,
  managedFrameCount,
  verifyCounters,
} from "../../kernel/mm/frameAllocator";
import { acquireFrame, acquireZeroedFrame, FrameOwner, releaseFrame } from "../../kernel/mm/frames";
import { kernelRoot, kernelRootFrame, shareKernelHalf } from "../../kernel/mm/kernelSpace";
import { isRamKind, memoryMap, regionOf } from "../../kernel/mm/memoryMap";
import { memoryReport } from "../../kernel/mm/memoryReport";
import {
  clearNoted,
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
} from "../../kernel/mm/pageMapper";
import { mergeLeaf } from "../../kernel/mm/hugeLeaves";
import { proveProtection } from "../../kernel/mm/protectionProof";
import { findLeafTable } from "../../kernel/mm/tables";
import { reportWalk, Walk, walkAddress, WalkOutcome } from "../../kernel/mm/walk";
import { testEveryPermission, testWalksAgree } from "./accessWalks";
import { benchFrames, benchPages } from "./memoryBench";
import { MetalTest } from "./metalTest";
import { benchScale } from "./scaleBench";

/** Addresses that nothing else uses: PML4 entry 510. */
const WINDOW: u64 = 0xffff_ff00_0000_0000n;
/** RET, eight times. */
const RETURNS: u64 = 0xc3c3_c3c3_c3c3_c3c3n;

const mapping = new PageMapping();
const walk = new Walk();

export const MEMORY_TESTS: FixedArray<MetalTest, 39> = [
  { name: "image-permissions", run: testImagePermissions },
  { name: "direct-map", run: testDirectMap },
  { name: "direct-map-aliases", run: testImageAliases },
  { name: "no-identity-map", run: testNoIdentityMap },
  { name: "physmap", run: testPhysmap },
  { name: "other-roots", run: testOtherRoots },
  { name: "many-roots", run: testManyRoots },
  { name: "stale-tables", run: testStaleTables },
  { name: "stack-guards", run: testStackGuards },
  { name: "map-unmap", run: testMapUnmap },
  { name: "stale-translations", run: testStaleTranslations },
  { name: "protect", run: testProtect },
  { name: "map-ranges", run: testMapRanges },
  { name: "huge-leaves", run: testHugeLeaves },
  { name: "map-refusals", run: testMapRefusals },
  { name: "map-without-frames", run: testMapWithoutFrames },
  { name: "walk", run: testWalk },
  { name: "walks-agree", run: testWalksAgree },
  { name: "every-permission", run: testEveryPermission },
  { name: "write-combining", run: testWriteCombining },
  { name: "memory-types", run: testMemoryTypes },
  { name: "noted-uses", run: testNotedUses },
  { name: "allocate-all", run: testAllocateAll },
  { name: "allocate-runs", run: testAllocateRuns },
  { name: "zeroed-frames", run: testZeroedFrames },
  { name: "reclaimed-memory", run: testReclaimedMemory },
  { name: "refuse-writable-text", run: refuseWritableText },
  { name: "refuse-huge-writable-text", run: refuseHugeWritableText },
  { name: "refuse-user-page", run: refuseUserPage },
  { name: "refuse-double-free", run: refuseDoubleFree },
  { name: "refuse-kernel-frame", run: refuseKernelFrame },
  { name: "refuse-frame-zero", run: refuseFrameZero },
  { name: "refuse-frame-beyond", run: refuseFrameBeyond },
  { name: "refuse-unaligned-free", run: refuseUnalignedFree },
  { name: "refuse-run-of-free", run: refuseRunOfFree },
  { name: "refuse-run-beyond", run: refuseRunBeyond },
  { name: "bench-frames", run: benchFrames },
  { name: "bench-pages", run: benchPages },
  { name: "bench-scale", run: benchScale },
];

// --- Permissions -----------------------------------------------------------------------------------------------------

/** Every page of the image but the guard pages: 4 KiB leaves with exactly the permissions of its section. */
function testImagePermissions(): void {
  checkSection(ImageSection.Text, false, true);
  checkSection(ImageSection.Rodata, false, false);
  checkSection(ImageSection.Data, true, false);
  const first = sectionStart(ImageSection.Text);
  assert(!probeRead(first - 1n), "nothing is mapped below the image");
  assert(!probeRead(sectionEnd(ImageSection.Data)), "nothing is mapped above the image");
}

function checkSection(section: ImageSection, writable: bool, executable: bool): void {
  let at = sectionStart(section);
  while (at < sectionEnd(section)) {
    if (guardHolding(at) === null) checkImagePage(virtAddr(at), writable, executable);
    at += PAGE_SIZE;
  }
}

function checkImagePage(address: VirtAddr, writable: bool, executable: bool): void {
  assert(findMapping(kernelRoot(), pageContaining(address), mapping), `${address} must be mapped`);
  assert(mapping.level === 1, `${address} must be a 4 KiB page`);
  const flags = mapping.flags;
  assert(((flags & WRITABLE) !== 0n) === writable, `${address}: writable or not`);
  assert(((flags & NO_EXECUTE) === 0n) === executable, `${address}: executable or not`);
  assert((flags & GLOBAL) !== 0n, `${address} must be global`);
  assert(probeRead(address), `${address} must be readable`);
  if (!writable) assert(!probeWrite(address, 0n), `${address} must not be writable`);
  if (!executable) assert(!probeExecute(address), `${address} must not be executable`);
}

/** All RAM of the memory map and no other, never executable, in the largest leaves that fit. */
function testDirectMap(): void {
  let end: u64 = 0n;
  for (let i: u32 = 0; i < memoryMap.length; i += 1) {
    const region = memoryMap.regions[i];
    checkHole(end, region.first);
    end = region.end;
    if (isRamKind(region.kind)) checkDirectlyMapped(region.first, region.end);
    else if (region.kind !== MemoryKind.Framebuffer) checkHole(region.first, region.end);
  }
  checkHole(end, end + 16n);
}

function checkDirectlyMapped(first: Frame, end: Frame): void {
  let at = first;
  while (at < end) {
    const address = frameToVirt(at);
    assert(findMapping(kernelRoot(), pageContaining(address), mapping), `${frameStart(at)} must be in the direct map`);
    assert(mapping.frame === at, `${frameStart(at)} must be shown as itself`);
    assert((mapping.flags & NO_EXECUTE) !== 0n, `${frameStart(at)} must not be executable`);
    assert(probeRead(address), `${frameStart(at)} must be readable`);
    assert(!probeExecute(address), `${frameStart(at)} must not run`);
    checkLeafSize(at, first, end);
    at = frameAfter(at, stepWithin(mapping.level, at));
  }
}

/** Inside one region a smaller leaf than possible would be a waste. The image's two kinds of pages split theirs. */
function checkLeafSize(frame: Frame, first: Frame, end: Frame): void {
  const largest: u32 = detectCpu().has1GiBPages ? 3 : 2;
  const imageFirst = frameOfImage(ImageSection.Text);
  for (let level = largest; level > mapping.level; level -= 1) {
    const start = frame - (frame % pagesPerLeaf(level));
    const stop = start + pagesPerLeaf(level);
    const holdsImage = start <= imageFirst && imageFirst < stop;
    assert(start < first || stop > end || holdsImage, `${frameStart(frame)} could be part of a larger leaf`);
  }
}

/** Frames to the next leaf, or to the next of a few within a huge one. */
function stepWithin(level: u32, frame: Frame): u64 {
  if (level === 1) return 1n;
  const step = pagesPerLeaf(level) / 4n;
  return step - (frame % step);
}

function checkHole(first: u64, end: u64): void {
  if (first >= end) return;
  assert(!probeRead(frameToVirt(frameAt(first))), `frame ${first} is not RAM and must not be mapped`);
  assert(!probeRead(frameToVirt(frameAt(end - 1n))), `frame ${end - 1n} is not RAM and must not be mapped`);
}

function frameOfImage(section: ImageSection): Frame {
  return frameContaining(physicalOf(sectionStart(section)));
}

/** Where a mapped address lies. */
function physicalOf(address: u64): PhysAddr {
  const physical = translate(kernelRoot(), virtAddr(address));
  if (physical === null) panic(`${hex(address, 16)} must be mapped`);
  return physical;
}

/** What the image protects, its alias in the direct map protects too. */
function testImageAliases(): void {
  const text = frameToVirt(frameOfImage(ImageSection.Text));
  const rodata = frameToVirt(frameOfImage(ImageSection.Rodata));
  const data = frameToVirt(frameOfImage(ImageSection.Data));
  assert(peek64(text) === peek64(sectionStart(ImageSection.Text)), "the alias shows the text");
  assert(!probeWrite(text, 0n) && !probeExecute(text), "the alias of text must be read-only");
  assert(!probeWrite(rodata, 0n) && !probeExecute(rodata), "the alias of rodata must be read-only");
  assert(probeWrite(data, peek64(data)), "the alias of data is writable");
}

/** What belongs to programs is empty, and so is address 0. RAM is at its own address under physmap=identity only. */
function testNoIdentityMap(): void {
  const users = pageStart(userWindowFirst());
  for (let i = tableIndex(userWindowFirst(), pagingLevels()); i < 256; i += 1) {
    assert(!kernelRoot().entries[i].isPresent(), "the lower half belongs to programs");
  }
  const isIdentical = physmapMode() === PhysmapMode.Identity;
  assert(isIdentical === users > 0n, "the kernel takes nothing of it without need");
  assert(!probeRead(0n) && !probeRead(0xfffn) && !probeWrite(0n, 0n) && !probeExecute(0n), "address 0 faults");
  assert(
    !probeRead(users) && !probeWrite(users + 0x10_0000n, 0n) && !probeExecute(users + 0x20_0000n),
    "no identity map",
  );
  assert(probeRead(0x1000n) === isIdentical && !probeExecute(0x20_0000n), "RAM at its own address never runs");
  assert(rootTable() === kernelRootFrame(), "CR3 holds the kernel's own root");
}

/** How tables are reached is what the command line says, and they are the ones that the CPU walks. */
function testPhysmap(): void {
  assert(pagingLevels() === (activeProtections().fiveLevelPaging ? 5 : 4), "as many levels as the CPU walks");
  log.info(`physmap=${physmapMode()} levels=${pagingLevels()} root=${hex(addressOf(kernelRoot()), 16)}`);
  const page = windowPage(3n);
  mapOrPanic(page, frameWith(5n), KERNEL_DATA);
  const link = findLeafTable(kernelRoot(), page);
  assert(link !== null, "the page has a PT");
  const table = tableUnder(link);
  const seen = overlay<PageTable>(frameToVirt(link.frame()));
  assert(table.entries[3].raw() === seen.entries[3].raw(), "which is the one in its frame");
  assert((addressOf(table) === addressOf(seen)) === (physmapMode() === PhysmapMode.Offset), "reached as it should be");
  applyOrPanic(unmapPage(kernelRoot(), page, mapping));
  void releaseFrame(mapping.frame);
}

function testStackGuards(): void {
  for (let i: u32 = 0; i < guardPageCount(); i += 1) {
    const guard = guardPageAt(i);
    assert(isPageAligned(guard), "a guard page is a page");
    assert(!probeRead(guard) && !probeRead(guard + PAGE_SIZE - 1n), `guard page ${guard} must not be readable`);
    assert(
      !probeWrite(guard, 0n) && !probeWrite(guard + PAGE_SIZE - 8n, 0n),
      `guard page ${guard} must not be writable`,
    );
    assert(probeRead(guard + PAGE_SIZE), "above a guard page the stack begins");
  }
}

// --- Mapping ---------------------------------------------------------------------------------------------------------

function windowPage(index: u64): Page {
  return pageAfter(pageContaining(virtAddr(WINDOW)), index);
}

function takeFrame(): Frame {
  const frame = allocateFrame();
  if (frame === null) panic("no frame for a test");
  return frame;
}

/** A frame whose first word is `word`, by its address in the direct map. */
function frameWith(word: u64): Frame {
  const frame = acquireFrame(FrameOwner.Kernel);
  if (frame === null) panic("no frame for a test");
  poke64(frameToVirt(frame), word);
  return frame;
}

function mapOrPanic(page: Page, frame: Frame, flags: PageFlags): void {
  const result = mapPage(kernelRoot(), page, frame, flags);
  assert(result === MapResult.Mapped, `mapping a test page: ${result}`);
}

function applyOrPanic(flush: Flush | null): void {
  if (flush === null) panic("a mapped page was said not to be mapped");
  applyFlush(flush);
}

function testMapUnmap(): void {
  const page = windowPage(5n);
  const address = pageStart(page);
  const frame = frameWith(42n);
  assert(!probeRead(address), "nothing is there yet");
  mapOrPanic(page, frame, KERNEL_DATA);
  assert(probeRead(address) && peek64(address) === 42n, "the page shows its frame");
  assert(probeWrite(address, 43n) && peek64(frameToVirt(frame)) === 43n, "a write reaches the frame");
  assert(physicalOf(address + 17n) === frameStart(frame) + 17n, "translate finds the byte");
  assert(!probeRead(address + PAGE_SIZE) && !probeRead(address - 1n), "its neighbours are not mapped");
  applyOrPanic(unmapPage(kernelRoot(), page, mapping));
  assert(mapping.frame === frame && mapping.level === 1, "unmap gives the frame back");
  assert(!probeRead(address) && !probeWrite(address, 0n), "it is gone");
  assert(translate(kernelRoot(), address) === null, "translate agrees");
  assert(unmapPage(kernelRoot(), page, mapping) === null, "there is nothing to unmap twice");
  void releaseFrame(frame);
}

/** After the flush the old translation is never seen: the page is used before each change, so that the TLB holds it. */
function testStaleTranslations(): void {
  const page = windowPage(600n);
  const address = pageStart(page);
  const one = frameWith(1n);
  const two = frameWith(2n);
  for (let round: u32 = 0; round < 100; round += 1) {
    const frame = round % 2 === 0 ? one : two;
    mapOrPanic(page, frame, KERNEL_DATA);
    assert(peek64(address) === peek64(frameToVirt(frame)), "the page shows its newest frame");
    applyOrPanic(unmapPage(kernelRoot(), page, mapping));
    assert(!probeRead(address), "the flush forgot the page");
  }
  void releaseFrame(one);
  void releaseFrame(two);
}

function testProtect(): void {
  const page = windowPage(7n);
  const address = pageStart(page);
  const frame = frameWith(RETURNS);
  mapOrPanic(page, frame, KERNEL_DATA);
  assert(probeWrite(address, RETURNS) && !probeExecute(address), "data");
  applyOrPanic(protectPage(kernelRoot(), page, KERNEL_RODATA));
  assert(probeRead(address) && !probeWrite(address, 0n) && !probeExecute(address), "rodata");
  applyOrPanic(protectPage(kernelRoot(), page, flagsOf(GLOBAL | EXECUTABLE)));
  assert(probeExecute(address) && !probeWrite(address, 0n), "text");
  applyOrPanic(protectPage(kernelRoot(), page, KERNEL_DATA));
  assert(probeWrite(address, RETURNS) && !probeExecute(address), "data again");
  applyOrPanic(unmapPage(kernelRoot(), page, mapping));
  assert(protectPage(kernelRoot(), page, KERNEL_DATA) === null, "nothing to protect");
  void releaseFrame(frame);
}

/** Other roots are changed without being in CR3; what is in both halves of each is its own, or common. */
function testOtherRoots(): void {
  mapOrPanic(windowPage(1n), frameAt(1n), KERNEL_DATA);
  applyOrPanic(unmapPage(kernelRoot(), windowPage(1n), mapping));
  const free = freeFrameCount();
  const first = newRoot();
  const second = newRoot();
  const page = pageAfter(userWindowFirst(), 700n);
  const one = frameWith(11n);
  const two = frameWith(22n);
  for (let round: u32 = 0; round < 3; round += 1) {
    assert(mapPage(rootTableOf(first), page, one, USER_DATA) === MapResult.Mapped, "a page of the first");
    assert(mapPage(rootTableOf(second), page, two, USER_DATA) === MapResult.Mapped, "a page of the second");
    assert(!probeRead(pageStart(page)), "is not one of the kernel's");
    expectWord(first, page, 11n);
    expectWord(second, page, 22n);
    moveFromFirstToSecond(first, second, page);
    loadRootTable(kernelRootFrame());
    applyOrPanic(unmapPage(rootTableOf(second), page, mapping));
    applyOrPanic(unmapPage(rootTableOf(second), pageAfter(page, 1n), mapping));
  }
  void releaseFrame(one);
  void releaseFrame(two);
  void releaseFrame(first);
  void releaseFrame(second);
  assert(freeFrameCount() === free, "no table is left");
}

/** More roots than can be reached at a time are changed in turn: each has what it was given, and no more. */
function testManyRoots(): void {
  const roots = new FixedArray<Frame, 4>();
  const frames = new FixedArray<Frame, 4>();
  for (let i: u32 = 0; i < roots.length; i += 1) {
    roots[i] = newRoot();
    frames[i] = frameWith(u64(i));
  }
  for (let round: u64 = 0n; round < 4n; round += 1n) {
    const page = pageAfter(userWindowFirst(), 1n + round);
    for (let i: u32 = 0; i < roots.length; i += 1) {
      const result = mapPage(rootTableOf(roots[i]), page, frames[i], USER_DATA);
      assert(result === MapResult.Mapped, `root ${i}: ${result}`);
    }
  }
  for (let i: u32 = 0; i < roots.length; i += 1) {
    for (let round: u64 = 0n; round < 4n; round += 1n) {
      expectWord(roots[i], pageAfter(userWindowFirst(), 1n + round), u64(i));
    }
  }
  loadRootTable(kernelRootFrame());
  for (const root of roots) applyOrPanic(unmapRange(rootTableOf(root), userWindowFirst(), 10n));
}

/** A table that goes is forgotten: the one that comes in its place, in another frame, is the one that counts. */
function testStaleTables(): void {
  const other = newRoot();
  replaceTable(kernelRootFrame(), windowPage(700n));
  replaceTable(kernelRootFrame(), pageAfter(userWindowFirst(), 700n));
  replaceTable(other, pageAfter(userWindowFirst(), 1400n));
  replaceTable(other, windowPage(1400n));
}

function replaceTable(root: Frame, page: Page): void {
  const flags = isUserPage(page) ? USER_DATA : KERNEL_DATA;
  const frame = frameWith(77n);
  for (let round: u32 = 0; round < 4; round += 1) {
    assert(mapPage(rootTableOf(root), page, frame, flags) === MapResult.Mapped, "a page and its table");
    expectWord(root, page, 77n);
    loadRootTable(kernelRootFrame());
    applyOrPanic(unmapPage(rootTableOf(root), page, mapping));
    const neighbour = pageAfter(page, 1n);
    assert(translate(rootTableOf(root), pageStart(neighbour)) === null, "nothing else is there");
    fillMemory(frameToVirt(takeFrame()), 0xff, PAGE_SIZE);
    fillMemory(frameToVirt(takeFrame()), 0xff, PAGE_SIZE);
    fillMemory(frameToVirt(takeFrame()), 0xff, PAGE_SIZE);
  }
}

/** While the first one is in CR3, and so are its tables. */
function moveFromFirstToSecond(first: Frame, second: Frame, page: Page): void {
  loadRootTable(first);
  applyOrPanic(unmapPage(rootTableOf(first), page, mapping));
  const target = pageAfter(page, 1n);
  assert(mapPage(rootTableOf(second), target, mapping.frame, USER_DATA) === MapResult.Mapped, "it moves");
  assert(!probeRead(pageStart(page)) && !probeRead(pageStart(target)), "out of here");
  expectWord(second, target, 11n);
  const kernelPage = windowPage(2n);
  mapOrPanic(kernelPage, frameWith(33n), KERNEL_DATA);
  assert(probeRead(pageStart(kernelPage)) && peek64(pageStart(kernelPage)) === 33n, "the kernel half is common");
  applyOrPanic(unmapPage(kernelRoot(), kernelPage, mapping));
  assert(!probeRead(pageStart(kernelPage)), "both ways");
  void releaseFrame(mapping.frame);
}

function newRoot(): Frame {
  const root = acquireZeroedFrame(FrameOwner.Kernel);
  if (root === null) panic("no frame for a root");
  shareKernelHalf(root);
  return root;
}

function expectWord(root: Frame, page: Page, word: u64): void {
  loadRootTable(root);
  stac();
  assert(probeRead(pageStart(page)) && peek64(pageStart(page)) === word, "each shows its own");
  clac();
  assert(translate(rootTableOf(root), pageStart(page)) !== null, "and knows it");
}

/** Ranges of a few pages (one INVLPG each) and of many (everything flushed), across leaf tables. */
function testMapRanges(): void {
  checkRange(10n, 3n);
  checkRange(500n, 32n);
  checkRange(508n, 33n);
  checkRange(100n, 1400n);
}

function checkRange(index: u64, count: u64): void {
  const first = windowPage(index);
  const run = allocateFrames(count);
  if (run === null) panic("no run of frames for a test");
  assert(mapRange(kernelRoot(), first, run, count, KERNEL_DATA) === MapResult.Mapped, "a free range can be mapped");
  touchRange(first, run, count);
  assert(mapRange(kernelRoot(), windowPage(index - 1n), run, 2n, KERNEL_DATA) === MapResult.AlreadyMapped, "overlap");
  assert(!probeRead(pageStart(windowPage(index - 1n))), "a refused range leaves nothing");
  applyOrPanic(protectRange(kernelRoot(), first, count, KERNEL_RODATA));
  for (let i: u64 = 0n; i < count; i += 1n) {
    const address = pageStart(pageAfter(first, i));
    assert(probeRead(address) && !probeWrite(address, 0n), "protected");
  }
  applyOrPanic(unmapRange(kernelRoot(), first, count));
  for (let i: u64 = 0n; i < count; i += 1n) assert(!probeRead(pageStart(pageAfter(first, i))), "unmapped");
  freeFrames(run, count);
}

function touchRange(first: Page, run: Frame, count: u64): void {
  for (let i: u64 = 0n; i < count; i += 1n) {
    const address = pageStart(pageAfter(first, i));
    assert(probeWrite(address, i), "a mapped page can be written");
    assert(peek64(frameToVirt(frameAfter(run, i))) === i, "page after page shows frame after frame");
  }
}

function testHugeLeaves(): void {
  const page = windowPage(pagesPerLeaf(2) * 64n);
  const address = pageStart(page);
  const run = allocateFrames(pagesPerLeaf(2), pagesPerLeaf(2));
  if (run === null) panic("no 2 MiB of frames for a test");
  assert(mapHugeRange(kernelRoot(), page, run, 2, 1n, KERNEL_DATA) === MapResult.Mapped, "2 MiB can be mapped");
  assert(probeWrite(address + 0x1f_fff8n, 7n), "to its end");
  assert(peek64(frameToVirt(frameAfter(run, 511n)) + 0xff8n) === 7n, "the last frame has it");
  assert(physicalOf(address + 0x1_2345n) === frameStart(run) + 0x1_2345n, "translate knows it");
  const inside = pageAfter(page, 3n);
  assert(mapPage(kernelRoot(), inside, run, KERNEL_DATA) === MapResult.InsideHugePage, "a page inside is refused");
  assert(mapRange(kernelRoot(), inside, run, 9n, KERNEL_DATA) === MapResult.InsideHugePage, "a range inside too");
  applyOrPanic(protectPage(kernelRoot(), inside, KERNEL_RODATA));
  assert(!probeWrite(pageStart(inside), 1n) && probeRead(pageStart(inside)), "a page of it can be protected");
  assert(probeWrite(address, 8n) && probeWrite(pageStart(pageAfter(inside, 1n)), 9n), "and no other with it");
  assert(peek64(frameToVirt(run)) === 8n && peek64(frameToVirt(frameAfter(run, 4n))) === 9n, "which stay in place");
  applyOrPanic(protectPage(kernelRoot(), inside, KERNEL_DATA));
  applyOrPanic(mergeLeaf(kernelRoot(), inside, 2));
  assert(findMapping(kernelRoot(), inside, mapping) && mapping.level === 2, "then it is whole again");
  assert(probeWrite(pageStart(inside), 7n) && peek64(frameToVirt(frameAfter(run, 3n))) === 7n, "and works");
  applyOrPanic(unmapRange(kernelRoot(), windowPage(0n), pagesPerLeaf(2) * 64n + 3n));
  assert(!probeRead(address) && probeRead(pageStart(inside)), "the pages before are gone");
  applyOrPanic(unmapRange(kernelRoot(), page, pagesPerLeaf(2)));
  assert(!probeRead(pageStart(inside)) && !probeRead(address + 0x1f_f000n), "and then the rest");
  freeFrames(run, pagesPerLeaf(2));
}

function testMapRefusals(): void {
  const page = windowPage(9n);
  const frame = frameWith(1n);
  const other = frameWith(2n);
  mapOrPanic(page, frame, KERNEL_DATA);
  assert(mapPage(kernelRoot(), page, other, KERNEL_DATA) === MapResult.AlreadyMapped, "a page is mapped once");
  assert(peek64(pageStart(page)) === 1n, "and keeps its frame");
  const image = pageContaining(virtAddr(sectionStart(ImageSection.Text)));
  assert(mapPage(kernelRoot(), image, other, KERNEL_DATA) === MapResult.AlreadyMapped, "the image is mapped");
  applyOrPanic(unmapPage(kernelRoot(), page, mapping));
  void releaseFrame(frame);
  void releaseFrame(other);
}

/** Mapping where tables are missing, with no frame left for one. */
function testMapWithoutFrames(): void {
  const frame = takeFrame();
  const free = freeFrameCount();
  void takeAll();
  const page = windowPage(pagesPerLeaf(3) * 3n);
  assert(mapPage(kernelRoot(), page, frame, KERNEL_DATA) === MapResult.OutOfFrames, "no frame for a table");
  assert(mapRange(kernelRoot(), page, frame, 1n, KERNEL_DATA) === MapResult.OutOfFrames, "nor for a range");
  assert(!probeRead(pageStart(page)), "nothing is mapped");
  giveAllBack();
  assert(freeFrameCount() === free, "everything is back");
  mapOrPanic(page, frame, KERNEL_DATA);
  assert(probeRead(pageStart(page)), "now there are frames");
}

// --- Walks -----------------------------------------------------------------------------------------------------------

function testWalk(): void {
  const levels = pagingLevels();
  expectWalk(sectionStart(ImageSection.Text) + 0x123n, WalkOutcome.Mapped, levels);
  assert(walk.physical === frameStart(frameOfImage(ImageSection.Text)) + 0x123n, "the walk ends at the byte");
  expectWalk(physmapBase() + 0x1000n, WalkOutcome.Mapped, levels);
  assert(walk.physical === 0x1000n, "the direct map shows it");
  expectWalk(pageStart(userWindowFirst()) + 0xdead_beafn, WalkOutcome.NotPresent, 1);
  expectWalk(0x0100_0000_0000_0000n, WalkOutcome.NotCanonical, 0);
  const page = windowPage(11n);
  mapOrPanic(page, takeFrame(), KERNEL_DATA);
  kernelRoot().entries[300].setTable(frameAt((1n << 39n) - 1n), false);
  const span = pagesPerLeaf(levels) * PAGE_SIZE;
  expectWalk(wrappingSub(0n, span * (512n - 300n)), WalkOutcome.TableOutsideRam, 1);
  kernelRoot().entries[300].clear();
}

function expectWalk(address: u64, outcome: WalkOutcome, steps: u32): void {
  log.info(`walk of ${hex(address, 16)}`);
  walkAddress(rootTable(), address, walk);
  reportWalk(walk, logLine);
  assert(walk.outcome === outcome, `the walk ended with ${walk.outcome}`);
  assert(walk.stepCount === steps, `the walk took ${walk.stepCount} steps`);
}

function logLine(message: Message): void {
  log.info(message);
}

/** Needs a framebuffer. */
function testWriteCombining(): void {
  const address = memoryReport.framebufferAddress;
  assert(findMapping(kernelRoot(), pageContaining(address), mapping), "the framebuffer is mapped");
  assert(memoryTypeOf(mapping.flags) === WRITE_COMBINING, "the framebuffer is write-combining");
  assert((mapping.flags & NO_EXECUTE) !== 0n, "the framebuffer is not executable");
  const region = regionOf(memoryMap, mapping.frame);
  assert(region !== null && region.kind === MemoryKind.Framebuffer, "the memory map knows it");
  assert(probeRead(address), "it can be read");
}

/** What each word for a memory type makes of a page, by the rules of the processor. */
function testMemoryTypes(): void {
  expectMemoryType(0n, 6n);
  expectMemoryType(WRITE_COMBINING, 1n);
  expectMemoryType(UNCACHED, 0n);
}

function expectMemoryType(word: u64, type: u64): void {
  const flags = flagsOf(GLOBAL | WRITABLE | word);
  const page = windowPage(pagesPerLeaf(2) * 3n);
  const frame = takeFrame();
  mapOrPanic(page, frame, flags);
  assert(memoryTypeAt(page, 7n) === type, "of a page");
  assert(
    findMapping(kernelRoot(), page, mapping) && wordsOf(mapping.flags) === (GLOBAL | WRITABLE | word),
    "its words",
  );
  assert(probeWrite(pageStart(page), 5n) && peek64(pageStart(page)) === 5n, "and it is memory");
  applyOrPanic(unmapPage(kernelRoot(), page, mapping));
  assert(mapHugeRange(kernelRoot(), page, frameAt(0n), 2, 1n, flags) === MapResult.Mapped, "a huge leaf");
  assert(memoryTypeAt(page, 12n) === type, "of a huge leaf");
  applyOrPanic(unmapRange(kernelRoot(), page, pagesPerLeaf(2)));
  freeFrame(frame);
}

/** The PAT entry that the leaf of a page chooses. Intel SDM Vol. 3A, "Selecting a Memory Type from the PAT". */
function memoryTypeAt(page: Page, patBit: u64): u64 {
  walkAddress(rootTable(), pageStart(page), walk);
  const bits = walk.steps[walk.stepCount - 1].entry.raw();
  const choice = ((bits >> 3n) & 3n) | (((bits >> patBit) & 1n) << 2n);
  return (readMsr(IA32_PAT) >> (choice * 8n)) & 0xffn;
}

/** The processor notes what it does to a page, and does so again when that was taken back and flushed. */
function testNotedUses(): void {
  const page = windowPage(900n);
  const address = pageStart(page);
  assert(clearNoted(kernelRoot(), page, ACCESSED) === null, "nothing is mapped");
  mapOrPanic(page, takeFrame(), KERNEL_DATA);
  expectNoted(page, false, false);
  for (let round: u32 = 0; round < 3; round += 1) {
    assert(probeRead(address));
    expectNoted(page, true, false);
    assert(probeWrite(address, 1n));
    expectNoted(page, true, true);
    applyOrPanic(clearNoted(kernelRoot(), page, DIRTY));
    expectNoted(page, true, false);
    assert(probeWrite(address, 2n));
    expectNoted(page, true, true);
    applyOrPanic(clearNoted(kernelRoot(), page, ACCESSED | DIRTY));
    expectNoted(page, false, false);
  }
  applyOrPanic(unmapPage(kernelRoot(), page, mapping));
}

function expectNoted(page: Page, accessed: bool, dirty: bool): void {
  assert(findMapping(kernelRoot(), page, mapping), "the page is mapped");
  assert(areAccessed(mapping.flags) === accessed && areDirty(mapping.flags) === dirty, "what the processor noted");
}

// --- Frames ----------------------------------------------------------------------------------------------------------

/** One bit per frame, in a run that the allocator gave: which frames were handed out. */
class Seen {
  words: u64;
  first: Frame;
  frames: u64;
}
const seen = new Seen();

/** Takes every frame there is: each usable, none twice. Then gives all back, in another order. */
function testAllocateAll(): void {
  verifyCounters();
  const free = freeFrameCount();
  const taken = takeAll();
  assert(taken + seen.frames === free, `${taken} frames were handed out of ${free}`);
  assert(freeFrameCount() === 0n && allocateFrames(1n) === null, "nothing is left");
  verifyCounters();
  giveAllBack();
  assert(freeFrameCount() === free, "all frames are back");
  verifyCounters();
  log.info(`${taken} frames handed out and taken back`);
}

/**
 * Takes and checks all frames, without touching them; returns how many there were beside those that keep the account.
 */
function takeAll(): u64 {
  makeSeen(lastRamFrame() + 1n);
  let taken: u64 = 0n;
  let frame = allocateFrame();
  while (frame !== null) {
    checkHandedOut(frame);
    taken += 1n;
    frame = allocateFrame();
  }
  return taken;
}

function lastRamFrame(): u64 {
  let last: u64 = 0n;
  for (let i: u32 = 0; i < memoryMap.length; i += 1) {
    if (isRamKind(memoryMap.regions[i].kind)) last = memoryMap.regions[i].end - 1n;
  }
  return last;
}

function makeSeen(frames: u64): void {
  seen.frames = frames / 8n / PAGE_SIZE + 1n;
  const first = allocateFrames(seen.frames);
  if (first === null) panic("no frames for a bitmap of frames");
  seen.first = first;
  seen.words = frameToVirt(first);
  for (let i: u64 = 0n; i < seen.frames; i += 1n) zeroFrame(frameAfter(first, i));
}

function checkHandedOut(frame: Frame): void {
  const region = regionOf(memoryMap, frame);
  if (region === null) panic(`the frame at ${frameStart(frame)} is in no region`);
  const isOurs = region.kind === MemoryKind.Usable || region.kind === MemoryKind.BootloaderReclaimable;
  assert(isOurs, `the frame at ${frameStart(frame)} is not usable: ${region.kind}`);
  assert(isManaged(frame) && !isFree(frame), "a frame handed out is allocated");
  const word = seen.words + (frame / 64n) * 8n;
  const bit: u64 = 1n << (frame % 64n);
  assert((peek64(word) & bit) === 0n, `the frame at ${frameStart(frame)} was handed out twice`);
  poke64(word, peek64(word) | bit);
}

/** Even frames first, then odd ones, then the bitmap. */
function giveAllBack(): void {
  for (let parity: u64 = 0n; parity < 2n; parity += 1n) {
    for (let frame = parity; frame < seen.frames * PAGE_SIZE * 8n; frame += 2n) {
      if ((peek64(seen.words + (frame / 64n) * 8n) & (1n << (frame % 64n))) !== 0n) freeFrame(frameAt(frame));
    }
  }
  freeFrames(seen.first, seen.frames);
}

function testAllocateRuns(): void {
  const free = freeFrameCount();
  for (let shift: u64 = 0n; shift <= 9n; shift += 1n) checkRun(1n << shift, 1n << shift);
  checkRun(1n, 512n);
  checkRun(63n, 1n);
  checkRun(65n, 64n);
  checkRun(700n, 2n);
  assert(allocateFrames(managedFrameCount() + 1n) === null, "more than there is");
  assert(allocateFrames(1n, 1n << 39n) === null, "an alignment that only frame 0 has");
  assert(freeFrameCount() === free, "a refused run takes nothing");
  verifyCounters();
}

function checkRun(count: u64, alignment: u64): void {
  const free = freeFrameCount();
  const first = allocateFrames(count, alignment);
  if (first === null) panic(`no run of ${count} frames aligned to ${alignment}`);
  assert(first % alignment === 0n, "a run is aligned");
  assert(freeFrameCount() === free - count, "a run counts");
  for (let i: u64 = 0n; i < count; i += 1n) {
    const frame = frameAfter(first, i);
    assert(isManaged(frame) && !isFree(frame), "each frame of a run is allocated");
    assert(probeWrite(frameToVirt(frame), i), "each frame of a run is RAM");
  }
  freeFrames(first, count);
  assert(freeFrameCount() === free, "a run comes back");
}

function testZeroedFrames(): void {
  for (let round: u32 = 0; round < 200; round += 1) {
    const dirty = takeFrame();
    fillMemory(frameToVirt(dirty), 0xa5, PAGE_SIZE);
    freeFrame(dirty);
    const frame = allocateZeroedFrame();
    if (frame === null) panic("no zeroed frame");
    for (let offset: u64 = 0n; offset < PAGE_SIZE; offset += 8n) {
      assert(peek64(frameToVirt(frame) + offset) === 0n, "a zeroed frame is zero");
    }
    freeFrame(frame);
  }
}

/** What was the loader's is in the pool now. */
function testReclaimedMemory(): void {
  let frames: u64 = 0n;
  for (let i: u32 = 0; i < memoryMap.length; i += 1) {
    const region = memoryMap.regions[i];
    if (region.kind !== MemoryKind.BootloaderReclaimable) continue;
    frames += region.end - region.first;
    assert(isManaged(region.first) && isManaged(uncheckedFrame(region.end - 1n)), "reclaimed memory is managed");
  }
  assert(frames === memoryReport.reclaimedFrames, "the report counts the same");
}

// --- Refusals: each panics -------------------------------------------------------------------------------------------

/** The proof of the boot, with something to find. */
function refuseWritableText(): void {
  assert(proveProtection(kernelRootFrame()) > 4, "as long as all is well, all tables are walked");
  mapOrPanic(windowPage(100n), takeFrame(), flagsOf(GLOBAL | WRITABLE | EXECUTABLE));
  void proveProtection(kernelRootFrame());
}

function refuseHugeWritableText(): void {
  const page = windowPage(pagesPerLeaf(2));
  assert(mapHugeRange(kernelRoot(), page, frameAt(0n), 2, 1n, KERNEL_RODATA) === MapResult.Mapped, "read-only");
  void proveProtection(kernelRootFrame());
  applyOrPanic(protectRange(kernelRoot(), page, pagesPerLeaf(2), flagsOf(GLOBAL | WRITABLE | EXECUTABLE)));
  void proveProtection(kernelRootFrame());
}

function refuseUserPage(): void {
  mapOrPanic(windowPage(100n), takeFrame(), flagsOf(GLOBAL | USER | WRITABLE));
  void proveProtection(kernelRootFrame());
}

function refuseDoubleFree(): void {
  const frame = takeFrame();
  freeFrame(frame);
  freeFrame(frame);
}

function refuseKernelFrame(): void {
  freeFrame(frameOfImage(ImageSection.Text));
}

function refuseFrameZero(): void {
  freeFrame(frameAt(0n));
}

function refuseFrameBeyond(): void {
  freeFrame(frameAt(lastRamFrame() + (1n << 38n)));
}

function refuseUnalignedFree(): void {
  freeFrameAt(physAddr(frameStart(takeFrame()) + 8n));
}

function refuseRunOfFree(): void {
  const first = allocateFrames(8n);
  if (first === null) panic("no run");
  freeFrame(frameAfter(first, 5n));
  freeFrames(first, 8n);
}

function refuseRunBeyond(): void {
  const last = frameAt(lastRamFrame());
  freeFrames(last, 1_000_000_000n);
}
