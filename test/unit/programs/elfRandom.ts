/**
 * Executables that are damaged at random: whatever the headers say, readExecutable says what is wrong, or what it
 * accepts is true: all segments lie within the file and within what programs may have, in order, without a common page,
 * and none is writable and executable.
 */

import { PAGE_SIZE } from "../../../arch/x86_64/addresses";
import { Executable, readExecutable } from "../../../kernel/process/elf";
import { endUserAddress, firstUserPage } from "../../../kernel/mm/regionTree";
import { Random } from "./random";

const ROUNDS: u32 = 100_000;
const FILE_BYTES: u32 = 1024;
const HEADERS_OFFSET: u32 = 64;
const HEADER_BYTES: u32 = 56;
const HEADER_COUNT: u32 = 3;

@aligned(16)
class File {
  bytes: FixedArray<u8, 1024>;
}
const file = new File();
const executable = new Executable();

class Counts {
  accepted: u32;
  refused: u32;
}
const counts = new Counts();
const random = new Random();

export function main(): void {
  makeGood();
  const problem = readExecutable(file.bytes, executable);
  if (problem !== null) panic(`the good file is refused: ${problem}`);
  assert(executable.segmentCount === 2, "two segments are loadable");
  assert(executable.headersAddress === 0x40_0040n, "the headers lie in the first segment");
  for (let round: u32 = 0; round < ROUNDS; round += 1) tryDamaged();
  log.info(`files=${ROUNDS} accepted=${counts.accepted} refused=${counts.refused}`);
}

/** Text at 0x400000, data at 0x402200, and a note. */
function makeGood(): void {
  zeroStruct(file);
  put(0, 4, 0x464c_457fn);
  put(4, 4, 0x0001_0102n);
  put(16, 2, 2n);
  put(18, 2, 62n);
  put(20, 4, 1n);
  put(24, 8, 0x40_0100n);
  put(32, 8, u64(HEADERS_OFFSET));
  put(52, 2, 64n);
  put(54, 2, u64(HEADER_BYTES));
  put(56, 2, u64(HEADER_COUNT));
  putHeader(0, 1n, 5n, 0n, 0x40_0000n, 0x200n, 0x200n);
  putHeader(1, 1n, 6n, 0x200n, 0x40_2200n, 0x100n, 0x3000n);
  putHeader(2, 4n, 4n, 0x300n, 0x40_0300n, 0x20n, 0x20n);
}

function putHeader(index: u32, kind: u64, flags: u64, offset: u64, address: u64, inFile: u64, inMemory: u64): void {
  const at = HEADERS_OFFSET + index * HEADER_BYTES;
  put(at, 4, kind);
  put(at + 4, 4, flags);
  put(at + 8, 8, offset);
  put(at + 16, 8, address);
  put(at + 24, 8, address);
  put(at + 32, 8, inFile);
  put(at + 40, 8, inMemory);
  put(at + 48, 8, PAGE_SIZE);
}

function put(at: u32, bytes: u32, value: u64): void {
  for (let i: u32 = 0; i < bytes; i += 1) file.bytes[at + i] = u8.wrap(value >> u64(i * 8));
}

/** One to four fields get values near an edge, or any; sometimes the file ends early. */
function tryDamaged(): void {
  makeGood();
  const changes = 1 + below(4);
  for (let i: u32 = 0; i < changes; i += 1) {
    const at = below(HEADERS_OFFSET + HEADER_COUNT * HEADER_BYTES - 8);
    const size: u32 = 1 << below(4);
    put(at, size, edgeValue());
  }
  const length = below(4) === 0 ? below(FILE_BYTES) : FILE_BYTES;
  const part = subslice(file.bytes, 0, length);
  if (readExecutable(part, executable) !== null) {
    counts.refused += 1;
    return;
  }
  counts.accepted += 1;
  checkAccepted(u64(length));
}

function below(limit: u32): u32 {
  return u32(random.below(u64(limit)));
}

function edgeValue(): u64 {
  const any = random.next();
  switch (below(5)) {
    case 0:
      return any;
    case 1:
      return any % 0x400n;
    case 2:
      return wrappingSub(endUserAddress(), any % 0x4000n);
    case 3:
      return 0x40_0000n + (any % 0x4000n);
    default:
      return ~(any % 16n);
  }
}

function checkAccepted(length: u64): void {
  let end: u64 = 0n;
  let hasEntry = false;
  for (let i: u32 = 0; i < executable.segmentCount; i += 1) {
    const segment = executable.segments[i];
    assert(segment.offset <= length && segment.fileBytes <= length - segment.offset, "a segment is within the file");
    assert(segment.fileBytes <= segment.memoryBytes && segment.memoryBytes !== 0n, "it holds what the file has");
    assert(!segment.isWritable || !segment.isExecutable, "it is not writable and executable");
    assert(segment.address >= end, "it shares no page with the one before");
    assert(segment.address < endUserAddress(), "it lies where programs may be");
    assert(segment.memoryBytes <= endUserAddress() - segment.address, "it ends where programs may be");
    const isInside = executable.entry >= segment.address && executable.entry - segment.address < segment.memoryBytes;
    if (isInside && segment.isExecutable) hasEntry = true;
    end = (segment.address + segment.memoryBytes + PAGE_SIZE - 1n) & ~(PAGE_SIZE - 1n);
  }
  assert(hasEntry, "it begins in an executable segment");
  const lowest = executable.segments[0].address;
  assert(executable.isRelocatable || lowest >= firstUserPage() * PAGE_SIZE, "null pointers point to nothing");
}
