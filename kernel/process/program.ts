/**
 * From an executable file to an address space that is ready to run it.
 *
 *     0x00007ffffffff000 +---------------------------+
 *                        |  strings, auxiliary       |  what the program is told
 *                        |  vector, pointers, argc   |  <- RSP
 *                        |  stack                    |  grows down, 8 MiB at most
 *                        |                           |
 *                        |  heap                     |  behind the last segment, grows by brk
 *                        |  segments                 |  W^X, as the file says
 *                        +---------------------------+
 *
 * System V ABI AMD64, "Process Initialization"; Linux man-pages, getauxval(3).
 */

import { PAGE_SIZE, pageAt, pagesFor } from "../../arch/x86_64/addresses";
import { type AddressSpace, activeSpace, createSpace, destroySpace, leaveSpace } from "../mm/addressSpace";
import { MapRequest, Placement, mapPages, protectStretch, switchSpace } from "../mm/addressSpace";
import { SpaceResult } from "../mm/regions";
import { EXECUTE, READ, RegionKind, WRITE, endUserAddress, endUserPage } from "../mm/regionTree";
import { WordWriter, writeUser } from "../mm/userMemory";
import { type Arguments } from "./arguments";
import { type Executable, type Segment } from "./elf";

/** A program that could run now. */
export class LoadedProgram {
  space: Ref<AddressSpace> | null;
  entry: u64;
  stackPointer: u64;
  /** Where its heap begins, page aligned. */
  heapStart: u64;
}

const STACK_PAGES: u64 = 2048n;
/** What a stack may grow to. */
export const STACK_BYTES: u64 = STACK_PAGES * PAGE_SIZE;
const FIRST_STACK_PAGES: u64 = 32n;
/** Where an executable lies that may lie anywhere. */
const RELOCATABLE_BASE: u64 = 0x5555_5555_4000n;

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

/** Makes an address space with the program in it. False: out of memory; `program.space` is null then. */
export function loadProgram(file: Slice<u8>, executable: Executable, given: Arguments, program: LoadedProgram): bool {
  const before = activeSpace();
  const space = createSpace();
  program.space = null;
  if (space === null) return false;
  switchSpace(space);
  const isComplete = fillSpace(space, file, executable, given, program);
  if (before === null) leaveSpace();
  else switchSpace(before);
  if (isComplete) program.space = space;
  else destroySpace(space);
  return isComplete;
}

function fillSpace(
  space: AddressSpace,
  file: Slice<u8>,
  executable: Executable,
  given: Arguments,
  program: LoadedProgram,
): bool {
  const base = executable.isRelocatable ? RELOCATABLE_BASE : 0n;
  program.heapStart = 0n;
  for (let i: u32 = 0; i < executable.segmentCount; i += 1) {
    const segment = executable.segments[i];
    if (!loadSegment(space, file, segment, base)) return false;
    program.heapStart = base + pagesFor(segment.address + segment.memoryBytes) * PAGE_SIZE;
  }
  program.entry = base + executable.entry;
  if (!mapStack(space)) return false;
  const stackPointer = writeStart(executable, base, given);
  if (stackPointer === null) return false;
  program.stackPointer = stackPointer;
  return true;
}

/** Maps a segment, fills it from the file, and then gives it its permissions. */
function loadSegment(space: AddressSpace, file: Slice<u8>, segment: Segment, base: u64): bool {
  const address = base + segment.address;
  const first = pageAt(address / PAGE_SIZE);
  const pages = pagesFor(address + segment.memoryBytes) - first;
  zeroStruct(request);
  request.kind = RegionKind.Private;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = first;
  request.pages = pages;
  if (mapPages(space, request) !== SpaceResult.Done) return false;
  const content = subslice(file, u32(segment.offset), u32(segment.offset + segment.fileBytes));
  if (writeUser(address, content) !== SpaceResult.Done) return false;
  const access = READ | (segment.isWritable ? WRITE : 0) | (segment.isExecutable ? EXECUTE : 0);
  return protectStretch(space, first, pages, access) === SpaceResult.Done;
}

function mapStack(space: AddressSpace): bool {
  zeroStruct(request);
  request.kind = RegionKind.Stack;
  request.placement = Placement.Exactly;
  request.access = READ | WRITE;
  request.first = pageAt(endUserPage() - FIRST_STACK_PAGES);
  request.pages = FIRST_STACK_PAGES;
  request.mostPages = STACK_PAGES;
  return mapPages(space, request) === SpaceResult.Done;
}

// --- What the program is told ----------------------------------------------------------------------------------------

const AUXILIARY_WORDS: u64 = 26n;

/** Puts strings, vectors and counts on top of the stack. What RSP is then; null: out of memory. */
function writeStart(executable: Executable, base: u64, given: Arguments): u64 | null {
  const block = given.block();
  const strings = endUserAddress() - u64(block.length);
  const random = (strings - RANDOM_BYTES) & ~15n;
  const words = 3n + u64(given.argumentCount) + u64(given.environmentCount) + AUXILIARY_WORDS;
  const writer = new WordWriter();
  writer.at = (random - words * 8n) & ~15n;
  const stackPointer = writer.at;
  if (writeUser(strings, block) !== SpaceResult.Done) return null;
  writer.word(u64(given.argumentCount));
  const rest = writePointers(writer, block, strings, 0, given.argumentCount);
  void writePointers(writer, block, strings, rest, given.environmentCount);
  writeAuxiliary(writer, executable, base, random);
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

function writeAuxiliary(writer: WordWriter, executable: Executable, base: u64, random: u64): void {
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
