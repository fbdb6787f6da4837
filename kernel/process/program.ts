/**
 * From an executable file to an address space that is ready to run it.
 *
 *     +---------------------------+
 *     |  strings, auxiliary       |  what the program is told
 *     |  vector, pointers, argc   |  <- RSP
 *     |  stack                    |  grows down, 8 MiB at most
 *     |                           |
 *     |  heap                     |  behind the last segment, grows by brk
 *     |  segments                 |  W^X, as the file says: its pages are read when they are touched
 *     +---------------------------+  where each of them lies, layout.ts says
 *
 * System V ABI AMD64, "Process Initialization"; Linux man-pages, getauxval(3).
 */

import { type Frame, PAGE_SIZE, type Page, pageAt, pagesFor } from "../../arch/x86_64/addresses";
import { type AddressSpace, activeSpace, createSpace, destroySpace, leaveSpace } from "../mm/addressSpace";
import { MapRequest, Placement, mapPages, protectStretch, switchSpace } from "../mm/addressSpace";
import { openFileStore } from "../mm/fileStore";
import { SpaceResult } from "../mm/regions";
import { EXECUTE, READ, RegionKind, WRITE } from "../mm/regionTree";
import { releaseStore } from "../mm/sharedPages";
import { WordWriter, writeUser } from "../mm/userMemory";
import { fillRandom } from "../random";
import { type Arguments } from "./arguments";
import { type Executable, type Segment } from "./elf";
import { Layout, STACK_PAGES } from "./layout";

/** A program that could run now. */
export class LoadedProgram {
  space: Ref<AddressSpace> | null;
  entry: u64;
  stackPointer: u64;
  /** Where its heap begins, page aligned. */
  heapStart: u64;
}

/** What a stack may grow to. */
export const STACK_BYTES: u64 = STACK_PAGES * PAGE_SIZE;
const FIRST_STACK_PAGES: u64 = 32n;

/** Tags of the auxiliary vector. */
enum Auxiliary {
  End = 0,
  ProgramHeaders = 3,
  HeaderBytes = 4,
  HeaderCount = 5,
  PageSize = 6,
  Entry = 9,
  UserId = 11,
  EffectiveUserId = 12,
  GroupId = 13,
  EffectiveGroupId = 14,
  ClockTicks = 17,
  Secure = 23,
  Random = 25,
}
const CLOCK_TICKS: u64 = 100n;
const RANDOM_BYTES: u64 = 16n;

const request = new MapRequest();
const layout = new Layout();
const randomBytes = new FixedArray<u8, 16>();

/** Makes an address space with the program in it. False: out of memory; `program.space` is null then. */
export function loadProgram(file: Slice<u8>, executable: Executable, given: Arguments, program: LoadedProgram): bool {
  program.space = null;
  const store = openFileStore(file);
  if (store === null) return false;
  const space = createSpace();
  if (space !== null) {
    const before = activeSpace();
    switchSpace(space);
    const isComplete = fillSpace(space, file, store, executable, given, program);
    if (before === null) leaveSpace();
    else switchSpace(before);
    if (isComplete) program.space = space;
    else destroySpace(space);
  }
  releaseStore(store);
  return program.space !== null;
}

function fillSpace(
  space: AddressSpace,
  file: Slice<u8>,
  store: Frame,
  executable: Executable,
  given: Arguments,
  program: LoadedProgram,
): bool {
  layout.choose(executable);
  space.placeEnd = layout.placeEnd;
  for (let i: u32 = 0; i < executable.segmentCount; i += 1) {
    const segment = executable.segments[i];
    if (!loadSegment(space, file, store, segment)) return false;
    const end = pagesFor(layout.base + segment.address + segment.memoryBytes);
    program.heapStart = (end + layout.heapGap) * PAGE_SIZE;
  }
  program.entry = layout.base + executable.entry;
  if (!mapStack(space)) return false;
  const stackPointer = writeStart(executable, given);
  if (stackPointer === null) return false;
  program.stackPointer = stackPointer;
  return true;
}

/**
 * Maps a segment. Pages that the file fills come from it when they are touched; one where it ends within is filled at
 * once, and behind it all is zero.
 */
