/**
 * Traps: what the kernel does about an exception or an interrupt.
 *
 *     CPU -> stub (arch/x86_64/trapEntry.asm) -> dispatchTrap
 *                                                  +-> a page fault that gives a program its page: go on
 *                                                  +-> a page fault of a copy to or from a program: it ends here
 *                                                  +-> a probe expected it: go on behind the probe
 *                                                  +-> a program's mistake: it ends on its way back to ring 3
 *                                                  +-> breakpoint: say where, go on
 *                                                  +-> the timer: it may be somebody else's turn
 *                                                  +-> a key: the terminal takes it
 *                                                  +-> another vector from 32 on: say so, go on
 *                                                  +-> anything else: report and end (trapReport.ts)
 *
 * Runs with interrupts off, on the interrupted stack or on one of the three exception stacks.
 */
import { closeUserPages } from "../arch/x86_64/cpu";
import { EXCEPTION_COUNT, Vector } from "../arch/x86_64/exceptions";
import { initInterrupts } from "../arch/x86_64/interrupts";
import { silencePic } from "../arch/x86_64/pic";
import { recoverProbe } from "../arch/x86_64/probe";
import { cameFromUser, TrapFrame } from "../arch/x86_64/trapFrame";
import { recoverUserCopy } from "../arch/x86_64/userCopy";
import { printLine } from "./console/console";
import { resolvePageFault } from "./mm/faults";
import { blameProcess } from "./process/fault";
import { takeTimerInterrupt } from "./process/timer";
import { printPlace } from "./stackTrace";
import { takeInputInterrupt } from "./terminal/input";
import { reportFatalTrap } from "./trapReport";

exportTrap("trap_dispatch", dispatchTrap);

/** Loads the IDT and keeps stray interrupts away from the exceptions. Needs initSegments. */
export function initTraps(): void {
  silencePic();
  initInterrupts();
}

/** Called by trapEntry.asm. Returning continues the interrupted program as `frame` says. */
function dispatchTrap(frame: TrapFrame): void {
  closeUserPages();
  const vector = u32(frame.vector);
  if (vector === Vector.PageFault && (resolvePageFault(frame) || recoverUserCopy(frame))) return;
  if (recoverProbe(frame)) return;
  if (cameFromUser(frame) && blameProcess(frame)) return;
  if (vector === Vector.Breakpoint) {
    printLine(`breakpoint before ${hex(frame.rip, 16)}`);
    printPlace(frame.rip, frame.rip - 1n);
    return;
  }
  if (takeTimerInterrupt(vector) || takeInputInterrupt(vector)) return;
  if (vector >= EXCEPTION_COUNT) {
    log.warn(`unexpected interrupt, vector ${vector}, at ${hex(frame.rip, 16)}`);
    return;
  }
  reportFatalTrap(frame);
}
