/**
 * Processes: a program that runs, its address space, and what the kernel keeps for it.
 *
 *     create --> Ready <--> Running --> Ended --(its parent waits for it)--> gone
 *                  ^           |
 *                  '- Waiting <'      for a child, for time, for input
 *
 * Every process has a parent but the first, and those whose parent has ended: nobody waits for them, the scheduler
 * removes them.
 */

import { SavedStack } from "../../arch/x86_64/taskSwitch";
import { VectorState } from "../../arch/x86_64/vectors";
import { Descriptors } from "../files/descriptors";
import { WorkingFolder } from "../files/workingFolder";
import { type AddressSpace, destroySpace } from "../mm/addressSpace";
import { allocateObject, freeObject } from "../mm/heap";
import { ProgramName } from "./programName";
import { createKernelStack, destroyKernelStack, kernelStackTop } from "./kernelStacks";
import { Signals } from "./signals";

export enum ProcessState {
  Ready,
  Running,
  Waiting,
  /** What is left is its number, its kernel stack and how it ended. */
  Ended,
}

/** What a process waits for. */
export enum WaitReason {
  Nothing,
  Child,
  /** A child that has its memory until it ends or starts another program. */
  Vfork,
  Time,
  /** A word of memory that others wake by: futex. */
  Futex,
  /** Something in the queue that it is in. */
  Event,
}

export class Process {
  vectors: VectorState;
  pid: u32;
  readonly name: ProgramName;
  state: ProcessState;
  waitReason: WaitReason;
  /** Waiting: when that ends at the latest, in microseconds since the boot. */
  wakeTime: u64;
  parent: Ref<Process> | null;
  /** Neighbours in the list of all processes. */
  next: Ref<Process> | null;
  previous: Ref<Process> | null;
  /** The next that is ready. */
  nextReady: Ref<Process> | null;
  /** The next in the queue in which it waits. */
  nextInQueue: Ref<Process> | null;
  /** Null: it has ended. */
  space: Ref<AddressSpace> | null;
  /** Its process group and its session: numbers of the processes that began them. */
  group: u32;
  session: u32;
  readonly signals: Signals;
  readonly descriptors: Descriptors;
  readonly folder: WorkingFolder;
  stackSlot: u32;
  stack: SavedStack;
  /** Where FS points: its thread-local storage. */
  fsBase: u64;
  /** The heap that brk moves the end of: first address, and the end. */
  heapStart: u64;
  heapEnd: u64;
  /** Permissions that files it makes do not get: umask. */
  fileMask: u32;
  /** Ticks of the time-stamp counter that it had the processor, and that its children had which it waited for. */
  runTicks: u64;
  childTicks: u64;
  /** Waiting for a futex: where in physical memory the word lies; 0: it has been woken. */
  futex: u64;
  /** It ends on its way back to ring 3. */
  isEnding: bool;
  /** How it ended or will end, as wait4 tells: exit code << 8, or the number of a signal. */
  status: u32;
  /** Its parent waits until it ends or starts another program. It may have the same address space so long. */
  isVforked: bool;

  /** Its address space. For a process that has not ended. */
  memory(): AddressSpace {
    const space = this.space;
    if (space === null) panic("a process that has not ended has an address space");
    return space;
  }

  /** RSP when the kernel is entered from ring 3. */
  stackTop(): u64 {
    return kernelStackTop(this.stackSlot);
  }
}

class Processes {
  first: Ref<Process> | null;
  count: u32;
  lastPid: u32;
}
const processes = new Processes();

/** Numbers go up to this and begin again: programs take a process number for a signed integer. */
const MAX_PID: u32 = 32_767;

/** Nobody but the owner writes. */
const DEFAULT_FILE_MASK: u32 = 0o022;

/** A process without memory that does not run yet. Null: out of memory, or there are too many. */
export function createProcess(parent: Process | null): Process | null {
  const slot = createKernelStack();
  if (slot === null) return null;
  const process = allocateObject<Process>();
  if (process === null) {
    destroyKernelStack(slot);
    return null;
  }
  process.vectors.init();
  process.pid = unusedPid();
  process.state = ProcessState.Waiting;
  process.parent = parent;
  process.fileMask = DEFAULT_FILE_MASK;
  process.stackSlot = slot;
  const first = processes.first;
  process.next = first;
  if (first !== null) first.previous = process;
  processes.first = process;
  processes.count += 1;
  return process;
}

/** Frees a process that has ended or never ran. It has no address space any more, and its stack is not in use. */
export function freeProcess(process: Process): void {
  assert(process.space === null, "a process gives its memory back before it is freed");
  const next = process.next;
  const previous = process.previous;
  if (next !== null) next.previous = previous;
  if (previous !== null) previous.next = next;
  else processes.first = next;
  processes.count -= 1;
  destroyKernelStack(process.stackSlot);
  freeObject(process);
}

/** Gives an address space up that a process had, and that is not in use; the last process that has it destroys it. */
export function releaseSpace(space: AddressSpace): void {
  for (let process = processes.first; process !== null; process = process.next) {
    if (process.space === space) return;
  }
  destroySpace(space);
}

/** Processes there are, the ended ones included. */
export function processCount(): u32 {
  return processes.count;
}

/** The head of the list of all processes. */
export function firstProcess(): Process | null {
  return processes.first;
}

/** The process of this number, unless it has ended. */
export function findProcess(pid: u32): Process | null {
  const process = findAnyProcess(pid);
  return process !== null && process.state !== ProcessState.Ended ? process : null;
}

/** The process of this number, whether it has ended or not. */
export function findAnyProcess(pid: u32): Process | null {
  for (let process = processes.first; process !== null; process = process.next) {
    if (process.pid === pid) return process;
  }
  return null;
}

/** The lowest number from this one on that a process has. Null: none has. */
export function nextProcessNumber(from: u32): u32 | null {
  let lowest: u32 | null = null;
  for (let process = processes.first; process !== null; process = process.next) {
    if (process.pid >= from && (lowest === null || process.pid < lowest)) lowest = process.pid;
  }
  return lowest;
}

/** Numbers are given in turn, so that an old one is not soon somebody else's. */
function unusedPid(): u32 {
  do {
    processes.lastPid = processes.lastPid === MAX_PID ? 1 : processes.lastPid + 1;
  } while (findAnyProcess(processes.lastPid) !== null);
  return processes.lastPid;
}
