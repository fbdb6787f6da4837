/**
 * What a system call answers when it refuses: Linux's numbers, because programs know them. The answer is minus the
 * number, as a register holds it.
 *
 * Linux man-pages, errno(3); numbers as in asm-generic/errno-base.h.
 */

import { SpaceResult } from "../mm/regions";

export enum Errno {
  NoPermission = 1,
  NoEntry = 2,
  NoProcess = 3,
  Interrupted = 4,
  InputOutput = 5,
  NoDevice = 6,
  TooBig = 7,
  NotExecutable = 8,
  BadDescriptor = 9,
  NoChild = 10,
  TryAgain = 11,
  OutOfMemory = 12,
  AccessDenied = 13,
  BadAddress = 14,
  Exists = 17,
  NotDirectory = 20,
  IsDirectory = 21,
  Invalid = 22,
  FileTableFull = 23,
  TooManyFiles = 24,
  NotTerminal = 25,
  IllegalSeek = 29,
  ReadOnly = 30,
  BrokenPipe = 32,
  OutOfRange = 34,
  NameTooLong = 36,
  NoSystemCall = 38,
  TooManyLinks = 40,
  TimedOut = 110,
}

/** The answer that says so. */
export function refusal(errno: Errno): u64 {
  const zero: u64 = 0n;
  return wrappingSub(zero, u64(errno));
}

/** 0, or the refusal that Linux gives for this. */
export function answerOf(result: SpaceResult): u64 {
  switch (result) {
    case SpaceResult.Done:
      return 0n;
    case SpaceResult.Invalid:
      return refusal(Errno.Invalid);
    case SpaceResult.OutOfMemory:
      return refusal(Errno.OutOfMemory);
    case SpaceResult.Exists:
      return refusal(Errno.Exists);
    case SpaceResult.NotAllowed:
      return refusal(Errno.AccessDenied);
    case SpaceResult.BadAddress:
      return refusal(Errno.BadAddress);
  }
}
