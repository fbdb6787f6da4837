/**
 * System calls about processes.
 *
 * Linux man-pages: fork(2), vfork(2), execve(2), wait4(2), kill(2), arch_prctl(2).
 */

import { setFsBase } from "../../arch/x86_64/systemCall";
import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { findFile } from "../files/archive";
import { SpaceResult } from "../mm/regions";
import { isUserRange, writeUser } from "../mm/userMemory";
import { readUserString } from "./arguments";
import { Errno, refusal } from "./errno";
import { endedChild, hasChild } from "./exit";
import { type Process, WaitReason, findProcess, freeProcess } from "./process";
import { requestEnd, waitFor } from "./scheduler";
import { StartResult, forkProcess, given, replaceProgram } from "./start";

/** wait4: answer at once. */
const NO_HANG: u64 = 1n;
/** wait4: any child. */
const ANY_CHILD: u64 = u64.MAX;
/** Numbers of signals end below this. */
const SIGNAL_LIMIT: u64 = 65n;

/** arch_prctl: what it may set. */
const SET_FS: u64 = 0x1002n;

const path = new FixedArray<u8, 256>();
const statusBytes = new FixedArray<u8, 4>();

/** fork: the number of the child; the child itself gets 0. */
export function fork(process: Process, frame: TrapFrame): u64 {
  const child = forkProcess(process, frame);
  return child === null ? refusal(Errno.OutOfMemory) : u64(child.pid);
}

/** vfork: fork, and the parent waits until the child ends or starts another program. */
export function forkAndWait(process: Process, frame: TrapFrame): u64 {
  const child = forkProcess(process, frame);
  if (child === null) return refusal(Errno.OutOfMemory);
  const pid = child.pid;
  child.isVforked = true;
  waitFor(WaitReason.Vfork);
  return u64(pid);
}

/** execve: 0 and another program, or a refusal and the old one. */
export function executeProgram(process: Process, frame: TrapFrame): u64 {
  const length = readUserString(path, frame.rdi);
  if (length === null) return refusal(Errno.BadAddress);
  if (length === path.length) return refusal(Errno.NameTooLong);
  const file = findFile(stringOver(subslice(path, 0, length)));
  if (file === null) return refusal(Errno.NoEntry);
  const problem = given.readFrom(frame.rsi, frame.rdx);
  if (problem !== null) return refusal(problem);
  switch (replaceProgram(process, file, frame)) {
    case StartResult.Started:
      return 0n;
    case StartResult.NotExecutable:
      return refusal(Errno.NotExecutable);
    case StartResult.OutOfMemory:
      return refusal(Errno.OutOfMemory);
  }
}

/** wait4: the number of a child that has ended, and how at `statusAddress`. */
export function waitForChild(process: Process, wanted: u64, statusAddress: u64, flags: u64): u64 {
  const pid = wanted === ANY_CHILD ? 0 : u32.wrap(wanted);
  if (!hasChild(process, pid)) return refusal(Errno.NoChild);
  let child = endedChild(process, pid);
  while (child === null) {
    if ((flags & NO_HANG) !== 0n) return 0n;
    waitFor(WaitReason.Child);
    if (process.isEnding) return refusal(Errno.Interrupted);
    child = endedChild(process, pid);
  }
  if (statusAddress !== 0n && !writeStatus(statusAddress, child.status)) return refusal(Errno.BadAddress);
  const ended = child.pid;
  freeProcess(child);
  return u64(ended);
}

function writeStatus(address: u64, status: u32): bool {
  for (let i: u32 = 0; i < 4; i += 1) statusBytes[i] = u8.wrap(status >>> (i * 8));
  return writeUser(address, statusBytes) === SpaceResult.Done;
}

/** kill: every signal but 0 ends the process, as no program can ask for something else yet. */
export function sendSignal(wanted: u64, signal: u64): u64 {
  if (signal >= SIGNAL_LIMIT) return refusal(Errno.Invalid);
  const target = findProcess(u32.wrap(wanted));
  if (target === null) return refusal(Errno.NoProcess);
  if (signal !== 0n) requestEnd(target, u32(signal));
  return 0n;
}

/** getppid: 0 for a process whose parent has ended. */
export function parentNumber(process: Process): u64 {
  const parent = process.parent;
  return parent === null ? 0n : u64(parent.pid);
}

/** arch_prctl: where FS points. */
export function setRegister(process: Process, what: u64, address: u64): u64 {
  if (what !== SET_FS) return refusal(Errno.Invalid);
  if (!isUserRange(address, 1n)) return refusal(Errno.NoPermission);
  process.fsBase = address;
  setFsBase(address);
  return 0n;
}
