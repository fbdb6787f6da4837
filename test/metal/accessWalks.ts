/**
 * The software walk of an access against the processor's own: after every operation of a random sequence on the
 * mapper, accesses of every kind, under changing rules, must do what the walk says, down to the error code of the
 * fault, and note in the tables what the walk notes there.
 *
 *     operation --> its flush --> access, no further flush:        same outcome?     a missing flush shows here
 *                                 flush, tables as before, access:  same outcome, same tables?
 *
 * All of it happens in two windows, one of programs and one of the kernel, that 2 MiB leaves and pages share.
 *
 * And exhaustively where that is small: one leaf of each size, with every combination of permission bits in the entries
 * on the way to it, for every kind of access under all rules.
 */
import { type Frame, frameAfter, frameAt, frameContaining, type Page, pageAfter } from "../../arch/x86_64/addresses";
import { type VirtAddr } from "../../arch/x86_64/addresses";
import { rootTable } from "../../arch/x86_64/contexts";
import { pageContaining, pageStart, virtAddr } from "../../arch/x86_64/addresses";
import { AccessKind, AccessOutcome, AccessResult, AccessRules, walkAccess } from "../../arch/x86_64/accessWalk";
import { CR0_WRITE_PROTECT, CR4_SMAP, CR4_SMEP } from "../../arch/x86_64/controlRegisters";
import { activeProtections, detectCpu } from "../../arch/x86_64/cpu";
import { Vector } from "../../arch/x86_64/exceptions";
import { EXECUTABLE, flagsOf, GLOBAL, isUserPage, NO_EXECUTE, NOTED } from "../../arch/x86_64/pageTable";
import { type PageFlags, pagesPerLeaf, PageTableEntry, USER } from "../../arch/x86_64/pageTable";
import { userWindowFirst, WRITABLE } from "../../arch/x86_64/pageTable";
import { frameToVirt, frameWords, tableIn } from "../../arch/x86_64/physmap";
import { lastProbeFault, probeExecute, probeRead, probeWrite } from "../../arch/x86_64/probe";
import { applyFlush, type Flush, flushOfPage } from "../../arch/x86_64/tlb";
import { allocateFrames, freeFrameCount, freeFrames } from "../../kernel/mm/frameAllocator";
import { mergeLeaf } from "../../kernel/mm/hugeLeaves";
import { kernelRoot } from "../../kernel/mm/kernelSpace";
import { mapHugeRange, mapPage, mapRange, MapResult, PageMapping, protectPage } from "../../kernel/mm/pageMapper";
import { protectRange, unmapPage, unmapRange } from "../../kernel/mm/pageMapper";
import { Walk, walkAddress } from "../../kernel/mm/walk";

const STEPS: u32 = 10_000;
/** Addresses that nothing else uses: PML4 entry 510. */
const KERNEL_WINDOW: u64 = 0xffff_ff00_0000_0000n;
const WINDOW_PAGES: u64 = 2048n;
const HUGE_PAGES: u64 = 512n;
/** RET, eight times. */
const RETURNS: u64 = 0xc3c3_c3c3_c3c3_c3c3n;

class State {
  random: u64 = 0x2545_f491_4f6c_dd1dn;
  /** A run of frames full of RETs, aligned to 2 MiB. */
  frames: Frame;
  translated: u64;
  faults: u64;
}
const state = new State();
const rules = new AccessRules();
const expected = new AccessResult();
const before = new Walk();
const after = new Walk();
const old = new PageMapping();

export function testWalksAgree(): void {
  takeFrames();
  const free = freeFrameCount();
  for (let i: u32 = 0; i < STEPS; i += 1) {
    const page = randomPage();
    remember(page);
    operate(page);
    checkAccess(page);
    checkAccess(randomPage());
  }
  emptyWindow(pageContaining(virtAddr(KERNEL_WINDOW)));
  emptyWindow(userWindowFirst());
  assert(freeFrameCount() + 1n >= free, "no table is left but the one under the kernel half of the root");
  freeFrames(state.frames, HUGE_PAGES);
  assert(state.translated > 1000n && state.faults > 1000n, "some work and some fault");
  log.info(`steps=${STEPS} translated=${state.translated} faults=${state.faults}`);
}

