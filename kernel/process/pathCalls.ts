/**
 * System calls that name files by their paths, and what stat tells of a file.
 *
 *     folder descriptor, or AT_FDCWD --+
 *                                      +--> resolvePath (files/paths.ts) --> Node
 *     path in the program's memory ----'
 *
 * Nothing can be written, made or removed: who asks for that is told that the file system is read-only.
 *
 * Linux man-pages: open(2), stat(2), access(2), readlink(2), chdir(2), getcwd(2).
 */

import { Node, NodeKind, Place, kindBits } from "../files/node";
import { deviceNumber } from "../files/devices";
import { pathOfFolder } from "../files/folders";
import { OPEN_ACCESS, OPEN_APPEND, OPEN_CLOSE_ON_EXECUTE, OPEN_NON_BLOCKING } from "../files/openFile";
import { createOpenFile } from "../files/openFile";
import { SLASH } from "../files/pathText";
import { MAX_PATH_BYTES, resolvePath, resolvedPath } from "../files/paths";
import { SpaceResult } from "../mm/regions";
import { writeUser, writeUserObject } from "../mm/userMemory";
import { readUserString } from "./arguments";
import { Errno, answerOf, refusal } from "./errno";
import { type Process } from "./process";

/** Instead of a descriptor: the folder in which relative paths begin. */
export const CURRENT_FOLDER: u64 = 0xffff_ff9cn;
const DESCRIPTOR_BITS: u64 = 0xffff_ffffn;

/** Flags of open, beside those that stay with an open file. */
const OPEN_CREATE: u32 = 0o100;
const OPEN_EXCLUSIVE: u32 = 0o200;
const OPEN_TRUNCATE: u32 = 0o1000;
const OPEN_FOLDER: u32 = 0o200_000;
const OPEN_NO_FOLLOW: u32 = 0o400_000;

/** Flags of calls whose names end with "at". */
const AT_NO_FOLLOW: u64 = 0x100n;
const AT_EMPTY_PATH: u64 = 0x1000n;

/** What access asks for. */
const MAY_WRITE: u64 = 2n;
const MAY_EXECUTE: u64 = 1n;
const ACCESS_MODES: u64 = 7n;
const EXECUTABLE_BITS: u32 = 0o111;

const pathBytes = new FixedArray<u8, 4096>();
const found = new Node();

// --- Opening ---------------------------------------------------------------------------------------------------------

/** open and openat: a descriptor. */
export function openFile(process: Process, folder: u64, path: u64, flagBits: u64): u64 {
  const flags = u32.wrap(flagBits);
  const problem = findAt(process, folder, path, (flags & OPEN_NO_FOLLOW) === 0) ?? whyNotOpen(flags);
  if (problem !== null) return refusal(problem === Errno.NoEntry && isNew(flags) ? Errno.ReadOnly : problem);
  const descriptor = process.descriptors.lowestFree(0);
  if (descriptor === null) return refusal(Errno.TooManyFiles);
  const file = createOpenFile(found, flags & (OPEN_ACCESS | OPEN_APPEND | OPEN_NON_BLOCKING));
  if (file === null) return refusal(Errno.FileTableFull);
  process.descriptors.install(descriptor, file, (flags & OPEN_CLOSE_ON_EXECUTE) !== 0);
  return u64(descriptor);
}

function isNew(flags: u32): bool {
  return (flags & OPEN_CREATE) !== 0;
}

/** Why what was found cannot be opened so. Null: it can. */
function whyNotOpen(flags: u32): Errno | null {
  const writes = (flags & OPEN_ACCESS) !== 0 || (flags & OPEN_TRUNCATE) !== 0;
  if (isNew(flags) && (flags & OPEN_EXCLUSIVE) !== 0) return Errno.Exists;
  if ((flags & OPEN_FOLDER) !== 0 && found.kind !== NodeKind.Folder) return Errno.NotDirectory;
  switch (found.kind) {
    case NodeKind.Link:
      return Errno.TooManyLinks;
    case NodeKind.Folder:
      return writes || isNew(flags) ? Errno.IsDirectory : null;
    case NodeKind.File:
      return writes ? (found.place === Place.Proc ? Errno.AccessDenied : Errno.ReadOnly) : null;
    default:
      return null;
  }
}

