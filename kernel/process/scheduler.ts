/**
 * Who runs: one process at a time, in turn.
 *
 *     ready   | A | B | C |     one runs until it waits, ends, or its time is up
 *
 * The kernel itself is never interrupted in favour of another process: a switch happens where code here asks for it, on
 * the way back to ring 3 or where a system call waits. When nobody is ready, the stack that booted sleeps until
 * somebody is (`runProcesses`).
 */

import { sleepUntilInterrupt } from "../../arch/x86_64/halt";
import { setFsBase, setKernelEntryStack } from "../../arch/x86_64/systemCall";
import { SavedStack, switchStack } from "../../arch/x86_64/taskSwitch";
import { readTimestamp } from "../../arch/x86_64/timestamp";
import { restoreVectors, saveVectors } from "../../arch/x86_64/vectors";
import { activeSpace, leaveSpace, switchSpace } from "../mm/addressSpace";
import { type Process, ProcessState, WaitReason, firstProcess, freeProcess, processCount } from "./process";

/** Read by trapEntry.asm on the way to ring 3: what it owes the kernel is done first (leave.ts). */
class UserWork {
  pending: u32;
}
const userWork = new UserWork();
exportC("user_work", userWork);

/** No deadline. */
export const NEVER: u64 = u64.MAX;

/** Processes that wait for the same thing. */
export class WaitQueue {
  first: Ref<Process> | null;
}

/** Those that wait for one of several things: they look at all that happens. */
const pollers = new WaitQueue();

class Scheduler {
  current: Ref<Process> | null;
  firstReady: Ref<Process> | null;
  lastReady: Ref<Process> | null;
  /** The stack of `runProcesses`. */
  readonly idle: SavedStack;
  mustYield: bool;
  /** When the process that runs got the processor. */
  switchTicks: u64;
  /** When the first of those that wait for time is due. */
  nextWakeTime: u64 = u64.MAX;
}
const scheduler = new Scheduler();

/** The process that runs. Only for what runs for one: a system call, or a trap from ring 3. */
export function currentProcess(): Process {
  const process = scheduler.current;
  if (process === null) panic("no process runs");
  return process;
}

/** The process that runs, or null: the kernel runs for itself. */
export function runningProcess(): Process | null {
  return scheduler.current;
}

/** Lets a process run when its turn comes. */
export function makeReady(process: Process): void {
  assert(process.state === ProcessState.Waiting || process.state === ProcessState.Running, "it can run");
  process.state = ProcessState.Ready;
  process.waitReason = WaitReason.Nothing;
  process.nextReady = null;
  const last = scheduler.lastReady;
  if (last === null) scheduler.firstReady = process;
  else last.nextReady = process;
  scheduler.lastReady = process;
}

/** Waits until somebody makes the process ready again. */
export function waitFor(reason: WaitReason): void {
  waitUntil(reason, NEVER);
}

/** The same, but no longer than until the clock has this time, in microseconds since the boot. */
export function waitUntil(reason: WaitReason, time: u64): void {
  const process = currentProcess();
  process.state = ProcessState.Waiting;
  process.waitReason = reason;
  process.wakeTime = time;
  if (time < scheduler.nextWakeTime) scheduler.nextWakeTime = time;
  switchTo(takeReady());
}

/**
 * Waits until somebody wakes the queue, the clock has `deadline`, or a signal comes. Which of them, and whether there
 * is now what the caller waits for, is for it to see.
 */
export function waitIn(queue: WaitQueue, deadline: u64 = NEVER): void {
  const process = currentProcess();
  process.nextInQueue = queue.first;
  queue.first = process;
  waitUntil(WaitReason.Event, deadline);
  leaveQueue(queue, process);
}

/** Waits until something happens in any queue; else as `waitIn`. */
export function waitForAny(deadline: u64): void {
  waitIn(pollers, deadline);
}

/** Makes all ready that wait in a queue. */
export function wakeQueue(queue: WaitQueue): void {
  wakeMembers(queue);
  wakeMembers(pollers);
}

function wakeMembers(queue: WaitQueue): void {
  for (let process = queue.first; process !== null; process = process.nextInQueue) wake(process, WaitReason.Event);
}

function leaveQueue(queue: WaitQueue, process: Process): void {
  if (queue.first === process) {
    queue.first = process.nextInQueue;
    return;
  }
  let before = queue.first;
  while (before !== null && before.nextInQueue !== process) before = before.nextInQueue;
  if (before === null) panic("a process leaves the queue that it is in");
  before.nextInQueue = process.nextInQueue;
}

/** A signal has come: unless the process waits for a child that has its memory, it goes on. */
export function interruptWait(process: Process): void {
  if (process.state === ProcessState.Waiting && process.waitReason !== WaitReason.Vfork) makeReady(process);
}

