/**
 * How far the boot had come when: the times that the boot report shows and that `make bench` reads as events.
 */
import { elapsedTicks } from "./clock";

export class BootStep {
  name: string = "";
  /** Since the kernel was entered, in ticks of the time-stamp counter. */
  ticks: u64;
}

const MAX_STEPS: u32 = 16;

export class BootSteps {
  steps: FixedArray<BootStep, 16>;
  count: u32;
}
export const bootSteps = new BootSteps();

/** A step is done, now. */
export function markStep(name: string): void {
  markStepAt(name, elapsedTicks());
}

/** A step was done at this time: in ticks since the kernel was entered. Steps beyond the sixteenth are not kept. */
export function markStepAt(name: string, ticks: u64): void {
  if (bootSteps.count === MAX_STEPS) return;
  const step = bootSteps.steps[bootSteps.count];
  step.name = name;
  step.ticks = ticks;
  bootSteps.count += 1;
  log.debug(`${name} done after ${ticks} ticks`);
}
