/**
 * SYSCALL and SYSRET: the fast way from ring 3 to system_call_entry and back.
 *
 *     STAR    63 .......... 48 47 .......... 32      SYSRET: CS = this + 16, SS = this + 8, both of ring 3
 *            | base for SYSRET | kernel code   |     SYSCALL: CS = this, SS = this + 8
 *     LSTAR   address of system_call_entry
 *     FMASK   RFLAGS that SYSCALL clears
 *
 * Intel SDM Vol. 3A, "Fast System Calls in 64-Bit Mode".
 */

import { EFER_SYSTEM_CALLS } from "./controlRegisters";
import { IA32_EFER, IA32_FMASK, IA32_FS_BASE, IA32_LSTAR, IA32_STAR } from "./msr";
import { KERNEL_CODE, KERNEL_DATA, setTrapStack } from "./segments";

/** What a TrapFrame has for a vector when SYSCALL made it. */
export const SYSTEM_CALL_VECTOR: u64 = 256n;

/** TF, IF, DF, IOPL, NT, RF, AC: off in the kernel, whatever the program had. */
const CLEARED_FLAGS: u64 = 0x5_7700n;

/** Opens the way. Needs initSegments; the first program may run after the first `setKernelEntryStack`. */
export function initSystemCalls(): void {
  writeMsr(IA32_STAR, (u64(KERNEL_DATA | 3) << 48n) | (u64(KERNEL_CODE) << 32n));
  writeMsr(IA32_LSTAR, addressOfSymbol("system_call_entry"));
  writeMsr(IA32_FMASK, CLEARED_FLAGS);
  writeMsr(IA32_EFER, readMsr(IA32_EFER) | EFER_SYSTEM_CALLS);
}

/** The stack that the kernel gets when it is entered from ring 3: the first byte above it, 16-byte aligned. */
export function setKernelEntryStack(top: u64): void {
  setTrapStack(top);
  poke64(addressOfSymbol("system_call_stack"), top);
}

/** Where the FS segment of ring 3 begins. A canonical address. */
export function setFsBase(base: u64): void {
  writeMsr(IA32_FS_BASE, base);
}