function takeFrames(): void {
  const run = allocateFrames(HUGE_PAGES, HUGE_PAGES);
  if (run === null) panic("no 2 MiB of frames for a test");
  state.frames = run;
  for (let i: u64 = 0n; i < HUGE_PAGES; i += 1n) fillWithReturns(frameAfter(run, i));
}

function fillWithReturns(frame: Frame): void {
  const words = frameWords(frame);
  for (let i: u32 = 0; i < words.length; i += 1) words[i] = RETURNS;
}

function emptyWindow(first: Page): void {
  const flush = unmapRange(kernelRoot(), first, WINDOW_PAGES);
  assert(flush !== null, "whole leaves need no frames");
  applyFlush(flush);
}

// --- Random ----------------------------------------------------------------------------------------------------------

/** A number below `limit`, which is far below 2^32. Xorshift. */
function below(limit: u64): u64 {
  state.random ^= state.random << 13n;
  state.random ^= state.random >> 7n;
  state.random ^= state.random << 17n;
  return (state.random >> 32n) % limit;
}

/** Few pages, so that operations meet: eight around each of the borders between 2 MiB. */
function randomPage(): Page {
  const first = below(2n) === 0n ? userWindowFirst() : pageContaining(virtAddr(KERNEL_WINDOW));
  return pageAfter(first, HUGE_PAGES * (1n + below(3n)) - 4n + below(8n));
}

function randomFrame(): Frame {
  return frameAfter(state.frames, below(HUGE_PAGES));
}

function randomFlags(page: Page): PageFlags {
  let words = isUserPage(page) ? 0n : GLOBAL;
  if (below(2n) === 0n) words |= WRITABLE;
  if (below(2n) === 0n) words |= EXECUTABLE;
  if (below(4n) !== 0n && isUserPage(page)) words |= USER;
  return flagsOf(words);
}

// --- Operations ------------------------------------------------------------------------------------------------------

function operate(page: Page): void {
  const flags = randomFlags(page);
  const hugePage = pageContaining(virtAddr(pageStart(page) & ~(HUGE_PAGES * 4096n - 1n)));
  switch (below(10n)) {
    case 0n:
    case 1n:
    case 2n:
      void mapPage(kernelRoot(), page, randomFrame(), flags);
      break;
    case 3n:
      void mapRange(kernelRoot(), page, state.frames, 1n + below(20n), flags);
      break;
    case 4n:
      flushed(unmapRange(kernelRoot(), hugePage, HUGE_PAGES));
      void mapHugeRange(kernelRoot(), hugePage, state.frames, 2, 1n, flags);
      break;
    case 5n:
      flushed(unmapPage(kernelRoot(), page, old));
      break;
    case 6n:
      flushed(unmapRange(kernelRoot(), page, 1n + below(60n)));
      break;
    case 7n:
      flushed(protectPage(kernelRoot(), page, flags));
      break;
    case 8n:
      flushed(protectRange(kernelRoot(), page, 1n + below(60n), flags));
      break;
    default:
      flushed(protectRange(kernelRoot(), hugePage, HUGE_PAGES, flags));
      flushed(mergeLeaf(kernelRoot(), page, 2));
      break;
  }
}

function flushed(flush: Flush | null): void {
  if (flush !== null) applyFlush(flush);
}

/** Uses the page in every way that works, so that the TLB holds it. */
function remember(page: Page): void {
  const hasSmap = detectCpu().hasSmap;
  if (hasSmap) stac();
  void probeRead(pageStart(page));
  void probeWrite(pageStart(page), RETURNS);
  if (hasSmap) clac();
  void probeExecute(pageStart(page));
}

// --- Accesses --------------------------------------------------------------------------------------------------------

