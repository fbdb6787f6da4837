/**
 * Address spaces and page faults on the machine itself: kernel code touches pages of a program, and the processor, the
 * trap handler and the fault path do the rest. What must not work is tried by probes.
 */
import {
  type Frame,
  frameContaining,
  type Page,
  pageAfter,
  pageContaining,
  pageStart,
  PAGE_SIZE,
  virtAddr,
} from "../../arch/x86_64/addresses";
import { detectCpu } from "../../arch/x86_64/cpu";
import { PAGE_FAULT_FETCH, PAGE_FAULT_USER } from "../../arch/x86_64/exceptions";
import { KERNEL_DATA, NO_EXECUTE, type PageTableEntry, userWindowFirst, WRITABLE } from "../../arch/x86_64/pageTable";
import { frameToVirt } from "../../arch/x86_64/physmap";
import { probeExecute, probeRead, probeWrite } from "../../arch/x86_64/probe";
import { applyFlush, flushOfPage } from "../../arch/x86_64/tlb";
import { TrapFrame } from "../../arch/x86_64/trapFrame";
import {
  activeSpace,
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
  remapPages,
  RemapRequest,
  switchSpace,
  unmapPages,
} from "../../kernel/mm/addressSpace";
import { FaultOutcome, lastRefusal, resolveFault, resolvePageFault, zeroFrame } from "../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../kernel/mm/frameAllocator";
import { acquireFrame, failFrameAfter, FrameOwner, frameReferences, releaseFrame } from "../../kernel/mm/frames";
import { kernelRoot } from "../../kernel/mm/kernelSpace";
import { findLeafEntry, findMapping, mapPage, MapResult } from "../../kernel/mm/pageMapper";
import { PageMapping, translate, unmapPage } from "../../kernel/mm/pageMapper";
import { SpaceResult } from "../../kernel/mm/regions";
import { endUserPage, EXECUTE, READ, RegionKind, STACK_GUARD_PAGES, WRITE } from "../../kernel/mm/regionTree";
import { readUser, writeUser } from "../../kernel/mm/userMemory";
import { MetalTest } from "./metalTest";
import { failEveryAcquisition } from "./shortage";
import { benchSpaces } from "./spaceBench";
import { DEVICE_FRAMES, finishSpaceModel, PageAccess, runSpaceModel, startSpaceModel } from "./spaceModel";
import { runSwapSpaces } from "./swapSpaces";

/** Where the tests have their pages, from the start of the user window: across the border of two leaf tables. */
const FIRST: u64 = 0x5_0000_0000n - 4n;
const WORD: u64 = 0x1122_3344_5566_7788n;

export const SPACE_TESTS: FixedArray<MetalTest, 13> = [
  { name: "spaces-model", run: testModel },
  { name: "spaces-swap", run: testSwap },
  { name: "spaces-kernel-half", run: testKernelHalf },
  { name: "spaces-stale", run: testStale },
  { name: "faults-zero", run: testDemandZero },
  { name: "faults-copy", run: testCopyOnWrite },
  { name: "faults-stack", run: testStackGrowth },
  { name: "faults-refused", run: testRefusals },
  { name: "faults-spurious", run: testSpurious },
  { name: "faults-shared", run: testSharedPages },
  { name: "user-copies", run: testUserCopies },
  { name: "spaces-without-frames", run: testWithoutFrames },
  { name: "bench-spaces", run: benchSpaces },
];

const request = new MapRequest();
const mapping = new PageMapping();

// --- Tools -----------------------------------------------------------------------------------------------------------

/** Lets ring 0 touch pages of ring 3 until the next trap returns to other code: tests have no other way. */
function openUserPages(): void {
  if (detectCpu().hasSmap) stac();
}

function closePages(): void {
  if (detectCpu().hasSmap) clac();
}

function canRead(address: u64): bool {
  openUserPages();
  const works = probeRead(address);
  closePages();
  return works;
}

function canWrite(address: u64, word: u64): bool {
  openUserPages();
  const works = probeWrite(address, word);
  closePages();
  return works;
}

function wordAt(address: u64): u64 {
  openUserPages();
  const word = peek64(address);
  closePages();
  return word;
}

function newSpace(): AddressSpace {
  const space = createSpace();
  if (space === null) panic("no frame for an address space");
  return space;
}

function page(index: u64): Page {
  return pageAfter(userWindowFirst(), FIRST + index);
}

function addressOfPage(index: u64): u64 {
  return pageStart(page(index));
}

function base(): u64 {
  return addressOfPage(0n);
}