/** Finds what a path leads to, into `found`. Null: found. */
function findAt(process: Process, folder: u64, path: u64, followLast: bool): Errno | null {
  const length = readUserString(pathBytes, path);
  if (length === null) return Errno.BadAddress;
  if (length === MAX_PATH_BYTES) return Errno.NameTooLong;
  const text = stringOver(subslice(pathBytes, 0, length));
  const isAbsolute = length > 0 && pathBytes[0] === SLASH;
  if (isAbsolute || (folder & DESCRIPTOR_BITS) === CURRENT_FOLDER) {
    return resolvePath(process.folder.path(), text, followLast, found);
  }
  const file = process.descriptors.file(folder & DESCRIPTOR_BITS);
  if (file === null) return Errno.BadDescriptor;
  if (file.node.kind !== NodeKind.Folder) return Errno.NotDirectory;
  return resolvePath(pathOfFolder(file.node), text, followLast, found);
}

/** The program at a path, for execve: into `found`. Null: found, else why not. */
export function findProgram(process: Process, path: u64): Errno | null {
  const problem = findAt(process, CURRENT_FOLDER, path, true);
  if (problem !== null) return problem;
  return found.kind === NodeKind.File && isExecutable(found) ? null : Errno.AccessDenied;
}

/** What the last `findProgram` found. */
export function foundProgram(): Node {
  return found;
}

/** The path that it was asked for by. */
export function programPath(): string {
  return stringOver(subslice(pathBytes, 0, indexOfZero()));
}

function indexOfZero(): u32 {
  let at: u32 = 0;
  while (pathBytes[at] !== 0) at += 1;
  return at;
}

function isExecutable(node: Node): bool {
  return node.kind === NodeKind.Folder || (node.permissions & EXECUTABLE_BITS) !== 0;
}

// --- What is known of a file -----------------------------------------------------------------------------------------

const BLOCK_BYTES: u64 = 4096n;
const SECTOR_BYTES: u64 = 512n;

/** struct stat. Nobody knows when a file was made: it is as old as the boot. */
class FileStatus {
  device: u64;
  inode: u64;
  links: u64;
  mode: u32;
  user: u32;
  group: u32;
  private padding: u32;
  deviceNumber: u64;
  size: u64;
  blockBytes: u64;
  sectors: u64;
  private times: FixedArray<u64, 6>;
  private unused: FixedArray<u64, 3>;
}
staticAssert(sizeOf<FileStatus>() === 144n);
staticAssert(offsetOf<FileStatus>("size") === 48n);

const status = new FileStatus();

/** stat: of what a path leads to. */
export function statusOfPath(process: Process, path: u64, target: u64): u64 {
  return statusAt(process, CURRENT_FOLDER, path, target, 0n);
}

/** lstat: the same, but of a link itself. */
export function statusOfLink(process: Process, path: u64, target: u64): u64 {
  return statusAt(process, CURRENT_FOLDER, path, target, AT_NO_FOLLOW);
}

/** newfstatat. */
export function statusAt(process: Process, folder: u64, path: u64, target: u64, flags: u64): u64 {
  if ((flags & AT_EMPTY_PATH) !== 0n && isEmptyPath(path)) {
    if ((folder & DESCRIPTOR_BITS) !== CURRENT_FOLDER) return statusOfFile(process, folder & DESCRIPTOR_BITS, target);
    if (resolvePath(process.folder.path(), ".", true, found) !== null) return refusal(Errno.NoEntry);
    return tellStatus(found, target);
  }
  const problem = findAt(process, folder, path, (flags & AT_NO_FOLLOW) === 0n);
  return problem === null ? tellStatus(found, target) : refusal(problem);
}