/** Twice: with what the TLB knows, and then from the tables. */
function checkAccess(page: Page): void {
  const address = pageStart(page) + below(512n) * 8n;
  const kind = below(3n) === 0n ? AccessKind.Read : below(2n) === 0n ? AccessKind.Write : AccessKind.Execute;
  setRules();
  walkAddress(rootTable(), address, before);
  walkAccess(rootTable(), address, kind, rules, expected);
  walkAddress(rootTable(), address, after);
  putBack(before);
  expectAccess(address, kind);
  putBack(before);
  applyFlush(flushOfPage(page));
  expectAccess(address, kind);
  expectNotes(after);
  restoreRules();
  if (expected.outcome === AccessOutcome.Translated) state.translated += 1n;
  else state.faults += 1n;
}

/** Some rules of the processor, in force and in `rules`. Mostly as they are: a change of them empties the TLB. */
function setRules(): void {
  const cpu = detectCpu();
  if (below(16n) === 0n) writeCr0(readCr0() & ~CR0_WRITE_PROTECT);
  if (below(16n) === 0n) writeCr4(readCr4() & ~CR4_SMEP);
  if (below(16n) === 0n) writeCr4(readCr4() & ~CR4_SMAP);
  noteRules(cpu.hasSmap && below(2n) === 0n);
}

/** What is in force now, for the walk. */
function noteRules(alignmentCheck: bool): void {
  const active = activeProtections();
  rules.user = false;
  rules.writeProtect = active.writeProtect;
  rules.noExecute = active.noExecute;
  rules.smep = active.smep;
  rules.smap = active.smap;
  rules.alignmentCheck = alignmentCheck;
  rules.physicalBits = detectCpu().physicalAddressBits;
}

function restoreRules(): void {
  const cpu = detectCpu();
  writeCr0(readCr0() | CR0_WRITE_PROTECT);
  if (cpu.hasSmep) writeCr4(readCr4() | CR4_SMEP);
  if (cpu.hasSmap) writeCr4(readCr4() | CR4_SMAP);
}

/** Makes the entries on the way what they were. */
function putBack(walk: Walk): void {
  for (let i: u32 = 0; i < walk.stepCount; i += 1) entryOf(walk, i).setRaw(walk.steps[i].entry.raw());
}

function entryOf(walk: Walk, step: u32): PageTableEntry {
  return tableIn(walk.steps[step].table).entries[walk.steps[step].index];
}

function expectNotes(walk: Walk): void {
  for (let i: u32 = 0; i < walk.stepCount; i += 1) {
    const said = walk.steps[i].entry.raw();
    const found = entryOf(walk, i).raw();
    assert(said === found, `step ${i} to ${hex(walk.address)}: the walk leaves ${hex(said)}, the CPU ${hex(found)}`);
  }
}

function expectAccess(address: u64, kind: AccessKind): void {
  const worked = access(address, kind);
  const right = expected.outcome === AccessOutcome.Translated;
  assert(worked === right, `${kind} of ${hex(address)}: the walk says ${expected.outcome} ${hex(expected.errorCode)}`);
  if (worked) {
    if (kind === AccessKind.Write) expectWritten(address);
    return;
  }
  const fault = lastProbeFault();
  assert(fault.vector === u32(Vector.PageFault) && fault.address === address, "a page fault at that address");
  assert(fault.errorCode === expected.errorCode, `error ${hex(fault.errorCode)}, not ${hex(expected.errorCode)}`);
}

/** The write reached the byte that the walk says. RETs again then. */
function expectWritten(address: u64): void {
  const frame = frameContaining(expected.physical);
  assert(frame >= state.frames && frame < state.frames + HUGE_PAGES, "one of the test's frames");
  const place = frameToVirt(frame) + (address & 4095n);
  assert(peek64(place) === address, "it goes where the walk says");
  poke64(place, RETURNS);
}

function access(address: u64, kind: AccessKind): bool {
  if (rules.alignmentCheck) stac();
  let worked = false;
  switch (kind) {
    case AccessKind.Read:
      worked = probeRead(address);
      break;
    case AccessKind.Write:
      worked = probeWrite(address, address);
      break;
    case AccessKind.Execute:
      worked = probeExecute(address);
      break;
  }
  if (rules.alignmentCheck) clac();
  return worked;
}

// --- Everything ------------------------------------------------------------------------------------------------------

