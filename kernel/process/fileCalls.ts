/**
 * System calls that read and write open files.
 *
 *     descriptor --> OpenFile --> by the kind of its node: a file's content, a device, a pipe
 *
 * Linux man-pages: read(2), write(2), readv(2), writev(2), pread(2), lseek(2), getdents(2).
 */

import { FolderEntry, type Node, NodeKind, Device, kindBits } from "../files/node";
import { nextInFolder } from "../files/folders";
import { type OpenFile } from "../files/openFile";
import { readPipe, writePipe } from "../files/pipe";
import { SpaceResult } from "../mm/regions";
import { readUser, readUserWord, writeUser, writeUserObject } from "../mm/userMemory";
import { fillRandom } from "../random";
import { readTerminal, writeTerminal } from "../terminal/terminal";
import { Errno, refusal } from "./errno";
import { type Process } from "./process";

/** Linux moves no more at once. */
const MOST_BYTES: u64 = 0x7fff_f000n;
/**
 * Devices give and take no more at once: the kernel is not interrupted meanwhile, not even by ^C. The terminal may lead
 * to a serial line of 11 KiB a second.
 */
const MOST_DEVICE_BYTES: u64 = 262_144n;
const MOST_TERMINAL_BYTES: u64 = 16_384n;
const MOST_VECTORS: u64 = 1024n;
const VECTOR_BYTES: u64 = 16n;
/** Flags of getrandom: not to wait, of which source, and before it is seeded. */
const RANDOM_FLAGS: u64 = 7n;

/** What passes through the kernel does so in parts of this. Nothing waits while it is in use. */
const buffer = new FixedArray<u8, 512>();

// --- Reading ---------------------------------------------------------------------------------------------------------

