/**
 * From one kernel stack to another. A stack that is not in use ends with what switch_stack pushed; one that never ran
 * is prepared to look the same, and its first return leads to trap_return, which goes to ring 3.
 *
 *     top   +---------------------+
 *           |  TrapFrame          |  where its program continues
 *           +---------------------+
 *           |  trap_return        |  return address of switch_stack
 *           |  RBP RBX R12 .. R15 |
 *           +---------------------+  <- SavedStack.pointer
 *
 * Intel SDM Vol. 1, "Procedure Calls"; System V ABI AMD64, "Registers".
 */

import { USER_CODE, USER_DATA } from "./segments";
import { TrapFrame } from "./trapFrame";

declare function switch_stack(save: u64, load: u64): void;
declare function resume_frame(frame: u64): void;

/** RSP of a stack that is not in use. */
export class SavedStack {
  pointer: u64;
}

/** What switch_stack pushes besides the return address: all registers that a function keeps for its caller. */
const KEPT_REGISTERS: u64 = 6n;
/** RFLAGS of a new program: interrupts on; bit 1 is always set. */
const INITIAL_RFLAGS: u64 = 0x202n;

/** Leaves this stack for another. Returns when somebody switches back. */
export function switchStack(from: SavedStack, to: SavedStack): void {
  switch_stack(addressOf(from), to.pointer);
}

/** Makes a stack that never ran continue in ring 3 as `frame` says, once it is switched to. `top` is 16-byte aligned. */
export function prepareStack(stack: SavedStack, top: u64, frame: TrapFrame): void {
  const frameAddress = top - sizeOf<TrapFrame>();
  copyMemory(frameAddress, addressOf(frame), sizeOf<TrapFrame>());
  poke64(frameAddress - 8n, addressOfSymbol("trap_return"));
  stack.pointer = frameAddress - 8n - KEPT_REGISTERS * 8n;
  zeroMemory(stack.pointer, KEPT_REGISTERS * 8n);
}

/** Goes to ring 3 as a frame at the top of this stack says. What was going on below it is forgotten. */
export function resumeFrame(frame: TrapFrame): never {
  resume_frame(addressOf(frame));
  panic("ring 3 was not reached");
}

/** A program about to start: registers zero, at `entry`, with this stack pointer. */
export function initUserFrame(frame: TrapFrame, entry: u64, stackPointer: u64): void {
  zeroStruct(frame);
  frame.rip = entry;
  frame.cs = u64(USER_CODE);
  frame.rflags = INITIAL_RFLAGS;
  frame.rsp = stackPointer;
  frame.ss = u64(USER_DATA);
}
