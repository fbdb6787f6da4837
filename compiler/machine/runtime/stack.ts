// The stack: where `new` in a function and the parts of messages live. It holds nothing else, so it is not the call
// stack of JavaScript; each call that needs memory takes it at its start and gives it back at its end.

import { MachineError } from "../errors";
import { toAddress } from "../layout";
import type { Machine } from "../machine";

export function stackHelpers(machine: Machine) {
  const { image } = machine;
  return {
    stackPointer: () => image.stackPointer,
    /** Takes memory. The caller gives back what stackPointer was before. */
    enter(size: number, align: number): number {
      const frame = Math.floor((image.stackPointer - size) / align) * align;
      if (frame < image.stackLimit) throw new MachineError("the simulated stack has overflowed");
      image.stackPointer = frame;
      return frame;
    },
    leave(saved: number) {
      image.stackPointer = saved;
    },
    framePointer: () => toAddress(image.stackPointer),
  };
}