/** read: how many bytes were read; 0 is the end. */
export function readBytes(process: Process, descriptor: u64, address: u64, bytes: u64): u64 {
  const file = process.descriptors.readable(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  return readFile(file, address, bytes);
}

/** readv: into `count` pairs of address and length, one after the other. */
export function readVector(process: Process, descriptor: u64, vectors: u64, count: u64): u64 {
  const file = process.descriptors.readable(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  return forVectors(file, vectors, count, false);
}

/** pread64: from a place of its own. */
export function readBytesAt(process: Process, descriptor: u64, address: u64, bytes: u64, position: u64): u64 {
  const file = process.descriptors.readable(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  if (position > u64(i64.MAX)) return refusal(Errno.Invalid);
  switch (file.node.kind) {
    case NodeKind.File:
      return readContent(file.node.content, address, bytes, position);
    case NodeKind.Folder:
      return refusal(Errno.IsDirectory);
    case NodeKind.Device:
      return isSeekable(file.node) ? readDevice(file, address, bytes) : refusal(Errno.IllegalSeek);
    default:
      return refusal(Errno.IllegalSeek);
  }
}

function readFile(file: OpenFile, address: u64, bytes: u64): u64 {
  switch (file.node.kind) {
    case NodeKind.File:
      return readOn(file, address, bytes);
    case NodeKind.Device:
      return readDevice(file, address, bytes);
    case NodeKind.Folder:
      return refusal(Errno.IsDirectory);
    case NodeKind.Pipe:
      return file.pipe === null ? refusal(Errno.Invalid) : readPipe(file.pipe, address, bytes, file.blocks());
    case NodeKind.Link:
      return refusal(Errno.Invalid);
  }
}

/** Reads where the last read ended. */
function readOn(file: OpenFile, address: u64, bytes: u64): u64 {
  const answer = readContent(file.node.content, address, bytes, file.position);
  if (answer <= MOST_BYTES) file.position += answer;
  return answer;
}

function readContent(content: Slice<u8>, address: u64, bytes: u64, position: u64): u64 {
  const length = u64(content.length);
  if (position >= length) return 0n;
  const left = length - position;
  const count = bytes < left ? bytes : left;
  const part = subslice(content, u32(position), u32(position + count));
  return writeUser(address, part) === SpaceResult.Done ? count : refusal(Errno.BadAddress);
}

function readDevice(file: OpenFile, address: u64, bytes: u64): u64 {
  switch (file.node.device) {
    case Device.Null:
      return 0n;
    case Device.Terminal:
      return readTerminal(address, bytes < MOST_BYTES ? bytes : MOST_BYTES, file.blocks());
    case Device.Zero:
      zeroStruct(buffer);
      return readWithoutEnd(address, bytes, false);
    case Device.Random:
      return readWithoutEnd(address, bytes, true);
  }
}

/** Fills the program's memory with zeros, or with random bytes. */
function readWithoutEnd(address: u64, bytes: u64, isRandom: bool): u64 {
  const wanted = bytes < MOST_DEVICE_BYTES ? bytes : MOST_DEVICE_BYTES;
  let done: u64 = 0n;
  while (done < wanted) {
    const part = partOf(wanted - done);
    if (isRandom) fillRandom(part);
    if (writeUser(wrappingAdd(address, done), part) !== SpaceResult.Done) break;
    done += u64(part.length);
  }
  return done === 0n && wanted !== 0n ? refusal(Errno.BadAddress) : done;
}

/** getrandom: there are always enough random bytes, whatever the flags ask for. */
export function giveRandom(address: u64, bytes: u64, flags: u64): u64 {
  if ((flags & ~RANDOM_FLAGS) !== 0n) return refusal(Errno.Invalid);
  return readWithoutEnd(address, bytes, true);
}

// --- Writing ---------------------------------------------------------------------------------------------------------

/** write: how many bytes were written. */
export function writeBytes(process: Process, descriptor: u64, address: u64, bytes: u64): u64 {
  const file = process.descriptors.writable(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  return writeFile(file, address, bytes);
}

/** writev: from `count` pairs of address and length, one after the other. */
export function writeVector(process: Process, descriptor: u64, vectors: u64, count: u64): u64 {
  const file = process.descriptors.writable(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  return forVectors(file, vectors, count, true);
}

function writeFile(file: OpenFile, address: u64, bytes: u64): u64 {
  const wanted = bytes < MOST_BYTES ? bytes : MOST_BYTES;
  const pipe = file.pipe;
  if (pipe !== null) return writePipe(pipe, address, wanted, file.blocks());
  if (file.node.kind !== NodeKind.Device) return refusal(Errno.BadDescriptor);
  return file.node.device === Device.Terminal ? writeToTerminal(address, wanted) : wanted;
}

function writeToTerminal(address: u64, bytes: u64): u64 {
  const wanted = bytes < MOST_TERMINAL_BYTES ? bytes : MOST_TERMINAL_BYTES;
  let written: u64 = 0n;
  while (written < wanted) {
    const part = partOf(wanted - written);
    if (readUser(part, wrappingAdd(address, written)) !== SpaceResult.Done) break;
    writeTerminal(part);
    written += u64(part.length);
  }
  return written === 0n && wanted !== 0n ? refusal(Errno.BadAddress) : written;
}

function partOf(left: u64): Slice<u8> {
  return subslice(buffer, 0, left < u64(buffer.length) ? u32(left) : buffer.length);
}

/** Reads or writes piece by piece, up to the first that is not moved whole. */
function forVectors(file: OpenFile, vectors: u64, count: u64, isWrite: bool): u64 {
  if (count > MOST_VECTORS) return refusal(Errno.Invalid);
  let moved: u64 = 0n;
  for (let i: u64 = 0n; i < count; i += 1n) {
    const at = wrappingAdd(vectors, i * VECTOR_BYTES);
    const address = readUserWord(at);
    const bytes = readUserWord(wrappingAdd(at, 8n));
    if (address === null || bytes === null) return moved === 0n ? refusal(Errno.BadAddress) : moved;
    if (bytes === 0n) continue;
    const answer = isWrite ? writeFile(file, address, bytes) : readFile(file, address, bytes);
    if (answer > MOST_BYTES) return moved === 0n ? answer : moved;
    moved += answer;
    if (answer < bytes) break;
  }
  return moved;
}

// --- Positions -------------------------------------------------------------------------------------------------------

enum Whence {
  Start = 0,
  Current = 1,
  End = 2,
}

/** lseek: the new position. */
export function seek(process: Process, descriptor: u64, offset: u64, whence: u64): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  if (!isSeekable(file.node)) return refusal(Errno.IllegalSeek);
  if (file.node.kind === NodeKind.Device) return 0n;
  const base = seekBase(file, whence);
  if (base === null) return refusal(Errno.Invalid);
  const position = wrappingAdd(base, offset);
  if (position > u64(i64.MAX)) return refusal(Errno.Invalid);
  file.position = position;
  return position;
}

function seekBase(file: OpenFile, whence: u64): u64 | null {
  switch (whence) {
    case u64(Whence.Start):
      return 0n;
    case u64(Whence.Current):
      return file.position;
    case u64(Whence.End):
      return u64(file.node.content.length);
    default:
      return null;
  }
}

function isSeekable(node: Node): bool {
  if (node.kind === NodeKind.Device) return !node.isTerminal();
  return node.kind === NodeKind.File || node.kind === NodeKind.Folder;
}

// --- Folders ---------------------------------------------------------------------------------------------------------

const folderEntry = new FolderEntry();

/**
 * struct linux_dirent64, and the name behind it:
 *
 *     0  inode    8  cursor of the next    16  bytes of this one    18  kind    19  name, and a zero byte
 */
class DirectoryEntry {
  inode: u64;
  next: u64;
  bytes: u16;
  kind: u8;
  readonly name: FixedArray<u8, 261>;
}
staticAssert(sizeOf<DirectoryEntry>() === 280n);
const directoryEntry = new DirectoryEntry();

const NAME_OFFSET: u32 = 19;
staticAssert(offsetOf<DirectoryEntry>("name") === 19n);
/** Bits of a mode that a DT_ number is: those above this. */
const KIND_SHIFT: u32 = 12;

/** getdents64: as many entries of a folder as have room. How many bytes they are; 0: there are no more. */
export function listFolder(process: Process, descriptor: u64, address: u64, bytes: u64): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  if (file.node.kind !== NodeKind.Folder) return refusal(Errno.NotDirectory);
  let written: u64 = 0n;
  while (true) {
    const next = nextInFolder(file.node, file.position, folderEntry);
    if (next === null) return written;
    const length = fillDirectoryEntry(next);
    if (u64(length) > bytes - written) return written === 0n ? refusal(Errno.Invalid) : written;
    if (!writeEntry(wrappingAdd(address, written), length)) return refusal(Errno.BadAddress);
    written += u64(length);
    file.position = next;
  }
}

/** How many bytes it takes, up to a multiple of 8. */
function fillDirectoryEntry(next: u64): u32 {
  const name = bytesOf(folderEntry.name);
  zeroStruct(directoryEntry);
  directoryEntry.inode = folderEntry.inode;
  directoryEntry.next = next;
  directoryEntry.kind = u8(kindBits(folderEntry.kind) >> KIND_SHIFT);
  const length = name.length < MOST_NAME_BYTES ? name.length : MOST_NAME_BYTES;
  for (let i: u32 = 0; i < length; i += 1) directoryEntry.name[i] = name[i];
  const bytes = (NAME_OFFSET + length + 1 + 7) & ~7;
  directoryEntry.bytes = u16(bytes);
  return bytes;
}

/** Bytes of a name, without its end: Linux's NAME_MAX. */
const MOST_NAME_BYTES: u32 = 255;

function writeEntry(address: u64, length: u32): bool {
  return writeUserObject(address, directoryEntry, u64(length)) === SpaceResult.Done;
}