function mapAt(space: AddressSpace, index: u64, pages: u64, kind: RegionKind, access: u32): void {
  zeroStruct(request);
  request.kind = kind;
  request.placement = Placement.Exactly;
  request.first = page(index);
  request.pages = pages;
  request.access = access;
  request.mostPages = pages;
  expectDone(mapPages(space, request));
}

function expectDone(result: SpaceResult): void {
  assert(result === SpaceResult.Done, `an operation ended with ${result}`);
}

/** The access has faulted and was refused for this reason. */
function expectRefusal(works: bool, reason: FaultOutcome): void {
  assert(!works, `an access works that must end with ${reason}`);
  assert(lastRefusal() === reason, `an access was refused with ${lastRefusal()}, not ${reason}`);
}

function frameOf(space: AddressSpace, index: u64): Frame {
  if (!findMapping(space.root(), page(index), mapping)) panic(`page ${index} must be mapped`);
  return mapping.frame;
}

function leafOf(space: AddressSpace, index: u64): PageTableEntry {
  const leaf = findLeafEntry(space.root(), page(index));
  if (leaf === null) panic(`page ${index} must have a leaf`);
  return leaf;
}

/** Ends the test's address space; then all frames are back. */
function finish(space: AddressSpace, free: u64): void {
  if (activeSpace() === space) leaveSpace();
  destroySpace(space);
  verifyCounters();
  assert(freeFrameCount() === free, `${free - freeFrameCount()} frames are lost`);
}

// --- Model -----------------------------------------------------------------------------------------------------------

@aligned(4096)
class DeviceMemory {
  readonly bytes: FixedArray<u8, 262144>;
}
const deviceMemory = new DeviceMemory();
staticAssert(sizeOf<DeviceMemory>() === u64(DEVICE_FRAMES) * PAGE_SIZE);

/** The same model as on the host, but the processor makes the accesses. */
function testModel(): void {
  startSpaceModel(firstDevice(), accessByProcessor);
  const free = freeFrameCount();
  runSpaceModel(10_000, 1000);
  finishSpaceModel();
  verifyCounters();
  assert(freeFrameCount() === free, `${free - freeFrameCount()} frames are lost`);
}

/** Programs that need three times the memory there is: what they do not use goes to swap, and comes back. */
function testSwap(): void {
  const swapped = runSwapSpaces(firstDevice(), accessByProcessor, 10_000);
  log.info(`${swapped} slots of swap were in use at most`);
}

function firstDevice(): Frame {
  const device = translate(kernelRoot(), virtAddr(addressOf(deviceMemory)));
  if (device === null) panic("the kernel's data is mapped");
  return frameContaining(device);
}

function accessByProcessor(space: AddressSpace, wanted: PageAccess): FaultOutcome {
  if (activeSpace() !== space) switchSpace(space);
  const address = pageStart(wanted.page);
  if (wanted.access === EXECUTE) return fetchFrom(space, wanted.page);
  if (wanted.access === WRITE) return canWrite(address, wanted.word) ? FaultOutcome.Resolved : lastRefusal();
  if (!canRead(address)) return lastRefusal();
  wanted.word = wordAt(address);
  return FaultOutcome.Resolved;
}

/** Ring 0 never runs pages of ring 3: the fault path is asked as if ring 3 had tried. */
function fetchFrom(space: AddressSpace, at: Page): FaultOutcome {
  const outcome = resolveFault(space, pageStart(at), PAGE_FAULT_FETCH | PAGE_FAULT_USER);
  if (outcome !== FaultOutcome.Resolved) return outcome;
  assert(findMapping(space.root(), at, mapping), "what was resolved is mapped");
  assert((mapping.flags & NO_EXECUTE) === 0n, "what was resolved can be executed");
  return outcome;
}

// --- The kernel half -------------------------------------------------------------------------------------------------

/** Addresses of the kernel's that nothing else uses: PML4 entry 508. */
const KERNEL_WINDOW: u64 = 0xffff_fe00_0000_0000n;

