/**
 * The local APIC: this processor's own interrupt controller, here for its timer.
 *
 *     base + 0x020  ID            base + 0x0f0  spurious vector, bit 8 = on
 *     base + 0x0b0  end of        base + 0x320  timer: vector, bit 16 = masked, bit 17 = periodic
 *                   interrupt     base + 0x380  initial count     + 0x390  current count     + 0x3e0  divisor
 *     base + 0x350  LINT0: bits 10..8 = 7: what the 8259 controllers have to say, with their own vector
 *
 * Its registers lie in one page of physical memory, which the caller maps uncached.
 *
 * Intel SDM Vol. 3A, "Advanced Programmable Interrupt Controller (APIC)", "APIC Timer".
 */

import { type PhysAddr, type VirtAddr, physAddr } from "./addresses";
import { IA32_APIC_BASE } from "./msr";

const END_OF_INTERRUPT: u64 = 0x0b0n;
const SPURIOUS: u64 = 0x0f0n;
const TIMER: u64 = 0x320n;
const LINT0: u64 = 0x350n;
const INITIAL_COUNT: u64 = 0x380n;
const CURRENT_COUNT: u64 = 0x390n;
const DIVISOR: u64 = 0x3e0n;

const SOFTWARE_ENABLE: u32 = 1 << 8;
const MASKED: u32 = 1 << 16;
const PERIODIC: u32 = 1 << 17;
const EXTERNAL: u32 = 7 << 8;
const DIVIDE_BY_16: u32 = 3;

/** Bit 11 of IA32_APIC_BASE: on; bits 51..12 are the address of the registers. */
const GLOBAL_ENABLE: u64 = 1n << 11n;
const ADDRESS_MASK: u64 = 0x000f_ffff_ffff_f000n;

class LocalApic {
  /** Where the registers appear; 0: not in use. */
  base: u64;
}
const apic = new LocalApic();

/** Where the registers are in physical memory. */
export function localApicAddress(): PhysAddr {
  return physAddr(readMsr(IA32_APIC_BASE) & ADDRESS_MASK);
}

/**
 * Turns it on, and lets interrupts of the 8259 controllers through; the page of its registers appears at `base`. Stray
 * interrupts arrive as `spuriousVector`.
 */
export function useLocalApic(base: VirtAddr, spuriousVector: u8): void {
  apic.base = base;
  writeMsr(IA32_APIC_BASE, readMsr(IA32_APIC_BASE) | GLOBAL_ENABLE);
  write(SPURIOUS, SOFTWARE_ENABLE | spuriousVector);
  write(LINT0, EXTERNAL);
}

/** Lets the timer count down from its highest value, silently: to find out how fast it counts. */
export function startLocalTimer(): void {
  write(DIVISOR, DIVIDE_BY_16);
  write(TIMER, MASKED);
  write(INITIAL_COUNT, u32.MAX);
}

/** How much it has counted since `startLocalTimer`. */
export function localTimerTicks(): u32 {
  return u32.MAX - read(CURRENT_COUNT);
}

/** From now on it interrupts with this vector each time it has counted `ticks`, at least 1. */
export function setLocalTimer(vector: u8, ticks: u32): void {
  write(TIMER, PERIODIC | vector);
  write(INITIAL_COUNT, ticks);
}

/** Says that an interrupt was taken care of: the next may come. */
export function endLocalInterrupt(): void {
  write(END_OF_INTERRUPT, 0);
}

function read(register: u64): u32 {
  return peek32(apic.base + register);
}

function write(register: u64, value: u32): void {
  poke32(apic.base + register, value);
}
