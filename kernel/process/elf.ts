/**
 * ELF64 executables: what their headers say, and whether it makes sense.
 *
 *     0                    e_phoff
 *     +-----------+--------+-----------------+-----+------------------------+
 *     | header    |  ...   | program headers | ... | contents of segments   |
 *     +-----------+--------+-----------------+-----+------------------------+
 *
 * Nothing of the file is believed: every offset, size and address is checked here, against the file and against what a
 * program may have, before anything is mapped.
 *
 * System V ABI, "Object Files" and "Program Loading"; System V ABI AMD64, "Program Loading".
 */

import { PAGE_SIZE, pagesFor } from "../../arch/x86_64/addresses";
import { endUserAddress, firstUserPage } from "../mm/regionTree";

/** A loadable segment, checked. */
export class Segment {
  /** Where it begins in memory and in the file; the two agree in their last 12 bits. */
  address: u64;
  offset: u64;
  /** Bytes from the file, and bytes in memory: not less. */
  fileBytes: u64;
  memoryBytes: u64;
  isWritable: bool;
  isExecutable: bool;
}

/** Segments that an executable may have at most. */
const MAX_SEGMENTS: u32 = 16;

/** What is known of an executable. */
export class Executable {
  readonly segments: FixedArray<Segment, 16>;
  segmentCount: u32;
  entry: u64;
  /** It asks for another program that loads it; no such one is there. */
  wantsInterpreter: bool;
  /** It may lie anywhere: ET_DYN. */
  isRelocatable: bool;
  /** Where the program headers appear in memory, or 0; their size and number. */
  headersAddress: u64;
  headerBytes: u32;
  headerCount: u32;
}

@packed
class FileHeader {
  magic: u32;
  wordSize: u8;
  byteOrder: u8;
  version: u8;
  readonly unused: FixedArray<u8, 9>;
  kind: u16;
  machine: u16;
  fileVersion: u32;
  entry: u64;
  headersOffset: u64;
  sectionsOffset: u64;
  flags: u32;
  ownBytes: u16;
  headerBytes: u16;
  headerCount: u16;
}
staticAssert(sizeOf<FileHeader>() === 58n);

@packed
class ProgramHeader {
  kind: u32;
  flags: u32;
  offset: u64;
  address: u64;
  physicalAddress: u64;
  fileBytes: u64;
  memoryBytes: u64;
  alignment: u64;
}
staticAssert(sizeOf<ProgramHeader>() === 56n);

/** "\x7fELF" as a little-endian word. */
const MAGIC: u32 = 0x464c_457f;
const WORDS_OF_64_BITS: u8 = 2;
const LITTLE_ENDIAN: u8 = 1;
const CURRENT_VERSION: u8 = 1;
const KIND_EXECUTABLE: u16 = 2;
const KIND_RELOCATABLE: u16 = 3;
const MACHINE_X86_64: u16 = 62;

const HEADER_LOAD: u32 = 1;
const HEADER_INTERPRETER: u32 = 3;
const FLAG_EXECUTE: u32 = 1;
const FLAG_WRITE: u32 = 2;

/** Bytes of the file header, sections' fields included. */
const FILE_HEADER_BYTES: u64 = 64n;

/** Reads the headers. Null when they are good, else what is wrong with them. */
export function readExecutable(file: Slice<u8>, executable: Executable): string | null {
  zeroStruct(executable);
  if (u64(file.length) < FILE_HEADER_BYTES) return "it is shorter than the header of an ELF file";
  const header = overlay<FileHeader>(addressOf(file));
  const problem = headerProblem(header, u64(file.length));
  if (problem !== null) return problem;
  executable.entry = header.entry;
  executable.isRelocatable = header.kind === KIND_RELOCATABLE;
  executable.headerBytes = header.headerBytes;
  executable.headerCount = header.headerCount;
  for (let i: u32 = 0; i < header.headerCount; i += 1) {
    const wrong = addHeader(file, header.headersOffset, i, executable);
    if (wrong !== null) return wrong;
  }
  return wholeProblem(executable);
}

