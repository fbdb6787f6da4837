/**
 * System calls about signals.
 *
 * Linux man-pages: sigaction(2), sigprocmask(2), sigpending(2), sigsuspend(2), pause(2), sigaltstack(2), kill(2),
 * tgkill(2).
 */

import { SpaceResult } from "../mm/regions";
import { readUserObject, readUserWord, writeUserObject, writeUserWord } from "../mm/userMemory";
import { Errno, answerOf, refusal } from "./errno";
import { type Process, ProcessState, findProcess, firstProcess } from "./process";
import { NEVER, WaitQueue, waitIn } from "./scheduler";
import { SIGNAL_LIMIT, Signal, signalBit } from "./signalNumbers";
import { SignalAction, isInterrupted, sendSignal, signalGroup } from "./signals";

/** Bytes of a set of signals: programs say how much they think it is. */
const SET_BYTES: u64 = 8n;

enum How {
  Block = 0,
  Unblock = 1,
  Set = 2,
}

const action = new SignalAction();

/** rt_sigaction: what is to become of a signal, and what was to. */
export function setAction(process: Process, signal: u64, wanted: u64, old: u64, bytes: u64): u64 {
  if (bytes !== SET_BYTES || signal === 0n || signal >= u64(SIGNAL_LIMIT)) return refusal(Errno.Invalid);
  const number = u32(signal);
  if (wanted !== 0n && isUnstoppable(number)) return refusal(Errno.Invalid);
  if (wanted !== 0n && readUserObject(action, wanted) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  const current = process.signals.action(number);
  if (old !== 0n && writeUserObject(old, current, sizeOf<SignalAction>()) !== SpaceResult.Done) {
    return refusal(Errno.BadAddress);
  }
  if (wanted === 0n) return 0n;
  copyStruct(current, action);
  if (process.signals.isIgnored(number)) process.signals.pending &= ~signalBit(number);
  return 0n;
}

function isUnstoppable(signal: u32): bool {
  return signal === u32(Signal.Kill) || signal === u32(Signal.Stop);
}

/** rt_sigprocmask: which signals wait, and which waited before. */
export function setBlocked(process: Process, how: u64, wanted: u64, old: u64, bytes: u64): u64 {
  if (bytes !== SET_BYTES) return refusal(Errno.Invalid);
  const before = process.signals.blocked;
  if (wanted !== 0n) {
    const set = readUserWord(wanted);
    if (set === null) return refusal(Errno.BadAddress);
    if (how > u64(How.Set)) return refusal(Errno.Invalid);
    process.signals.setBlocked(blockedAfter(before, how, set));
    process.signals.noteDeliverable(process);
  }
  if (old !== 0n && writeUserWord(old, before) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  return 0n;
}

function blockedAfter(before: u64, how: u64, set: u64): u64 {
  if (how === u64(How.Block)) return before | set;
  return how === u64(How.Unblock) ? before & ~set : set;
}

/** rt_sigpending. */
export function readPending(process: Process, target: u64, bytes: u64): u64 {
  if (bytes > SET_BYTES) return refusal(Errno.Invalid);
  const pending = process.signals.pending & process.signals.blocked;
  return answerOf(writeUserWord(target, pending));
}

/** Nobody ever wakes it: only signals end a wait here. */
const nothing = new WaitQueue();

/** pause: waits for a signal. */
export function waitForSignal(process: Process): u64 {
  while (!isInterrupted(process)) waitIn(nothing, NEVER);
  return refusal(Errno.Interrupted);
}

/** rt_sigsuspend: the same, while other signals are blocked than usually. */
export function waitWithMask(process: Process, mask: u64, bytes: u64): u64 {
  if (bytes !== SET_BYTES) return refusal(Errno.Invalid);
  const set = readUserWord(mask);
  if (set === null) return refusal(Errno.BadAddress);
  process.signals.waitWith(set);
  process.signals.noteDeliverable(process);
  return waitForSignal(process);
}

/** struct stack_t. */
class OtherStack {
  start: u64;
  flags: u32;
  private padding: u32;
  bytes: u64;
}
staticAssert(sizeOf<OtherStack>() === 24n);
const otherStack = new OtherStack();

const IS_IN_USE: u32 = 1;
const IS_OFF: u32 = 2;
/** Linux's MINSIGSTKSZ. */
const LEAST_STACK_BYTES: u64 = 2048n;

/** sigaltstack: a stack for handlers that ask for one. */
export function useOtherStack(process: Process, wanted: u64, old: u64, stackPointer: u64): u64 {
  const signals = process.signals;
  const isInUse = signals.isOnOtherStack(stackPointer);
  if (old !== 0n) {
    otherStack.start = signals.otherStack;
    otherStack.flags = signals.otherStackBytes === 0n ? IS_OFF : isInUse ? IS_IN_USE : 0;
    otherStack.bytes = signals.otherStackBytes;
    if (writeUserObject(old, otherStack, sizeOf<OtherStack>()) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  }
  if (wanted === 0n) return 0n;
  if (readUserObject(otherStack, wanted) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  if (isInUse) return refusal(Errno.NoPermission);
  if (otherStack.flags !== 0 && otherStack.flags !== IS_OFF) return refusal(Errno.Invalid);
  const isOff = otherStack.flags === IS_OFF;
  if (!isOff && otherStack.bytes < LEAST_STACK_BYTES) return refusal(Errno.OutOfMemory);
  signals.otherStack = otherStack.start;
  signals.otherStackBytes = isOff ? 0n : otherStack.bytes;
  return 0n;
}

/** kill: a process, with 0 or a negative number a group, with -1 all but the first and the one that asks. */
export function killProcesses(process: Process, wanted: u64, signal: u64): u64 {
  if (signal >= u64(SIGNAL_LIMIT)) return refusal(Errno.Invalid);
  const number = u32(signal);
  const pid = i32.wrap(wanted);
  if (pid > 0) return killThread(process, u64(pid), signal);
  if (pid === 0) return answerFor(signalGroup(process.group, number, process.pid));
  if (pid === -1) return answerFor(signalOthers(process, number));
  if (pid === i32.MIN) return refusal(Errno.NoProcess);
  return answerFor(signalGroup(u32(-pid), number, process.pid));
}

/** tkill and tgkill: every process has one thread, of the same number. */
export function killThread(process: Process, wanted: u64, signal: u64): u64 {
  if (signal >= u64(SIGNAL_LIMIT)) return refusal(Errno.Invalid);
  const target = findProcess(u32.wrap(wanted));
  if (target === null) return refusal(Errno.NoProcess);
  if (signal !== 0n) sendSignal(target, u32(signal), process.pid);
  return 0n;
}

function signalOthers(process: Process, signal: u32): u32 {
  let count: u32 = 0;
  for (let other = firstProcess(); other !== null; other = other.next) {
    if (other === process || other.pid === 1 || other.state === ProcessState.Ended) continue;
    count += 1;
    if (signal !== 0) sendSignal(other, signal, process.pid);
  }
  return count;
}

function answerFor(count: u32): u64 {
  return count === 0 ? refusal(Errno.NoProcess) : 0n;
}
