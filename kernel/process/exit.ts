/**
 * How a process ends, and how its parent hears of it.
 *
 *     exit, or requestEnd --> endProcess: memory back, children to nobody, parent woken --> Ended
 *     the parent's wait4 --> endedChild, freeProcess --> gone
 */

import { leaveSpace } from "../mm/addressSpace";
import { type Process, ProcessState, WaitReason, firstProcess, releaseSpace } from "./process";
import { currentProcess, leaveForGood, wake } from "./scheduler";
import { leaveSession } from "./groups";
import { Signal } from "./signalNumbers";
import { SIG_IGNORE, sendSignal } from "./signals";

/** Bits 15..8 of a wait status hold what the program gave to exit. */
export function exitStatus(code: u64): u32 {
  return (u32.wrap(code) & 0xff) << 8;
}

/** Ends the process that runs; `status` is as wait4 tells it. */
export function endProcess(status: u32): never {
  const process = currentProcess();
  releaseLender(process);
  giveMemoryBack(process);
  process.descriptors.closeAll();
  leaveSession(process);
  leaveChildren(process);
  process.status = status;
  process.state = ProcessState.Ended;
  const parent = process.parent;
  if (parent !== null) tellParent(process, parent);
  leaveForGood();
}

/** A parent that ignores the signal by name does not want to hear of its children at all. */
function tellParent(process: Process, parent: Process): void {
  if (parent.signals.action(u32(Signal.Child)).handler === SIG_IGNORE) process.parent = null;
  else sendSignal(parent, u32(Signal.Child));
  wake(parent, WaitReason.Child);
}

/** The parent that waits since vfork may go on; where the end of the heap is now that both had. */
export function releaseLender(process: Process): void {
  const parent = process.parent;
  if (!process.isVforked || parent === null) return;
  process.isVforked = false;
  if (parent.space === process.space) parent.heapEnd = process.heapEnd;
  wake(parent, WaitReason.Vfork);
}

/** Any child, as wait4 has it. */
const ANY_CHILD: i32 = -1;

/** A child of this process that has ended: one that `wanted` stands for, as wait4 has it. Null: none of those has. */
export function endedChild(parent: Process, wanted: i32): Process | null {
  return findChild(parent, wanted, true);
}

/** Whether the process has a child that `wanted` stands for, ended or not. */
export function hasChild(parent: Process, wanted: i32): bool {
  return findChild(parent, wanted, false) !== null;
}

function findChild(parent: Process, wanted: i32, ended: bool): Process | null {
  for (let process = firstProcess(); process !== null; process = process.next) {
    if (process.parent !== parent || !isWanted(process, parent, wanted)) continue;
    if (!ended || process.state === ProcessState.Ended) return process;
  }
  return null;
}

/** A number is a child's, 0 stands for the parent's group, -1 for all children, and what is below for another group. */
function isWanted(child: Process, parent: Process, wanted: i32): bool {
  if (wanted === ANY_CHILD) return true;
  if (wanted > 0) return child.pid === u32(wanted);
  if (wanted === 0) return child.group === parent.group;
  return child.group === u32.wrap(wrappingSub<i32>(0, wanted));
}

function giveMemoryBack(process: Process): void {
  const space = process.space;
  if (space === null) return;
  leaveSpace();
  process.space = null;
  releaseSpace(space);
}

function leaveChildren(parent: Process): void {
  for (let process = firstProcess(); process !== null; process = process.next) {
    if (process.parent === parent) process.parent = null;
  }
}