/** fstat. */
export function statusOfFile(process: Process, descriptor: u64, target: u64): u64 {
  const file = process.descriptors.file(descriptor);
  return file === null ? refusal(Errno.BadDescriptor) : tellStatus(file.node, target);
}

function isEmptyPath(path: u64): bool {
  const length = readUserString(pathBytes, path);
  return length !== null && length === 0;
}

function tellStatus(node: Node, target: u64): u64 {
  zeroStruct(status);
  status.device = 1n;
  status.inode = node.inode;
  status.links = node.kind === NodeKind.Folder ? 2n : 1n;
  status.mode = kindBits(node.kind) | node.permissions;
  status.deviceNumber = deviceNumber(node);
  status.size = u64(node.content.length);
  status.blockBytes = BLOCK_BYTES;
  status.sectors = (status.size + SECTOR_BYTES - 1n) / SECTOR_BYTES;
  return answerOf(writeUserObject(target, status, sizeOf<FileStatus>()));
}

/** access and faccessat: whether a file may be used so. Everybody is root, who may do everything but execute. */
export function mayAccess(process: Process, folder: u64, path: u64, mode: u64): u64 {
  if ((mode & ~ACCESS_MODES) !== 0n) return refusal(Errno.Invalid);
  const problem = findAt(process, folder, path, true);
  if (problem !== null) return refusal(problem);
  if ((mode & MAY_WRITE) !== 0n && found.kind !== NodeKind.Device) return refusal(Errno.ReadOnly);
  if ((mode & MAY_EXECUTE) !== 0n && !isExecutable(found)) return refusal(Errno.AccessDenied);
  return 0n;
}

/** readlink and readlinkat: the path that a link stands for, as much as has room, without an end. */
export function readLink(process: Process, folder: u64, path: u64, target: u64, bytes: u64): u64 {
  if (bytes === 0n || bytes > u64(i64.MAX)) return refusal(Errno.Invalid);
  const problem = findAt(process, folder, path, false);
  if (problem !== null) return refusal(problem);
  if (found.kind !== NodeKind.Link) return refusal(Errno.Invalid);
  const length = u64(found.content.length) < bytes ? found.content.length : u32(bytes);
  const part = subslice(found.content, 0, length);
  return writeUser(target, part) === SpaceResult.Done ? u64(length) : refusal(Errno.BadAddress);
}

// --- The current folder ----------------------------------------------------------------------------------------------

/** chdir. */
export function changeFolder(process: Process, path: u64): u64 {
  const problem = findAt(process, CURRENT_FOLDER, path, true);
  if (problem !== null) return refusal(problem);
  if (found.kind !== NodeKind.Folder) return refusal(Errno.NotDirectory);
  return process.folder.set(resolvedPath()) ? 0n : refusal(Errno.NameTooLong);
}

/** fchdir. */
export function changeToOpenFolder(process: Process, descriptor: u64): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  if (file.node.kind !== NodeKind.Folder) return refusal(Errno.NotDirectory);
  return process.folder.set(pathOfFolder(file.node)) ? 0n : refusal(Errno.NameTooLong);
}

/** getcwd: the path and its end. How many bytes they are. */
export function currentFolder(process: Process, target: u64, bytes: u64): u64 {
  const path = bytesOf(process.folder.path());
  if (u64(path.length) + 2n > bytes) return refusal(Errno.OutOfRange);
  pathBytes[0] = SLASH;
  for (let i: u32 = 0; i < path.length; i += 1) pathBytes[i + 1] = path[i];
  pathBytes[path.length + 1] = 0;
  const whole = subslice(pathBytes, 0, path.length + 2);
  return writeUser(target, whole) === SpaceResult.Done ? u64(whole.length) : refusal(Errno.BadAddress);
}