/** Makes a process that waits for this ready. */
export function wake(process: Process, reason: WaitReason): void {
  if (process.state === ProcessState.Waiting && process.waitReason === reason) makeReady(process);
}

/** Lets all others that are ready run first. */
export function yieldNow(): void {
  if (scheduler.firstReady === null) return;
  makeReady(currentProcess());
  switchTo(takeReady());
}

/** Leaves a process that has ended, for good. */
export function leaveForGood(): never {
  switchTo(takeReady());
  panic("a process that has ended was switched to");
}

/** Runs until there is no process any more. On the stack that booted, with interrupts off. */
export function runProcesses(): void {
  while (processCount() > 0) {
    const next = takeReady();
    if (next !== null) switchTo(next);
    else sleepUntilInterrupt();
    removeOrphans();
  }
}

/** The time of the process that runs is up: it yields on its way back to ring 3. */
function requestYield(): void {
  scheduler.mustYield = true;
  userWork.pending = 1;
}

/** On each tick: whose time has come is ready, and the process that runs lets the others run. */
export function wakeSleepers(now: u64): void {
  if (scheduler.nextWakeTime <= now) wakeDue(now);
  letOthersRun();
}

/** The process that runs yields on its way back to ring 3, if others are ready. */
export function letOthersRun(): void {
  if (scheduler.current !== null && scheduler.firstReady !== null) requestYield();
}

function wakeDue(now: u64): void {
  scheduler.nextWakeTime = u64.MAX;
  for (let process = firstProcess(); process !== null; process = process.next) {
    if (process.state !== ProcessState.Waiting) continue;
    if (process.wakeTime <= now) makeReady(process);
    else if (process.wakeTime < scheduler.nextWakeTime) scheduler.nextWakeTime = process.wakeTime;
  }
}

/** Ends a process before it is in ring 3 again, with this status. */
export function requestEnd(process: Process, status: u32): void {
  if (process.isEnding || process.state === ProcessState.Ended) return;
  process.isEnding = true;
  process.status = status;
  if (process.state === ProcessState.Waiting) makeReady(process);
  noteUserWork(process);
}

/** The process is to see to something before it is in ring 3 again. */
export function noteUserWork(process: Process): void {
  if (process === scheduler.current) userWork.pending = 1;
}

/** Ticks of the time-stamp counter that the process that runs has had the processor, up to now. */
export function ticksOfCurrent(): u64 {
  return currentProcess().runTicks + ticksSinceSwitch();
}

/** How long the process that runs has had the processor. A counter that was set back counts as nothing. */
function ticksSinceSwitch(): u64 {
  const now = readTimestamp();
  return now > scheduler.switchTicks ? now - scheduler.switchTicks : 0n;
}

/** Whether the process that runs owes the kernel something before it is in ring 3 again. */
export function hasUserWork(): bool {
  return userWork.pending !== 0;
}

/** Whether it is to yield; asked once for each time. */
export function takeYieldRequest(): bool {
  const must = scheduler.mustYield;
  scheduler.mustYield = false;
  userWork.pending = 0;
  return must;
}

function takeReady(): Process | null {
  const process = scheduler.firstReady;
  if (process === null) return null;
  scheduler.firstReady = process.nextReady;
  if (scheduler.firstReady === null) scheduler.lastReady = null;
  return process;
}

/** Runs this process, or for null the stack that booted. Returns when the one that runs now is switched back to. */
function switchTo(next: Process | null): void {
  const previous = scheduler.current;
  if (next !== null) next.state = ProcessState.Running;
  if (next === previous) return;
  if (previous !== null) leave(previous);
  scheduler.current = next;
  if (next === null) leaveSpace();
  else enter(next);
  const from = previous === null ? scheduler.idle : previous.stack;
  switchStack(from, next === null ? scheduler.idle : next.stack);
}

function leave(process: Process): void {
  process.runTicks += ticksSinceSwitch();
  if (process.state !== ProcessState.Ended) saveVectors(process.vectors);
}

function enter(process: Process): void {
  scheduler.switchTicks = readTimestamp();
  const space = process.memory();
  if (activeSpace() !== space) switchSpace(space);
  setKernelEntryStack(process.stackTop());
  setFsBase(process.fsBase);
  restoreVectors(process.vectors);
  userWork.pending = process.isEnding || process.signals.next() !== 0 || scheduler.mustYield ? 1 : 0;
}

/** Nobody waits for those whose parent has ended. */
function removeOrphans(): void {
  let process = firstProcess();
  while (process !== null) {
    const next: Process | null = process.next;
    if (process.state === ProcessState.Ended && process.parent === null) freeProcess(process);
    process = next;
  }
}
