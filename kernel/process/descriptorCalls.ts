/**
 * System calls about descriptors themselves.
 *
 * Linux man-pages: close(2), dup(2), pipe(2), fcntl(2).
 */

import { MAX_DESCRIPTORS } from "../files/descriptors";
import { OPEN_APPEND, OPEN_CLOSE_ON_EXECUTE, OPEN_NON_BLOCKING, OPEN_WRITE_ONLY } from "../files/openFile";
import { type OpenFile, openPipeEnd, releaseOpenFile, shareOpenFile } from "../files/openFile";
import { closePipeEnd, createPipe } from "../files/pipe";
import { SpaceResult } from "../mm/regions";
import { writeUserWord } from "../mm/userMemory";
import { Errno, refusal } from "./errno";
import { type Process } from "./process";

/** Commands of fcntl. */
enum Command {
  Duplicate = 0,
  GetFlags = 1,
  SetFlags = 2,
  GetStatus = 3,
  SetStatus = 4,
  DuplicateClosing = 1030,
}
const CLOSE_ON_EXECUTE: u64 = 1n;
/** What may be changed of an open file. */
const CHANGEABLE: u32 = OPEN_APPEND | OPEN_NON_BLOCKING;

/** close. */
export function closeFile(process: Process, descriptor: u64): u64 {
  return process.descriptors.close(descriptor) ? 0n : refusal(Errno.BadDescriptor);
}

/** dup: the lowest free descriptor, which leads to the same open file. */
export function duplicate(process: Process, descriptor: u64): u64 {
  return duplicateFrom(process, descriptor, 0n, false);
}

/** dup2: `wanted` leads to the same open file as `descriptor`; what it led to before is closed. */
export function duplicateTo(process: Process, descriptor: u64, wanted: u64): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null || wanted >= u64(MAX_DESCRIPTORS)) return refusal(Errno.BadDescriptor);
  return descriptor === wanted ? wanted : replace(process, file, wanted, false);
}

/** dup3: the same, but for two that are the same, and it may be closed by execve. */
export function duplicateToClosing(process: Process, descriptor: u64, wanted: u64, flags: u64): u64 {
  if (descriptor === wanted || (flags & ~u64(OPEN_CLOSE_ON_EXECUTE)) !== 0n) return refusal(Errno.Invalid);
  const file = process.descriptors.file(descriptor);
  if (file === null || wanted >= u64(MAX_DESCRIPTORS)) return refusal(Errno.BadDescriptor);
  return replace(process, file, wanted, flags !== 0n);
}

function replace(process: Process, file: OpenFile, wanted: u64, closesOnExecute: bool): u64 {
  shareOpenFile(file);
  void process.descriptors.close(wanted);
  process.descriptors.install(u32(wanted), file, closesOnExecute);
  return wanted;
}

function duplicateFrom(process: Process, descriptor: u64, from: u64, closesOnExecute: bool): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  if (from >= u64(MAX_DESCRIPTORS)) return refusal(Errno.Invalid);
  const free = process.descriptors.lowestFree(u32(from));
  if (free === null) return refusal(Errno.TooManyFiles);
  shareOpenFile(file);
  process.descriptors.install(free, file, closesOnExecute);
  return u64(free);
}

/** pipe and pipe2: two descriptors, at `target`: the end to read from, and the end to write to. */
export function makePipe(process: Process, target: u64, flags: u64): u64 {
  if ((flags & ~u64(OPEN_CLOSE_ON_EXECUTE | OPEN_NON_BLOCKING)) !== 0n) return refusal(Errno.Invalid);
  const first = process.descriptors.lowestFree(0);
  const second = first === null ? null : process.descriptors.lowestFree(first + 1);
  if (first === null || second === null) return refusal(Errno.TooManyFiles);
  const pipe = createPipe();
  if (pipe === null) return refusal(Errno.FileTableFull);
  const status = u32(flags) & OPEN_NON_BLOCKING;
  const reader = openPipeEnd(pipe, status);
  const writer = reader === null ? null : openPipeEnd(pipe, OPEN_WRITE_ONLY | status);
  if (reader === null || writer === null) {
    if (reader !== null) releaseOpenFile(reader);
    else closePipeEnd(pipe, false);
    closePipeEnd(pipe, true);
    return refusal(Errno.FileTableFull);
  }
  const isClosing = (flags & u64(OPEN_CLOSE_ON_EXECUTE)) !== 0n;
  process.descriptors.install(first, reader, isClosing);
  process.descriptors.install(second, writer, isClosing);
  if (writeUserWord(target, u64(first) | (u64(second) << 32n)) === SpaceResult.Done) return 0n;
  void process.descriptors.close(u64(first));
  void process.descriptors.close(u64(second));
  return refusal(Errno.BadAddress);
}

/** fcntl. */
export function controlFile(process: Process, descriptor: u64, command: u64, argument: u64): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  switch (command) {
    case u64(Command.Duplicate):
      return duplicateFrom(process, descriptor, argument, false);
    case u64(Command.DuplicateClosing):
      return duplicateFrom(process, descriptor, argument, true);
    case u64(Command.GetFlags):
      return process.descriptors.isClosing(u32(descriptor)) ? CLOSE_ON_EXECUTE : 0n;
    case u64(Command.SetFlags):
      process.descriptors.setClosing(u32(descriptor), (argument & CLOSE_ON_EXECUTE) !== 0n);
      return 0n;
    case u64(Command.GetStatus):
      return u64(file.flags);
    case u64(Command.SetStatus):
      file.flags = (file.flags & ~CHANGEABLE) | (u32.wrap(argument) & CHANGEABLE);
      return 0n;
    default:
      return refusal(Errno.Invalid);
  }
}
