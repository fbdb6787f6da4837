/**
 * System calls about processes.
 *
 * Linux man-pages: fork(2), vfork(2), clone(2), execve(2), wait4(2), arch_prctl(2).
 */

import { setFsBase } from "../../arch/x86_64/systemCall";
import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { switchSpace } from "../mm/addressSpace";
import { SpaceResult } from "../mm/regions";
import { isUserRange, writeUserInteger, writeUserWord } from "../mm/userMemory";
import { Errno, answerOf, refusal } from "./errno";
import { endedChild, hasChild } from "./exit";
import { writeUsage } from "./ownCalls";
import { findProgram, foundProgram, programPath } from "./pathCalls";
import { type Process, WaitReason, freeProcess } from "./process";
import { currentProcess, waitFor } from "./scheduler";
import { isInterrupted } from "./signals";
import { CloneRequest, StartResult, forkProcess, given, replaceProgram } from "./start";

/** wait4: answer at once. */
const NO_HANG: u64 = 1n;
/** arch_prctl: what it may set and read. */
const SET_FS: u64 = 0x1002n;
const GET_FS: u64 = 0x1003n;

const request = new CloneRequest();

/** Flags of clone. The lowest byte is the signal that tells the parent of the end. */
const END_SIGNAL: u64 = 0xffn;
const SHARE_MEMORY: u64 = 0x100n;
const WAIT_FOR_CHILD: u64 = 0x4000n;
const SET_STORAGE: u64 = 0x8_0000n;
const TELL_PARENT: u64 = 0x10_0000n;
/** Clears a word when a thread ends that others outlive: none does. */
const CLEAR_AT_END: u64 = 0x20_0000n;
const TELL_CHILD: u64 = 0x100_0000n;
const KNOWN_FLAGS: u64 =
  END_SIGNAL | SHARE_MEMORY | WAIT_FOR_CHILD | SET_STORAGE | TELL_PARENT | CLEAR_AT_END | TELL_CHILD;

/** fork: the number of the child; the child itself gets 0. */
export function fork(process: Process, frame: TrapFrame): u64 {
  return startChild(process, frame, 0n, 0n, process.fsBase);
}

/** vfork: a child without memory of its own; the parent waits until it ends or starts another program. */
export function forkAndWait(process: Process, frame: TrapFrame): u64 {
  return startChild(process, frame, SHARE_MEMORY | WAIT_FOR_CHILD, 0n, process.fsBase);
}

/** clone: a child as of fork or vfork, with a stack or thread-local storage of its own. There are no threads. */
export function clone(process: Process, frame: TrapFrame): u64 {
  const flags = frame.rdi;
  if ((flags & ~KNOWN_FLAGS) !== 0n) return refusal(Errno.Invalid);
  if ((flags & (SHARE_MEMORY | WAIT_FOR_CHILD)) === SHARE_MEMORY) return refusal(Errno.Invalid);
  const hasOwnStorage = (flags & SET_STORAGE) !== 0n;
  if (hasOwnStorage && !isUserRange(frame.r8, 1n)) return refusal(Errno.NoPermission);
  return startChild(process, frame, flags, frame.rsi, hasOwnStorage ? frame.r8 : process.fsBase);
}

function startChild(process: Process, frame: TrapFrame, flags: u64, stackPointer: u64, fsBase: u64): u64 {
  request.sharesMemory = (flags & SHARE_MEMORY) !== 0n;
  request.stackPointer = stackPointer;
  request.fsBase = fsBase;
  const child = forkProcess(process, frame, request);
  if (child === null) return refusal(Errno.OutOfMemory);
  const pid = child.pid;
  if ((flags & TELL_PARENT) !== 0n) void writeUserInteger(frame.rdx, pid);
  if ((flags & TELL_CHILD) !== 0n) tellChild(child, frame.r10);
  if ((flags & WAIT_FOR_CHILD) !== 0n) {
    child.isVforked = true;
    waitFor(WaitReason.Vfork);
  }
  return u64(pid);
}

/** Writes the child's number into its memory. Where it cannot be written, nobody hears of that: as in Linux. */
function tellChild(child: Process, address: u64): void {
  const own = currentProcess().memory();
  switchSpace(child.memory());
  void writeUserInteger(address, child.pid);
  switchSpace(own);
}

/** execve: 0 and another program, or a refusal and the old one. */
export function executeProgram(process: Process, frame: TrapFrame): u64 {
  const problem = findProgram(process, frame.rdi) ?? given.readFrom(frame.rsi, frame.rdx);
  if (problem !== null) return refusal(problem);
  switch (replaceProgram(process, programPath(), foundProgram().content, frame)) {
    case StartResult.Started:
      return 0n;
    case StartResult.NotExecutable:
      return refusal(Errno.NotExecutable);
    case StartResult.NoInterpreter:
      return refusal(Errno.NoEntry);
    case StartResult.OutOfMemory:
      return refusal(Errno.OutOfMemory);
  }
}

/** wait4: the number of a child that has ended, how at `statusAddress`, and what it has used at `usageAddress`. */
export function waitForChild(process: Process, wanted: u64, statusAddress: u64, flags: u64, usageAddress: u64): u64 {
  const which = i32.wrap(wanted);
  let child = endedChild(process, which);
  while (child === null) {
    if (!hasChild(process, which)) return refusal(Errno.NoChild);
    if ((flags & NO_HANG) !== 0n) return 0n;
    if (isInterrupted(process)) return refusal(Errno.Interrupted);
    waitFor(WaitReason.Child);
    child = endedChild(process, which);
  }
  if (statusAddress !== 0n && writeUserInteger(statusAddress, child.status) !== SpaceResult.Done) {
    return refusal(Errno.BadAddress);
  }
  const ticks = child.runTicks + child.childTicks;
  if (usageAddress !== 0n && writeUsage(usageAddress, ticks) !== 0n) return refusal(Errno.BadAddress);
  const ended = child.pid;
  process.childTicks += ticks;
  freeProcess(child);
  return u64(ended);
}

/** getppid: 0 for a process whose parent has ended. */
export function parentNumber(process: Process): u64 {
  const parent = process.parent;
  return parent === null ? 0n : u64(parent.pid);
}

/** arch_prctl: where FS points. */
export function useRegister(process: Process, what: u64, address: u64): u64 {
  if (what === GET_FS) return answerOf(writeUserWord(address, process.fsBase));
  if (what !== SET_FS) return refusal(Errno.Invalid);
  if (!isUserRange(address, 1n)) return refusal(Errno.NoPermission);
  process.fsBase = address;
  setFsBase(address);
  return 0n;
}
