/**
 * The report of a trap that nothing can be done about: what happened, to whom, and how it came there.
 *
 *     EXCEPTION: PAGE FAULT (#PF, vector 14)
 *     Accessed Address: 0x00000000deadbeaf, not mapped: lower half, kept for programs
 *     Error Code: 0x2 (page not present, write, supervisor mode)
 *     Stack Frame: ...
 *     Registers: ...
 *     Walk: ...
 *     Stack trace: ...
 *
 * It allocates nothing, so it also works on the exception stacks, with the kernel stack used up. A fault in here is not
 * reported again (panic.ts) with one exception: the double fault of a stack that ran out while reporting, which has a
 * stack of its own.
 */
import { ControlRegisters, readControlRegisters } from "../arch/x86_64/controlRegisters";
import {
  exceptionName,
  hasErrorCode,
  hasSelectorErrorCode,
  pageFaultAccess,
  pageFaultCause,
  pageFaultMode,
  selectorIndex,
  selectorIsExternal,
  selectorTable,
  Vector,
} from "../arch/x86_64/exceptions";
import { physmapBase } from "../arch/x86_64/physmap";
import { guardHolding, stackName } from "../arch/x86_64/stacks";
import { rootTable } from "../arch/x86_64/contexts";
import { TrapFrame } from "../arch/x86_64/trapFrame";
import { describeAddress } from "../arch/x86_64/whereabouts";
import { printLine } from "./console/console";
import { event } from "./log";
import { reportWalk, Walk, walkAddress } from "./mm/walk";
import { abandonReport, beginFatalReport, endFatally } from "./panic";
import { printAlarm, printExplanation, printHeading, printLabel } from "./reportText";
import { printStackTrace } from "./stackTrace";

/** Kept out of the stack, which may be nearly full. */
const walk = new Walk();
const control = new ControlRegisters();

class Progress {
  sawDoubleFault: bool;
}
const progress = new Progress();

/** Reports the trap and ends. */
export function reportFatalTrap(frame: TrapFrame): never {
  const vector = u32(frame.vector);
  const name = exceptionName(vector);
  if (!mayReport(vector)) {
    abandonReport(`${name.mnemonic} while reporting, at ${hex(frame.rip, 16)}`);
  }
  readControlRegisters(control);
  sendEvent(frame, name.mnemonic);
  printAlarm("EXCEPTION");
  printLine(`: ${name.name} (${name.mnemonic}, vector ${vector})`);
  if (concernsAddress(vector)) printAccess(control.cr2);
  printErrorCode(vector, frame.errorCode);
  printStackFrame(frame);
  printRegisters(frame);
  if (concernsAddress(vector)) printWalk(control.cr2);
  printHeading("Stack trace");
  printStackTrace(frame.rip, frame.rsp, frame.rbp);
  endFatally();
}

/** One report, and one more of a double fault that came while the first was written. */
function mayReport(vector: u32): bool {
  const isFirstReport = beginFatalReport();
  if (vector !== Vector.DoubleFault) return isFirstReport;
  const isFirstDoubleFault = !progress.sawDoubleFault;
  progress.sawDoubleFault = true;
  return isFirstReport || isFirstDoubleFault;
}

/** A double fault mostly is a page fault whose frame could not be pushed: CR2 then is that of the page fault. */
function concernsAddress(vector: u32): bool {
  return vector === Vector.PageFault || (vector === Vector.DoubleFault && guardHolding(control.cr2) !== null);
}

function sendEvent(frame: TrapFrame, mnemonic: string): void {
  event(
    `trap vector=${frame.vector} mnemonic=${mnemonic} error=${hex(frame.errorCode)} address=${hex(control.cr2, 16)} rip=${hex(frame.rip, 16)}`,
  );
}

function printAccess(address: u64): void {
  printLabel("Accessed Address");
  printLine(`${hex(address, 16)}, ${describeAddress(address)}`);
  const guarded = guardHolding(address);
  if (guarded === null) return;
  printExplanation(`The ${stackName(guarded)} is used up: that address lies in the guard page below it.`);
}

function printErrorCode(vector: u32, code: u64): void {
  printLabel("Error Code");
  if (!hasErrorCode(vector)) {
    printLine("none");
  } else if (vector === Vector.PageFault) {
    printLine(`${hex(code)} (${pageFaultCause(code)}, ${pageFaultAccess(code)}, ${pageFaultMode(code)})`);
  } else if (hasSelectorErrorCode(vector) && code !== 0n) {
    const source = selectorIsExternal(code) ? "external event" : "caused by the program";
    printLine(`${hex(code)} (${selectorTable(code)} entry ${selectorIndex(code)}, ${source})`);
  } else {
    printLine(`${hex(code)}`);
  }
}

function printStackFrame(frame: TrapFrame): void {
  printHeading("Stack Frame");
  printLine(`    instruction pointer ${hex(frame.rip, 16)}    code segment  ${hex(frame.cs, 2)}`);
  printLine(`    stack pointer       ${hex(frame.rsp, 16)}    stack segment ${hex(frame.ss, 2)}`);
  printLine(`    cpu flags           ${hex(frame.rflags, 16)}`);
}

function printRegisters(frame: TrapFrame): void {
  printHeading("Registers");
  printLine(`    rax ${hex(frame.rax, 16)}  rbx ${hex(frame.rbx, 16)}  rcx ${hex(frame.rcx, 16)}`);
  printLine(`    rdx ${hex(frame.rdx, 16)}  rsi ${hex(frame.rsi, 16)}  rdi ${hex(frame.rdi, 16)}`);
  printLine(`    rbp ${hex(frame.rbp, 16)}  r8  ${hex(frame.r8, 16)}  r9  ${hex(frame.r9, 16)}`);
  printLine(`    r10 ${hex(frame.r10, 16)}  r11 ${hex(frame.r11, 16)}  r12 ${hex(frame.r12, 16)}`);
  printLine(`    r13 ${hex(frame.r13, 16)}  r14 ${hex(frame.r14, 16)}  r15 ${hex(frame.r15, 16)}`);
  printLine(`    cr0 ${hex(control.cr0, 16)}  cr3 ${hex(control.cr3, 16)}  cr4 ${hex(control.cr4, 16)}`);
}

/** Tables are read through the HHDM: not before the kernel knows where that is. */
function printWalk(address: u64): void {
  if (physmapBase() === 0n) return;
  printHeading(`Walk of ${hex(address, 16)}`);
  walkAddress(rootTable(), address, walk);
  reportWalk(walk, printLine);
}
