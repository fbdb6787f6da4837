/**
 * What trapEntry.asm leaves on the stack for trap_dispatch: the mirror of its push order. A change here is a change
 * there.
 *
 * Intel SDM Vol. 3A, "64-Bit Mode Stack Frame".
 */

/** The interrupted program. What a handler writes here is what it continues with. */
export class TrapFrame {
  r15: u64;
  r14: u64;
  r13: u64;
  r12: u64;
  r11: u64;
  r10: u64;
  r9: u64;
  r8: u64;
  rbp: u64;
  rdi: u64;
  rsi: u64;
  rdx: u64;
  rcx: u64;
  rbx: u64;
  rax: u64;
  /** Pushed by the stub. */
  vector: u64;
  /** Pushed by the CPU; by the stub, as 0, where the exception has none. */
  errorCode: u64;
  /** From here on pushed by the CPU. */
  rip: u64;
  cs: u64;
  rflags: u64;
  rsp: u64;
  ss: u64;
}
staticAssert(offsetOf<TrapFrame>("rax") === 112n);
staticAssert(offsetOf<TrapFrame>("vector") === 120n);
staticAssert(offsetOf<TrapFrame>("rip") === 136n);
staticAssert(sizeOf<TrapFrame>() === 176n);

/** Flags that a program may change for itself: CF PF AF ZF SF TF DF OF RF AC. */
const PROGRAM_FLAGS: u64 = 0x5_0dd5n;
/** TF and DF: off when a function begins. */
const TRAP_FLAG: u64 = 0x100n;
const DIRECTION_FLAG: u64 = 0x400n;

/** Takes from a program's flags what is its own to say; interrupts stay on, and its privilege what it is. */
export function setProgramFlags(frame: TrapFrame, flags: u64): void {
  frame.rflags = (frame.rflags & ~PROGRAM_FLAGS) | (flags & PROGRAM_FLAGS);
}

/** Makes a program go on at the beginning of a function of its own. */
export function enterFunction(frame: TrapFrame, address: u64, stackPointer: u64): void {
  frame.rip = address;
  frame.rsp = stackPointer;
  frame.rflags &= ~(TRAP_FLAG | DIRECTION_FLAG);
}

/** Whether the trap came from ring 3. */
export function cameFromUser(frame: TrapFrame): bool {
  return (frame.cs & 3n) !== 0n;
}
