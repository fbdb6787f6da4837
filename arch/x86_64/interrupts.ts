/**
 * The interrupt descriptor table: 256 gates, all to the stubs in trapEntry.asm, which lie 16 bytes apart.
 *
 *      127      96 95       64 63      48 47   44  43..40  39..35 34..32 31       16 15        0
 *     +-----------+-----------+----------+--------+-------+------+------+-----------+-----------+
 *     | reserved  | 63..32    | 31..16   | P DPL 0| type  |  0   | IST  | selector  | 15..0     |
 *     +-----------+-----------+----------+--------+-------+------+------+-----------+-----------+
 *                   of the stub's address                                  of the stub's address
 *
 * All are interrupt gates (type 14): interrupts are off in a handler until it returns. Only ring 0 may reach one by
 * `int n`, but for breakpoint and overflow, whose instructions are for programs.
 *
 * Intel SDM Vol. 3A, "64-Bit Mode IDT", "Interrupt Stack Table".
 */

import { Vector } from "./exceptions";
import { IST_DOUBLE_FAULT, IST_MACHINE_CHECK, IST_NMI, KERNEL_CODE, NO_IST } from "./segments";

export const VECTOR_COUNT: u32 = 256;
/** Bytes from one stub in trapEntry.asm to the next. */
export const STUB_SIZE: u64 = 16n;

/** Bit 7 of a gate's attributes. */
export const GATE_PRESENT: u8 = 0x80;
/** Bits 6..5: the least privileged ring that may use `int n`. */
const GATE_RING_0: u8 = 0;
const GATE_RING_3: u8 = 0x60;
const INTERRUPT_GATE: u8 = 0x0e;

/** One entry of the IDT. */
export class Gate {
  private offsetLow: u16;
  private selector: u16;
  private ist: u8;
  attributes: u8;
  private offsetMiddle: u16;
  private offsetHigh: u32;
  private reserved: u32;

  /** Points the gate at a stub. `ist` is the number of its stack, or NO_IST; `lowestRing` who may use `int n`. */
  set(stub: u64, ist: u8, lowestRing: u8): void {
    this.offsetLow = u16.wrap(stub);
    this.offsetMiddle = u16.wrap(stub >> 16n);
    this.offsetHigh = u32.wrap(stub >> 32n);
    this.selector = KERNEL_CODE;
    this.ist = ist;
    this.attributes = GATE_PRESENT | INTERRUPT_GATE | lowestRing;
    this.reserved = 0;
  }
}
staticAssert(sizeOf<Gate>() === 16n);
staticAssert(offsetOf<Gate>("offsetMiddle") === 6n);
staticAssert(offsetOf<Gate>("offsetHigh") === 8n);

const idt = new FixedArray<Gate, 256>();

/** Fills and loads the IDT. Needs initSegments: three gates ask for stacks of the TSS. */
export function initInterrupts(): void {
  for (let vector: u32 = 0; vector < VECTOR_COUNT; vector += 1) {
    idt[vector].set(stubOf(vector), istOf(vector), lowestRingOf(vector));
  }
  lidt(addressOf(idt), u16(sizeOf<Gate>() * u64(VECTOR_COUNT) - 1n));
}

/** The gate of a vector: 0 .. 255. */
export function gateOf(vector: u32): Gate {
  return idt[vector];
}

/** The address that the CPU jumps to for a vector. */
export function stubOf(vector: u32): u64 {
  return addressOfSymbol("trap_stubs") + u64(vector) * STUB_SIZE;
}

function lowestRingOf(vector: u32): u8 {
  return vector === u32(Vector.Breakpoint) || vector === u32(Vector.Overflow) ? GATE_RING_3 : GATE_RING_0;
}

function istOf(vector: u32): u8 {
  switch (vector) {
    case Vector.DoubleFault:
      return IST_DOUBLE_FAULT;
    case Vector.Nmi:
      return IST_NMI;
    case Vector.MachineCheck:
      return IST_MACHINE_CHECK;
    default:
      return NO_IST;
  }
}
