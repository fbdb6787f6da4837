/**
 * Faults of programs: whoever causes one that nobody can repair ends, with a report and the signal that Linux has for
 * it. The kernel goes on.
 *
 * Intel SDM Vol. 3A, "Exception and Interrupt Reference"; Linux man-pages, signal(7).
 */

import { pageFaultAddress } from "../../arch/x86_64/controlRegisters";
import { exceptionName, Vector } from "../../arch/x86_64/exceptions";
import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { event } from "../log";
import { lastRefusal } from "../mm/faults";
import { type Process } from "./process";
import { requestEnd, runningProcess } from "./scheduler";
import { Signal } from "./signalNumbers";
import { raiseFault } from "./signals";

/** What a handler is told of where its signal comes from: a fault. Linux's SEGV_MAPERR and its like. */
const FAULT_CODE: u32 = 1;

/**
 * Ends the process that caused this trap in ring 3, or lets its handler see to that. False: it was not the program's
 * doing.
 */
export function blameProcess(frame: TrapFrame): bool {
  const process = runningProcess();
  const signal = signalOf(u32(frame.vector));
  if (process === null || signal === null) return false;
  const isPageFault = frame.vector === u64(Vector.PageFault);
  const address = isPageFault ? pageFaultAddress() : frame.rip;
  if (raiseFault(process, signal, FAULT_CODE, address, frame.vector)) return true;
  report(process, frame, signal);
  requestEnd(process, u32(signal));
  return true;
}

function signalOf(vector: u32): Signal | null {
  switch (vector) {
    case Vector.DivideError:
    case Vector.X87Error:
    case Vector.SimdError:
      return Signal.Arithmetic;
    case Vector.Debug:
    case Vector.Breakpoint:
      return Signal.Trap;
    case Vector.InvalidOpcode:
      return Signal.IllegalInstruction;
    case Vector.SegmentNotPresent:
    case Vector.StackFault:
    case Vector.AlignmentCheck:
      return Signal.Bus;
    case Vector.Overflow:
    case Vector.BoundRange:
    case Vector.GeneralProtection:
    case Vector.PageFault:
      return Signal.Segmentation;
    default:
      return null;
  }
}

function report(process: Process, frame: TrapFrame, signal: Signal): void {
  const name = exceptionName(u32(frame.vector));
  event(`process-fault pid=${process.pid} mnemonic=${name.mnemonic} signal=${u32(signal)} rip=${hex(frame.rip)}`);
  const who = process.pid;
  const program = process.name.text();
  if (frame.vector !== u64(Vector.PageFault)) {
    log.warn(`process ${who} (${program}) ends: ${name.mnemonic} at ${hex(frame.rip)}`);
    return;
  }
  const address = pageFaultAddress();
  const why = lastRefusal();
  log.warn(`process ${who} (${program}) ends: page fault at ${hex(frame.rip)}, address ${hex(address)}: ${why}`);
}
