/** How the processor stops. */

/** Nothing but NMI and machine checks reaches the processor from here on. */
export function disableInterrupts(): void {
  cli();
}

/** Sleeps with interrupts on; they are off again when it returns. An interrupt just before does not get lost. */
export function sleepUntilInterrupt(): void {
  sti();
  hlt();
  cli();
}

/** The end: interrupts off, and asleep again after whatever may still wake it. */
export function haltForever(): never {
  cli();
  while (true) hlt();
}