/** What the kernel maps is there in every address space, also in those made before; what programs map is in theirs. */
function testKernelHalf(): void {
  const free = freeFrameCount();
  const first = newSpace();
  const second = newSpace();
  mapAt(first, 0n, 1n, RegionKind.Private, READ | WRITE);
  const frame = acquireFrame(FrameOwner.Kernel);
  if (frame === null) panic("no frame for a test");
  const window = pageContaining(virtAddr(KERNEL_WINDOW));
  switchSpace(first);
  assert(mapPage(kernelRoot(), window, frame, KERNEL_DATA) === MapResult.Mapped, "the kernel maps a page");
  poke64(KERNEL_WINDOW, WORD);
  assert(canWrite(base(), 1n), "a page of the program");
  switchSpace(second);
  assert(peek64(KERNEL_WINDOW) === WORD, "the kernel's page is in the other space");
  expectRefusal(canRead(base()), FaultOutcome.NoRegion);
  leaveSpace();
  assert(peek64(KERNEL_WINDOW) === WORD, "and in the kernel's own");
  expectRefusal(probeRead(base()), FaultOutcome.NoSpace);
  switchSpace(first);
  const flush = unmapPage(kernelRoot(), window, mapping);
  if (flush === null) panic("it was mapped");
  applyFlush(flush);
  void releaseFrame(frame);
  assert(!probeRead(KERNEL_WINDOW), "and gone from all of them");
  switchSpace(second);
  assert(!probeRead(KERNEL_WINDOW), "at once");
  leaveSpace();
  destroySpace(first);
  finish(second, free);
}

/** What an operation takes away is gone at once, though the TLB has it: no other address space is used in between. */
function testStale(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 16n, RegionKind.Private, READ | WRITE);
  switchSpace(space);
  for (let i: u64 = 0n; i < 16n; i += 1n) assert(canWrite(addressOfPage(i), i + 1n), "a page");
  expectDone(unmapPages(space, page(1n), 1n));
  expectRefusal(canRead(addressOfPage(1n)), FaultOutcome.NoRegion);
  expectDone(protectStretch(space, page(2n), 1n, READ));
  expectRefusal(canWrite(addressOfPage(2n), WORD), FaultOutcome.NoWrite);
  expectDone(protectStretch(space, page(3n), 1n, 0));
  expectRefusal(canRead(addressOfPage(3n)), FaultOutcome.NoAccess);
  expectDone(discardPages(space, page(4n), 1n));
  assert(wordAt(addressOfPage(4n)) === 0n, "what is discarded is zero");
  request.placement = Placement.Replacing;
  request.first = page(5n);
  request.pages = 1n;
  expectDone(mapPages(space, request));
  assert(wordAt(addressOfPage(5n)) === 0n, "and what is replaced");
  moveLastPages(space);
  finish(space, free);
}

function moveLastPages(space: AddressSpace): void {
  const remap = new RemapRequest();
  mapAt(space, 16n, 1n, RegionKind.Shared, READ);
  remap.first = page(6n);
  remap.oldPages = 10n;
  remap.newPages = 20n;
  remap.mayMove = true;
  expectDone(remapPages(space, remap));
  expectRefusal(canRead(addressOfPage(6n)), FaultOutcome.NoRegion);
  assert(wordAt(pageStart(remap.first)) === 7n, "what is moved is somewhere else");
  assert(canWrite(pageStart(remap.first), WORD), "and can be written");
}

// --- Faults that are no mistake --------------------------------------------------------------------------------------

function testDemandZero(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 8n, RegionKind.Private, READ | WRITE);
  switchSpace(space);
  assert(space.residentPages === 0n, "a region costs nothing until it is touched");
  assert(wordAt(base()) === 0n && frameOf(space, 0n) === zeroFrame(), "what is read first is the zero frame");
  assert((mapping.flags & WRITABLE) === 0n, "which nobody may write");
  assert(canWrite(base(), WORD) && wordAt(base()) === WORD, "a write gets a frame");
  assert(frameOf(space, 0n) !== zeroFrame() && peek64(frameToVirt(zeroFrame())) === 0n, "of its own");
  assert(canWrite(addressOfPage(5n), WORD), "in the other leaf table too");
  assert(wordAt(addressOfPage(5n) + 8n) === 0n, "the rest of a page is zero");
  expectDone(discardPages(space, page(0n), 8n));
  assert(space.residentPages === 0n && wordAt(base()) === 0n, "what is discarded is zero again");
  finish(space, free);
}

function testCopyOnWrite(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 4n, RegionKind.Private, READ | WRITE);
  switchSpace(space);
  assert(canWrite(base(), 1n), "the first word");
  const frame = frameOf(space, 0n);
  const clone = cloneSpace(space);
  if (clone === null) panic("no frames for a clone");
  assert(frameOf(clone, 0n) === frame && frameReferences(frame) === 2, "both have the same frame");
  assert(canWrite(base(), 2n), "the parent writes");
  assert(frameOf(space, 0n) !== frame && frameReferences(frame) === 1, "and has a copy");
  switchSpace(clone);
  assert(wordAt(base()) === 1n, "the clone has the old word");
  assert(canWrite(base(), 3n) && frameOf(clone, 0n) === frame, "the last owner writes without a copy");
  switchSpace(space);
  assert(wordAt(base()) === 2n, "the parent has its own");
  destroySpace(clone);
  finish(space, free);
}

