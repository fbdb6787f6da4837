/**
 * The stacks the kernel runs on. Below each lies a guard page that mm leaves unmapped: running out of stack faults
 * instead of overwriting what lies underneath.
 *
 *     high  +------------------+  <- RSP at first: 16-byte aligned
 *           |  stack           |     grows down
 *           +------------------+
 *           |  guard page      |     never mapped
 *     low   +------------------+  <- start of the object, page aligned
 *
 * When the kernel stack is used up, the CPU cannot push the frame of the page fault either. That is a double fault,
 * which has a stack of its own, as have NMI and machine check: those three can come at any instruction, whatever RSP
 * holds.
 *
 * Intel SDM Vol. 3A, "Interrupt Stack Table".
 */

import { PAGE_SIZE, type VirtAddr, virtAddr } from "./addresses";

const KERNEL_STACK_SIZE: u64 = 32768n;
const TRAP_STACK_SIZE: u64 = 16384n;

/** The kernel's stack. boot/ loads RSP with `kernel_stack` + 4096 + 32768. */
@aligned(4096)
class GuardedStack {
  guard: FixedArray<u8, 4096>;
  stack: FixedArray<u8, 32768>;
}
staticAssert(sizeOf<GuardedStack>() === PAGE_SIZE + KERNEL_STACK_SIZE);

/** A stack for one kind of exception: enough for a whole report. */
@aligned(4096)
class GuardedTrapStack {
  guard: FixedArray<u8, 4096>;
  stack: FixedArray<u8, 16384>;
}
staticAssert(sizeOf<GuardedTrapStack>() === PAGE_SIZE + TRAP_STACK_SIZE);

const kernelStack = new GuardedStack();
const doubleFaultStack = new GuardedTrapStack();
const nmiStack = new GuardedTrapStack();
const machineCheckStack = new GuardedTrapStack();
exportC("kernel_stack", kernelStack);

/** The stacks by number. */
export enum Stack {
  Kernel = 0,
  DoubleFault = 1,
  Nmi = 2,
  MachineCheck = 3,
}
const STACK_COUNT: u32 = 4;

/** What people call it. */
export function stackName(stack: Stack): string {
  switch (stack) {
    case Stack.Kernel:
      return "kernel stack";
    case Stack.DoubleFault:
      return "double fault stack";
    case Stack.Nmi:
      return "NMI stack";
    case Stack.MachineCheck:
      return "machine check stack";
  }
}

/** First byte above the guard page. */
export function stackBottom(stack: Stack): u64 {
  return guardStart(stack) + PAGE_SIZE;
}

/** First byte above the stack: what RSP holds when it is empty. */
export function stackTop(stack: Stack): u64 {
  return stackBottom(stack) + (stack === Stack.Kernel ? KERNEL_STACK_SIZE : TRAP_STACK_SIZE);
}

/** The stack that `address` lies in, or null. */
export function stackHolding(address: u64): Stack | null {
  for (let i: u32 = 0; i < STACK_COUNT; i += 1) {
    const stack = stackAt(i);
    if (address >= stackBottom(stack) && address < stackTop(stack)) return stack;
  }
  return null;
}

/** The stack whose guard page `address` lies in, or null. */
export function guardHolding(address: u64): Stack | null {
  for (let i: u32 = 0; i < STACK_COUNT; i += 1) {
    const stack = stackAt(i);
    if (address >= guardStart(stack) && address < stackBottom(stack)) return stack;
  }
  return null;
}

/** The 8 bytes at an address that lies in a stack. */
export function stackWord(address: u64): u64 {
  return peek64(address);
}

/** How many pages of the kernel image stay unmapped. */
export function guardPageCount(): u32 {
  return STACK_COUNT;
}

/** The start of the guard page of this number: 0 .. guardPageCount() - 1. */
export function guardPageAt(index: u32): VirtAddr {
  return virtAddr(guardStart(stackAt(index)));
}

function guardStart(stack: Stack): u64 {
  switch (stack) {
    case Stack.Kernel:
      return addressOf(kernelStack);
    case Stack.DoubleFault:
      return addressOf(doubleFaultStack);
    case Stack.Nmi:
      return addressOf(nmiStack);
    case Stack.MachineCheck:
      return addressOf(machineCheckStack);
  }
}

function stackAt(index: u32): Stack {
  assert(index < STACK_COUNT);
  switch (index) {
    case 0:
      return Stack.Kernel;
    case 1:
      return Stack.DoubleFault;
    case 2:
      return Stack.Nmi;
    default:
      return Stack.MachineCheck;
  }
}
