/**
 * Accesses that may fault: the answer is whether they did, and the kernel goes on.
 *
 *     probeRead -> probe_run -> probe_read_byte --+-- works ------------------------> true
 *                     |                           |
 *                     | Recovery: RSP, RFLAGS     +-- faults -> trap_dispatch
 *                     |                                            | recoverProbe: RIP = probe_resume,
 *                     +-------------- probe_resume <-- iretq ------+ RSP = Recovery.stack
 *                                          |
 *                                          +---------------------------------------> false
 *
 * One probe at a time: what runs in a probe starts none.
 */

import { EXCEPTION_COUNT, Vector } from "./exceptions";
import { type TrapFrame } from "./trapFrame";

/** What a probe's fault looked like. */
export class ProbeFault {
  vector: u32;
  errorCode: u64;
  /** RIP at the fault. */
  instruction: u64;
  /** CR2: the address that was accessed. For #PF only; 0 otherwise. */
  address: u64;
}

/** Where to go when the running probe faults. probe.asm writes it. */
class Recovery {
  /** RSP at the call; 0: no probe is running. */
  stack: u64;
  flags: u64;
}
staticAssert(offsetOf<Recovery>("stack") === 0n);
staticAssert(offsetOf<Recovery>("flags") === 8n);

const recovery = new Recovery();
const fault = new ProbeFault();

declare function probe_call(address: u64): void;
declare function probe_run(recovery: Recovery, routine: u64, first: u64, second: u64): bool;

/** Reads the byte at `address`. False: that faulted. */
export function probeRead(address: u64): bool {
  return probeRoutine(addressOfSymbol("probe_read_byte"), address, 0n);
}

/** Writes the 8 bytes of `value` to `address`. False: that faulted, and nothing was written. */
export function probeWrite(address: u64, value: u64): bool {
  return probeRoutine(addressOfSymbol("probe_write_word"), address, value);
}

/** Calls the code at `address`, which must return. False: it, or the way there, faulted. */
export function probeExecute(address: u64): bool {
  return probeRoutine(addressOfSymbol("probe_call"), address, 0n);
}

/** Calls the code at `address`, which must return. When that faults, it is an ordinary fault. */
export function callAddress(address: u64): void {
  probe_call(address);
}

/** Calls the routine at an address with two arguments. False: it faulted and was left where it was. */
export function probeRoutine(routine: u64, first: u64, second: u64): bool {
  assert(recovery.stack === 0n, "a probe is running already");
  fault.vector = 0;
  fault.errorCode = 0n;
  fault.instruction = 0n;
  fault.address = 0n;
  return probe_run(recovery, routine, first, second);
}

/** The fault of the last probe that returned false. */
export function lastProbeFault(): ProbeFault {
  return fault;
}

/** For the trap handler, first thing: true when the trap belongs to a probe; returning from it then ends the probe. */
export function recoverProbe(frame: TrapFrame): bool {
  if (recovery.stack === 0n || !isRecoverable(frame.vector)) return false;
  fault.vector = u32(frame.vector);
  fault.errorCode = frame.errorCode;
  fault.instruction = frame.rip;
  fault.address = frame.vector === u64(Vector.PageFault) ? readCr2() : 0n;
  frame.rip = addressOfSymbol("probe_resume");
  frame.rsp = recovery.stack;
  frame.rflags = recovery.flags;
  recovery.stack = 0n;
  return true;
}

/** Exceptions, save for breakpoints: those go on by themselves. */
function isRecoverable(vector: u64): bool {
  return vector < u64(EXCEPTION_COUNT) && vector !== u64(Vector.Breakpoint);
}