function testStackGrowth(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 1000n, 2n, RegionKind.Stack, READ | WRITE);
  expectDone(unmapPages(space, page(1000n), 2n));
  request.mostPages = 100n;
  expectDone(mapPages(space, request));
  mapAt(space, 920n - STACK_GUARD_PAGES, 1n, RegionKind.Private, READ);
  switchSpace(space);
  assert(canWrite(addressOfPage(1001n), WORD), "the stack as it is");
  assert(canWrite(addressOfPage(960n), WORD) && space.regions.tree.pages === 43n, "it grows to what is touched");
  assert(canRead(addressOfPage(921n)), "down to where the guard gap begins");
  expectRefusal(canWrite(addressOfPage(920n), WORD), FaultOutcome.NoRegion);
  expectDone(unmapPages(space, page(920n - STACK_GUARD_PAGES), 1n));
  assert(canWrite(addressOfPage(902n), WORD), "down to the floor");
  expectRefusal(canWrite(addressOfPage(901n), WORD), FaultOutcome.NoRegion);
  finish(space, free);
}

function testSharedPages(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 8n, RegionKind.Shared, READ | WRITE);
  const clone = cloneSpace(space);
  if (clone === null) panic("no frames for a clone");
  switchSpace(clone);
  assert(canWrite(addressOfPage(6n), WORD), "a page that nobody had touched when the clone was made");
  switchSpace(space);
  assert(wordAt(addressOfPage(6n)) === WORD, "is the same in both");
  assert(canWrite(addressOfPage(6n), WORD + 1n), "and so is what is written");
  destroySpace(clone);
  assert(wordAt(addressOfPage(6n)) === WORD + 1n, "the pages outlive one of the two");
  finish(space, free);
}

/** The TLB remembers less than the tables allow: nothing is wrong but that. */
function testSpurious(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 1n, RegionKind.Private, READ | WRITE);
  switchSpace(space);
  assert(canWrite(base(), 1n), "a page");
  const leaf = leafOf(space, 0n);
  const bits = leaf.raw();
  leaf.setRaw(bits & ~WRITABLE);
  applyFlush(flushOfPage(page(0n)));
  assert(wordAt(base()) === 1n, "the TLB holds it read-only");
  leaf.setRaw(bits);
  assert(canWrite(base(), 2n) && wordAt(base()) === 2n, "a write works all the same");
  assert(frameReferences(frameOf(space, 0n)) === 1, "and nothing was copied");
  finish(space, free);
}

// --- Refusals --------------------------------------------------------------------------------------------------------

function testRefusals(): void {
  expectRefusal(probeRead(base()), FaultOutcome.NoSpace);
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 4n, RegionKind.Private, READ | WRITE);
  switchSpace(space);
  expectRefusal(canRead(addressOfPage(4n)), FaultOutcome.NoRegion);
  expectRefusal(canRead(0n), FaultOutcome.NoRegion);
  assert(canWrite(base(), WORD) && canWrite(addressOfPage(1n), WORD), "pages to protect");
  refuseByPermission(space);
  expectRefusal(probeRead(0xffff_ff00_0000_0000n), FaultOutcome.NotUserAddress);
  expectRefusal(canRead(endUserPage() * PAGE_SIZE), FaultOutcome.NotUserAddress);
  if (detectCpu().hasSmap) refuseKernel();
  expectRefusal(probeExecute(addressOfPage(2n)), FaultOutcome.KernelMistake);
  refuseReservedBit(space);
  failFrameAfter(1n);
  expectRefusal(canWrite(addressOfPage(3n), WORD), FaultOutcome.OutOfMemory);
  assert(canWrite(addressOfPage(3n), WORD), "out of memory is not for good");
  finish(space, free);
}

/** The kernel may not touch what ring 3 may, other than by its copies. */
function refuseKernel(): void {
  expectRefusal(probeRead(addressOfPage(2n)), FaultOutcome.KernelMistake);
  const frame = new TrapFrame();
  assert(!resolvePageFault(frame), "a fault in ring 0 at this address");
  frame.errorCode = PAGE_FAULT_USER;
  assert(resolvePageFault(frame), "and the same in ring 3");
}