const PERMISSIONS: u64 = WRITABLE | USER | NO_EXECUTE;
/** Settings of write protection, SMEP, SMAP, and RFLAGS.AC. */
const SETTINGS: u32 = 16;

export function testEveryPermission(): void {
  takeFrames();
  const free = freeFrameCount();
  const largest: u32 = detectCpu().has1GiBPages ? 3 : 2;
  for (let level: u32 = 1; level <= largest; level += 1) {
    const first = pageAfter(userWindowFirst(), pagesPerLeaf(3));
    const address = mapLeaf(first, level);
    walkAddress(rootTable(), address, before);
    for (let setting: u32 = 0; setting < SETTINGS; setting += 1) {
      if (useSetting(setting)) everyCombination(address, 1 << (3 * (5 - level)));
    }
    restoreRules();
    putBack(before);
    flushed(unmapRange(kernelRoot(), first, pagesPerLeaf(level)));
  }
  assert(freeFrameCount() === free, "no table is left");
  freeFrames(state.frames, HUGE_PAGES);
  log.info(`translated=${state.translated} faults=${state.faults}`);
}

/** Maps the leaf that has the test's frames in it. Returns where the first of them is. */
function mapLeaf(first: Page, level: u32): VirtAddr {
  const inLeaf = state.frames & (pagesPerLeaf(level) - 1n);
  const start = frameAt(state.frames - inLeaf);
  const flags = flagsOf(USER | WRITABLE | EXECUTABLE);
  const result =
    level === 1
      ? mapPage(kernelRoot(), first, start, flags)
      : mapHugeRange(kernelRoot(), first, start, level, 1n, flags);
  assert(result === MapResult.Mapped, "nothing else is there");
  return pageStart(pageAfter(first, inLeaf));
}

/** One bit for each. False: this processor cannot. */
function useSetting(setting: u32): bool {
  const cpu = detectCpu();
  restoreRules();
  if (((setting & 2) !== 0 && !cpu.hasSmep) || ((setting & 12) !== 0 && !cpu.hasSmap)) return false;
  if ((setting & 1) === 0) writeCr0(readCr0() & ~CR0_WRITE_PROTECT);
  if ((setting & 2) === 0) writeCr4(readCr4() & ~CR4_SMEP);
  if ((setting & 4) === 0) writeCr4(readCr4() & ~CR4_SMAP);
  noteRules((setting & 8) !== 0);
  return true;
}

/** Three bits for each of the lowest four levels, or of those that the leaf leaves of them. */
function everyCombination(address: VirtAddr, combinations: u32): void {
  for (let bits: u32 = 0; bits < combinations; bits += 1) {
    expectLikeWalk(address, bits, AccessKind.Read);
    expectLikeWalk(address, bits, AccessKind.Write);
    expectLikeWalk(address, bits, AccessKind.Execute);
  }
}

function expectLikeWalk(address: VirtAddr, bits: u32, kind: AccessKind): void {
  permit(bits);
  walkAccess(rootTable(), address, kind, rules, expected);
  walkAddress(rootTable(), address, after);
  permit(bits);
  invlpg(address);
  expectAccess(address, kind);
  const works = expected.outcome === AccessOutcome.Translated;
  // QEMU 7.2 notes the use of a 1 GiB leaf before it refuses that.
  if (works || before.steps[before.stepCount - 1].level < 3) expectNotes(after);
  if (works) state.translated += 1n;
  else state.faults += 1n;
}

/** Gives the entries on the way these permissions, three bits for each from the leaf up, and takes their notes away. */
function permit(bits: u32): void {
  let left = u64(bits);
  for (let i = before.stepCount; i > 0 && before.stepCount - i < 4; i -= 1) {
    const others = before.steps[i - 1].entry.raw() & ~(PERMISSIONS | NOTED);
    const writable: u64 = (left & 1n) !== 0n ? WRITABLE : 0n;
    const user: u64 = (left & 2n) !== 0n ? USER : 0n;
    const noExecute: u64 = (left & 4n) !== 0n ? NO_EXECUTE : 0n;
    entryOf(before, i - 1).setRaw(others | writable | user | noExecute);
    left >>= 3n;
  }
}