function loadSegment(space: AddressSpace, file: Slice<u8>, store: Frame, segment: Segment): bool {
  const address = layout.base + segment.address;
  const fileEnd = address + segment.fileBytes;
  const first = pageAt(address / PAGE_SIZE);
  const end = pagesFor(address + segment.memoryBytes);
  const whole = segment.memoryBytes === segment.fileBytes ? end : fileEnd / PAGE_SIZE;
  const rest = pageAt(whole > first ? whole : first);
  const access = READ | (segment.isWritable ? WRITE : 0) | (segment.isExecutable ? EXECUTE : 0);
  if (rest > first) {
    askFor(RegionKind.File, first, rest - first, access);
    request.store = store;
    request.origin = segment.offset / PAGE_SIZE;
    if (mapPages(space, request) !== SpaceResult.Done) return false;
  }
  if (rest === end) return true;
  askFor(RegionKind.Private, rest, end - rest, READ | WRITE);
  if (mapPages(space, request) !== SpaceResult.Done) return false;
  const start = rest === first ? address : rest * PAGE_SIZE;
  if (start < fileEnd && writeUser(start, bytesUpTo(file, segment, fileEnd - start)) !== SpaceResult.Done) return false;
  return protectStretch(space, rest, end - rest, access) === SpaceResult.Done;
}

/** The last bytes of a segment that the file has. */
function bytesUpTo(file: Slice<u8>, segment: Segment, count: u64): Slice<u8> {
  const end = segment.offset + segment.fileBytes;
  return subslice(file, u32(end - count), u32(end));
}

function mapStack(space: AddressSpace): bool {
  const first = pageAt(layout.stackEnd - FIRST_STACK_PAGES);
  askFor(RegionKind.Stack, first, FIRST_STACK_PAGES, READ | WRITE);
  request.mostPages = STACK_PAGES;
  return mapPages(space, request) === SpaceResult.Done;
}

function askFor(kind: RegionKind, first: Page, pages: u64, access: u32): void {
  zeroStruct(request);
  request.kind = kind;
  request.placement = Placement.Exactly;
  request.access = access;
  request.first = first;
  request.pages = pages;
}

// --- What the program is told ----------------------------------------------------------------------------------------

const AUXILIARY_WORDS: u64 = 26n;

/** Puts strings, vectors and counts on top of the stack. What RSP is then; null: out of memory. */
function writeStart(executable: Executable, given: Arguments): u64 | null {
  const block = given.block();
  const strings = layout.stackEnd * PAGE_SIZE - layout.stackGap - u64(block.length);
  const random = (strings - RANDOM_BYTES) & ~15n;
  const words = 3n + u64(given.argumentCount) + u64(given.environmentCount) + AUXILIARY_WORDS;
  const writer = new WordWriter();
  writer.at = (random - words * 8n) & ~15n;
  const stackPointer = writer.at;
  if (writeUser(strings, block) !== SpaceResult.Done) return null;
  fillRandom(randomBytes);
  if (writeUser(random, randomBytes) !== SpaceResult.Done) return null;
  writer.word(u64(given.argumentCount));
  const rest = writePointers(writer, block, strings, 0, given.argumentCount);
  void writePointers(writer, block, strings, rest, given.environmentCount);
  writeAuxiliary(writer, executable, random);
  return writer.hasFailed ? null : stackPointer;
}

/** Writes pointers to so many strings of the block, from `start` on, and a zero. Where the next string begins. */
function writePointers(writer: WordWriter, block: Slice<u8>, strings: u64, start: u32, count: u32): u32 {
  let at = start;
  for (let i: u32 = 0; i < count; i += 1) {
    writer.word(strings + u64(at));
    while (block[at] !== 0) at += 1;
    at += 1;
  }
  writer.word(0n);
  return at;
}

function writeAuxiliary(writer: WordWriter, executable: Executable, random: u64): void {
  const base = layout.base;
  const headers = executable.headersAddress;
  writePair(writer, Auxiliary.ProgramHeaders, headers === 0n ? 0n : base + headers);
  writePair(writer, Auxiliary.HeaderBytes, u64(executable.headerBytes));
  writePair(writer, Auxiliary.HeaderCount, u64(executable.headerCount));
  writePair(writer, Auxiliary.PageSize, PAGE_SIZE);
  writePair(writer, Auxiliary.Entry, base + executable.entry);
  writePair(writer, Auxiliary.UserId, 0n);
  writePair(writer, Auxiliary.EffectiveUserId, 0n);
  writePair(writer, Auxiliary.GroupId, 0n);
  writePair(writer, Auxiliary.EffectiveGroupId, 0n);
  writePair(writer, Auxiliary.ClockTicks, CLOCK_TICKS);
  writePair(writer, Auxiliary.Secure, 0n);
  writePair(writer, Auxiliary.Random, random);
  writePair(writer, Auxiliary.End, 0n);
}

function writePair(writer: WordWriter, tag: Auxiliary, value: u64): void {
  writer.word(u64(tag));
  writer.word(value);
}