function refuseByPermission(space: AddressSpace): void {
  expectDone(protectStretch(space, page(0n), 1n, READ));
  assert(wordAt(base()) === WORD, "what is read-only is read");
  expectRefusal(canWrite(base(), 0n), FaultOutcome.NoWrite);
  assert(fetchFrom(space, page(0n)) === FaultOutcome.NoExecute, "and not executed");
  expectDone(protectStretch(space, page(0n), 1n, READ | EXECUTE));
  assert(fetchFrom(space, page(0n)) === FaultOutcome.Resolved, "unless that is allowed");
  expectDone(protectStretch(space, page(0n), 2n, 0));
  expectRefusal(canRead(base()), FaultOutcome.NoAccess);
  expectRefusal(canWrite(addressOfPage(1n), 0n), FaultOutcome.NoAccess);
  expectDone(protectStretch(space, page(0n), 2n, READ | WRITE));
  assert(wordAt(base()) === WORD && canWrite(base(), WORD), "what was kept from everybody is still there");
  assert(protectStretch(space, page(0n), 2n, WRITE | EXECUTE) === SpaceResult.NotAllowed, "never both");
}

/** A bit between the processor's physical addresses and bit 51 must be clear. */
function refuseReservedBit(space: AddressSpace): void {
  if (detectCpu().physicalAddressBits >= 52) return;
  const leaf = leafOf(space, 0n);
  const bits = leaf.raw();
  leaf.setRaw(bits | (1n << 51n));
  applyFlush(flushOfPage(page(0n)));
  expectRefusal(canRead(base()), FaultOutcome.ReservedBit);
  leaf.setRaw(bits);
  applyFlush(flushOfPage(page(0n)));
}

// --- Copies ----------------------------------------------------------------------------------------------------------

const bytes = new FixedArray<u8, 8192>();
const others = new FixedArray<u8, 8192>();

function testUserCopies(): void {
  const free = freeFrameCount();
  const space = newSpace();
  mapAt(space, 0n, 4n, RegionKind.Private, READ | WRITE);
  switchSpace(space);
  for (let i: u32 = 0; i < bytes.length; i += 1) bytes[i] = u8.wrap(i * 7 + 1);
  expectDone(writeUser(base() + 100n, bytes));
  assert(space.residentPages === 3n, "a copy touches the pages that it needs");
  expectDone(readUser(others, base() + 100n));
  for (let i: u32 = 0; i < bytes.length; i += 1) assert(others[i] === bytes[i], "what was written is read");
  expectDone(readUser(subslice(others, 0, 4104), addressOfPage(3n) - 8n));
  assert(others[7] === 0 && others[4096] === 0, "pages that nobody has touched are zero");
  refuseCopies(space);
  finish(space, free);
}

function refuseCopies(space: AddressSpace): void {
  const end = addressOfPage(4n);
  assert(writeUser(end - 4096n, bytes) === SpaceResult.BadAddress, "it ends where the region does");
  assert(wordAt(end - 4096n) === peek64(addressOf(bytes)), "and what was possible is there");
  assert(readUser(others, end) === SpaceResult.BadAddress, "nothing is there");
  expectDone(protectStretch(space, page(0n), 1n, READ));
  assert(writeUser(base(), bytes) === SpaceResult.BadAddress, "what is read-only is so for the kernel too");
  expectDone(protectStretch(space, page(0n), 1n, 0));
  assert(readUser(others, base()) === SpaceResult.BadAddress, "and what allows no access allows none");
  assert(readUser(others, addressOf(bytes)) === SpaceResult.BadAddress, "a kernel address does not pass");
  assert(writeUser(addressOf(others), bytes) === SpaceResult.BadAddress, "nor to write to");
  assert(writeUser((endUserPage() - 1n) * PAGE_SIZE, bytes) === SpaceResult.BadAddress, "nor one that ends beyond");
  assert(writeUser(u64.MAX - 5n, bytes) === SpaceResult.BadAddress, "nor one that wraps around");
  expectDone(readUser(emptySlice<u8>(), 0n));
  failFrameAfter(1n);
  expectDone(discardPages(space, page(2n), 1n));
  assert(writeUser(addressOfPage(2n), bytes) === SpaceResult.BadAddress, "out of memory is an answer");
}

// --- Out of frames ---------------------------------------------------------------------------------------------------

/** All answers to failures are values, and all frames come back. */
function testWithoutFrames(): void {
  const without = failEveryAcquisition(firstDevice(), accessByProcessor, false);
  const withSwap = failEveryAcquisition(firstDevice(), accessByProcessor, true);
  log.info(`each of ${without} acquisitions has failed once, and each of ${withSwap} with swap`);
}
