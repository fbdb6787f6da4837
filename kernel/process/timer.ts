/**
 * The tick: a hundred times a second somebody may have slept enough, and the running process has had its time.
 *
 *     local APIC, else interval timer --> vector 0x40 / 0x20 --> trap_dispatch --> timerTick
 *
 * The kernel takes interrupts only while it sleeps, and programs always, so nothing here meets a change half made.
 */

import { frameContaining, pageStart } from "../../arch/x86_64/addresses";
import { detectCpu } from "../../arch/x86_64/cpu";
import { endLocalInterrupt, localApicAddress, localTimerTicks } from "../../arch/x86_64/localApic";
import { setLocalTimer, startLocalTimer, useLocalApic } from "../../arch/x86_64/localApic";
import { KERNEL_DATA, UNCACHED, pageFlags } from "../../arch/x86_64/pageTable";
import { FIRST_PIC_VECTOR, endInterrupt, unmaskInterrupt } from "../../arch/x86_64/pic";
import { PIT_FREQUENCY, PIT_INPUT, startPitInterrupts } from "../../arch/x86_64/pit";
import { elapsedMicroseconds } from "../clock";
import { kernelRoot, windowStart } from "../mm/kernelSpace";
import { MapResult, mapPage } from "../mm/pageMapper";
import { wakeSleepers } from "./scheduler";

const TICKS_PER_SECOND: u64 = 100n;
const APIC_TIMER_VECTOR: u8 = 0x40;
const SPURIOUS_VECTOR: u8 = 0xff;
const PIT_VECTOR: u32 = FIRST_PIC_VECTOR + PIT_INPUT;
/** The local APIC shows at the start of this one of the kernel's windows. */
const WINDOW: u64 = 3n;
/** How long the local APIC's timer is watched to find out how fast it counts. */
const MEASURED_MICROSECONDS: u64 = 2000n;

/** Who ticks. */
enum TimerKind {
  None,
  LocalApic,
  IntervalTimer,
}

class Timer {
  kind: TimerKind;
}
const timer = new Timer();

/** Starts the tick. Once, when the clock is known. */
export function startTimer(): void {
  if (detectCpu().hasApic && mapApic()) startApicTimer();
  else startPitTimer();
}

/** For the trap handler: true when the interrupt was the timer's, or one that means nothing. */
export function takeTimerInterrupt(vector: u32): bool {
  const usesApic = timer.kind === TimerKind.LocalApic;
  if (usesApic && vector === u32(SPURIOUS_VECTOR)) return true;
  if (usesApic && vector === u32(APIC_TIMER_VECTOR)) endLocalInterrupt();
  else if (timer.kind === TimerKind.IntervalTimer && vector === PIT_VECTOR) endInterrupt(PIT_INPUT);
  else return false;
  wakeSleepers(elapsedMicroseconds());
  return true;
}

function mapApic(): bool {
  const page = windowStart(WINDOW);
  const flags = pageFlags(KERNEL_DATA | UNCACHED);
  if (mapPage(kernelRoot(), page, frameContaining(localApicAddress()), flags) !== MapResult.Mapped) return false;
  useLocalApic(pageStart(page), SPURIOUS_VECTOR);
  return true;
}

function startApicTimer(): void {
  timer.kind = TimerKind.LocalApic;
  startLocalTimer();
  const start = elapsedMicroseconds();
  while (elapsedMicroseconds() - start < MEASURED_MICROSECONDS) pause();
  const took = elapsedMicroseconds() - start;
  const perTick = (u64(localTimerTicks()) * 1_000_000n) / (took * TICKS_PER_SECOND);
  setLocalTimer(APIC_TIMER_VECTOR, perTick === 0n ? 1 : u32(perTick));
}

function startPitTimer(): void {
  timer.kind = TimerKind.IntervalTimer;
  startPitInterrupts(u16(PIT_FREQUENCY / TICKS_PER_SECOND));
  unmaskInterrupt(PIT_INPUT);
}