function headerProblem(header: FileHeader, bytes: u64): string | null {
  if (header.magic !== MAGIC) return "it is no ELF file";
  if (header.wordSize !== WORDS_OF_64_BITS || header.machine !== MACHINE_X86_64) return "it is not for x86-64";
  if (header.byteOrder !== LITTLE_ENDIAN || header.version !== CURRENT_VERSION)
    return "it is of an unknown kind of ELF";
  if (header.kind !== KIND_EXECUTABLE && header.kind !== KIND_RELOCATABLE) return "it is not an executable";
  if (u64(header.headerBytes) !== sizeOf<ProgramHeader>()) return "its program headers have an unknown size";
  if (header.headerCount === 0) return "it has no program headers";
  const tableBytes = u64(header.headerCount) * sizeOf<ProgramHeader>();
  if (header.headersOffset > bytes || tableBytes > bytes - header.headersOffset) {
    return "its program headers are not within the file";
  }
  return null;
}

function addHeader(file: Slice<u8>, tableOffset: u64, index: u32, executable: Executable): string | null {
  const offset = tableOffset + u64(index) * sizeOf<ProgramHeader>();
  const header = overlay<ProgramHeader>(addressOf(file) + offset);
  if (header.kind === HEADER_INTERPRETER) {
    executable.wantsInterpreter = true;
    return "it wants a dynamic linker";
  }
  if (header.kind !== HEADER_LOAD || header.memoryBytes === 0n) return null;
  if (executable.segmentCount === MAX_SEGMENTS) return "it has too many segments";
  const problem = segmentProblem(header, u64(file.length));
  if (problem !== null) return problem;
  const segment = executable.segments[executable.segmentCount];
  segment.address = header.address;
  segment.offset = header.offset;
  segment.fileBytes = header.fileBytes;
  segment.memoryBytes = header.memoryBytes;
  segment.isWritable = (header.flags & FLAG_WRITE) !== 0;
  segment.isExecutable = (header.flags & FLAG_EXECUTE) !== 0;
  if (executable.segmentCount > 0 && overlapsLast(executable, segment))
    return "its segments overlap or are not in order";
  executable.segmentCount += 1;
  if (tableOffset >= header.offset && tableOffset - header.offset < header.fileBytes) {
    executable.headersAddress = header.address + (tableOffset - header.offset);
  }
  return null;
}

function segmentProblem(header: ProgramHeader, bytes: u64): string | null {
  if (header.fileBytes > header.memoryBytes) return "a segment has more bytes in the file than in memory";
  if (header.offset > bytes || header.fileBytes > bytes - header.offset) return "a segment is not within the file";
  if (header.address >= endUserAddress() || header.memoryBytes > endUserAddress() - header.address) {
    return "a segment lies where programs cannot be";
  }
  if (header.address % PAGE_SIZE !== header.offset % PAGE_SIZE) return "a segment is not aligned as in the file";
  const both = FLAG_WRITE | FLAG_EXECUTE;
  if ((header.flags & both) === both) return "a segment is writable and executable";
  return null;
}

/** Whether a segment shares a page with the one before it, or lies below it. */
function overlapsLast(executable: Executable, segment: Segment): bool {
  const last = executable.segments[executable.segmentCount - 1];
  return segment.address / PAGE_SIZE < pagesFor(last.address + last.memoryBytes);
}

function wholeProblem(executable: Executable): string | null {
  if (executable.segmentCount === 0) return "it has nothing to load";
  const lowest = executable.segments[0].address;
  if (!executable.isRelocatable && lowest < firstUserPage() * PAGE_SIZE) return "it lies where null pointers point";
  for (let i: u32 = 0; i < executable.segmentCount; i += 1) {
    const segment = executable.segments[i];
    const isInside = executable.entry >= segment.address && executable.entry - segment.address < segment.memoryBytes;
    if (isInside && segment.isExecutable) return null;
  }
  return "it does not begin in an executable segment";
}
