/**
 * Segments: what long mode leaves of them. A flat code and a flat data segment, and the task state segment that tells
 * the CPU which stack an exception gets.
 *
 *     selector  0x00     0x08          0x10          0x18        0x20        0x28 0x30
 *             +--------+-------------+-------------+-----------+-----------+-----------+
 *     GDT     |  null  | kernel code | kernel data | user data | user code |    TSS    |   a TSS takes two entries
 *             +--------+-------------+-------------+-----------+-----------+-----------+
 *
 * SYSCALL and SYSRET want them in this order: kernel data behind kernel code, user code behind user data.
 *
 * Intel SDM Vol. 3A, "Segment Descriptors", "TSS Descriptor in 64-bit mode", "64-Bit Task-State Segment".
 */

import { Stack, stackTop } from "./stacks";

export const KERNEL_CODE: u16 = 0x08;
export const KERNEL_DATA: u16 = 0x10;
/** With ring 3 in the lowest two bits, as CS and SS hold them. */
export const USER_DATA: u16 = 0x18 | 3;
export const USER_CODE: u16 = 0x20 | 3;
export const TASK_STATE: u16 = 0x28;

/** Which stack of the interrupt stack table a gate asks for; 0: the one in use. */
export const NO_IST: u8 = 0;
export const IST_DOUBLE_FAULT: u8 = 1;
export const IST_NMI: u8 = 2;
export const IST_MACHINE_CHECK: u8 = 3;

/** Present, ring 0, code, readable, 64-bit. Base and limit are not used in long mode. */
export const CODE_DESCRIPTOR: u64 = 0x0020_9a00_0000_0000n;
/** Present, ring 0, data, writable. */
export const DATA_DESCRIPTOR: u64 = 0x0000_9200_0000_0000n;
/** The same two for ring 3. */
const RING_3: u64 = 3n << 45n;
/** Bit 47 of every descriptor. */
export const DESCRIPTOR_PRESENT: u64 = 1n << 47n;
/** Present, ring 0, 64-bit TSS, available. */
const TASK_STATE_TYPE: u64 = 0x89n << 40n;

const GDT_LENGTH: u32 = 7;

/** The task state segment: stacks by ring (rsp0 is used on the way from ring 3) and by IST number. */
@packed
export class TaskState {
  private reserved0: u32;
  rsp0: u64;
  rsp1: u64;
  rsp2: u64;
  private reserved1: u64;
  ist1: u64;
  ist2: u64;
  ist3: u64;
  ist4: u64;
  ist5: u64;
  ist6: u64;
  ist7: u64;
  private reserved2: u64;
  private reserved3: u16;
  /** Offset of the I/O permission bitmap. At the end of the segment: there is none. */
  ioMapBase: u16;
}
staticAssert(sizeOf<TaskState>() === 104n);
staticAssert(offsetOf<TaskState>("ist1") === 36n);
staticAssert(offsetOf<TaskState>("ioMapBase") === 102n);

const gdt = new FixedArray<u64, 7>();
const taskState = new TaskState();

/** Loads the kernel's GDT, its segments and its TSS. The exception stacks are in force from here on. */
export function initSegments(): void {
  fillTaskState();
  gdt[0] = 0n;
  gdt[1] = CODE_DESCRIPTOR;
  gdt[2] = DATA_DESCRIPTOR;
  gdt[3] = DATA_DESCRIPTOR | RING_3;
  gdt[4] = CODE_DESCRIPTOR | RING_3;
  gdt[5] = taskStateLow(addressOf(taskState), sizeOf<TaskState>() - 1n);
  gdt[6] = taskStateHigh(addressOf(taskState));
  lgdt(addressOf(gdt), u16(GDT_LENGTH * 8 - 1));
  loadSegments(KERNEL_CODE, KERNEL_DATA);
  ltr(TASK_STATE);
}

/** The stack that traps from ring 3 get: the first byte above it, 16-byte aligned. */
export function setTrapStack(top: u64): void {
  taskState.rsp0 = top;
}

/** The lower entry of a descriptor for an available 64-bit TSS. `limit` is its size in bytes less one, below 65536. */
export function taskStateLow(base: u64, limit: u64): u64 {
  return limit | ((base & 0xff_ffffn) << 16n) | TASK_STATE_TYPE | (((base >> 24n) & 0xffn) << 56n);
}

/** The upper entry: bits 63..32 of the base. */
export function taskStateHigh(base: u64): u64 {
  return base >> 32n;
}

function fillTaskState(): void {
  taskState.rsp0 = stackTop(Stack.Kernel);
  taskState.ist1 = stackTop(Stack.DoubleFault);
  taskState.ist2 = stackTop(Stack.Nmi);
  taskState.ist3 = stackTop(Stack.MachineCheck);
  taskState.ioMapBase = u16(sizeOf<TaskState>());
}
