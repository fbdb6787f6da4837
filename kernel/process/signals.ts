/**
 * Signals: what reaches a process from outside of its own course.
 *
 *     send --> ignored: nothing            pending --(on the way back to ring 3: leave.ts)--> handler, or the end
 *          --> deadly, not blocked: the process ends
 *          --> else: pending, and whoever waits for something is told that it was interrupted
 *
 * Linux man-pages: signal(7), sigaction(2).
 */

import { type Process, ProcessState, firstProcess } from "./process";
import { interruptWait, noteUserWork, requestEnd } from "./scheduler";
import { SIGNAL_LIMIT, Signal, signalBit } from "./signalNumbers";

/** What a process wants of a signal, as rt_sigaction hands it over. */
export class SignalAction {
  /** SIG_DEFAULT, SIG_IGNORE, or where the handler is. */
  handler: u64;
  flags: u64;
  restorer: u64;
  /** What is blocked while the handler runs. */
  mask: u64;
}
staticAssert(sizeOf<SignalAction>() === 32n);

export const SIG_DEFAULT: u64 = 0n;
export const SIG_IGNORE: u64 = 1n;

/** These can neither be caught nor blocked. */
const UNSTOPPABLE: u64 = (1n << (u64(Signal.Kill) - 1n)) | (1n << (u64(Signal.Stop) - 1n));

/** What a process has of signals. */
export class Signals {
  pending: u64;
  blocked: u64;
  /** What is blocked again once a handler has been entered: sigsuspend blocks other signals while it waits. */
  private waitedWith: u64;
  private hasWaited: bool;
  readonly actions: FixedArray<SignalAction, 64>;
  /** The process that sent each, 0: the kernel. */
  readonly senders: FixedArray<u32, 64>;
  /** The fault that became a signal, until its handler has been told; 0: none. */
  faultSignal: u32;
  faultCode: u32;
  faultAddress: u64;
  faultVector: u64;
  /** A stack for handlers that ask for one; without bytes there is none. */
  otherStack: u64;
  otherStackBytes: u64;

  action(signal: u32): SignalAction {
    return this.actions[signal - 1];
  }

  setBlocked(blocked: u64): void {
    this.blocked = blocked & ~UNSTOPPABLE;
  }

  /** Blocks these until a handler has been entered, or `restoreBlocked`. */
  waitWith(blocked: u64): void {
    this.waitedWith = this.blocked;
    this.hasWaited = true;
    this.setBlocked(blocked);
  }

  /** What is blocked when a handler that is entered now is done. */
  blockedBefore(): u64 {
    return this.hasWaited ? this.waitedWith : this.blocked;
  }

  /** No handler has been entered while `waitWith` was in force. */
  restoreBlocked(): void {
    if (this.hasWaited) this.setBlocked(this.waitedWith);
    this.hasWaited = false;
  }

  /** A handler is entered: these wait until it is done. */
  beginHandler(blocked: u64): void {
    this.hasWaited = false;
    this.setBlocked(this.blocked | blocked);
  }

  /** The process sees to what may be delivered before it is in ring 3 again. */
  noteDeliverable(process: Process): void {
    if (this.next() !== 0) noteUserWork(process);
  }

  /** Where a handler's stack begins: below `stackPointer` and what lies there, or at the top of the other stack. */
  stackFor(stackPointer: u64, useOther: bool, redZoneBytes: u64): u64 {
    if (useOther && this.otherStackBytes !== 0n && !this.isOnOtherStack(stackPointer)) {
      return wrappingAdd(this.otherStack, this.otherStackBytes);
    }
    return wrappingSub(stackPointer, redZoneBytes);
  }

  isOnOtherStack(stackPointer: u64): bool {
    return wrappingSub(stackPointer, this.otherStack) < this.otherStackBytes;
  }

  /** The lowest signal that has arrived and may be delivered. 0: none. */
  next(): u32 {
    const deliverable = this.pending & ~this.blocked;
    return deliverable === 0n ? 0 : trailingZeros(deliverable) + 1;
  }

  isIgnored(signal: u32): bool {
    const handler = this.action(signal).handler;
    return handler === SIG_IGNORE || (handler === SIG_DEFAULT && !isDeadly(signal));
  }

  /** A child has the parent's actions and blocks what it blocks; what is pending is the parent's. */
  inherit(parent: Signals): void {
    copyStruct(this, parent);
    this.pending = 0n;
    this.faultSignal = 0;
  }

  /** Another program: handlers are gone, what is ignored stays so. */
  forgetHandlers(): void {
    this.otherStackBytes = 0n;
    for (let signal: u32 = 1; signal < SIGNAL_LIMIT; signal += 1) {
      const action = this.action(signal);
      const handler = action.handler;
      zeroStruct(action);
      if (handler === SIG_IGNORE) action.handler = SIG_IGNORE;
    }
  }
}

/** Sends a signal, 1 to 64, from the kernel or from the process of this number. */
export function sendSignal(process: Process, signal: u32, sender: u32 = 0): void {
  if (process.state === ProcessState.Ended) return;
  const signals = process.signals;
  const isBlocked = (signals.blocked & signalBit(signal)) !== 0n;
  if (!isBlocked && signals.isIgnored(signal)) return;
  if (!isBlocked && signals.action(signal).handler === SIG_DEFAULT) {
    requestEnd(process, signal);
    return;
  }
  signals.pending |= signalBit(signal);
  signals.senders[signal - 1] = sender;
  if (isBlocked) return;
  interruptWait(process);
  noteUserWork(process);
}

/** Sends a signal to all processes of a group. How many there are. */
export function signalGroup(group: u32, signal: u32, sender: u32 = 0): u32 {
  let count: u32 = 0;
  for (let process = firstProcess(); process !== null; process = process.next) {
    if (process.group !== group || process.state === ProcessState.Ended) continue;
    count += 1;
    if (signal !== 0) sendSignal(process, signal, sender);
  }
  return count;
}

/**
 * Turns a fault of the process that runs into its signal. False: nobody handles that, or the handler itself is at
 * fault; the process is to end.
 */
export function raiseFault(process: Process, signal: Signal, code: u32, address: u64, vector: u64): bool {
  const signals = process.signals;
  const handler = signals.action(u32(signal)).handler;
  const isBlocked = (signals.blocked & signalBit(u32(signal))) !== 0n;
  if (isBlocked || handler === SIG_DEFAULT || handler === SIG_IGNORE) return false;
  signals.pending |= signalBit(u32(signal));
  signals.faultSignal = u32(signal);
  signals.faultCode = code;
  signals.faultAddress = address;
  signals.faultVector = vector;
  noteUserWork(process);
  return true;
}

/** Whether what a process waits for is to be given up: it ends, or has a signal to see to. */
export function isInterrupted(process: Process): bool {
  return process.isEnding || process.signals.next() !== 0;
}

/** Whether the default is the end. Stopping and going on are not supported: processes do not notice such signals. */
export function isDeadly(signal: u32): bool {
  switch (signal) {
    case Signal.Child:
    case Signal.Continue:
    case Signal.Stop:
    case Signal.TerminalStop:
    case Signal.TerminalInput:
    case Signal.TerminalOutput:
    case Signal.Urgent:
    case Signal.WindowChange:
      return false;
    default:
      return true;
  }
}
