// How a program on the simulated machine ends when it does not end well. All of them are ordinary errors for vitest.

import { showAddress, toAddress } from "./layout";

/** The frames of a stack from the first one on that is not the runtime's own: the line that called it. */
const RUNTIME_FRAME = /^ +at .*[\\/]compiler[\\/]machine[\\/](?:runtime[\\/]|machine\.ts|pageTables\.ts|tlb\.ts)/;

function stackOfCaller(error: Error): string {
  const [head = "", ...rest] = (error.stack ?? "").split(/\n(?= +at )/);
  const first = rest.findIndex((frame) => !RUNTIME_FRAME.test(frame));
  return [head, ...rest.slice(Math.max(first, 0))].join("\n");
}

/** A broken invariant: `panic`, a failed assertion, or a failed check. `place` is "path/file.ts:line". */
export class Panic extends Error {
  override readonly name = "Panic";

  constructor(
    readonly text: string,
    readonly place: string,
  ) {
    super(`${text} at ${place}`);
    this.stack = stackOfCaller(this);
  }
}

/** What an access wanted to do. */
export type Access = "read" | "write" | "execute";

/** Bits of a page fault's error code. Intel SDM Vol. 3A, "Page-Fault Exceptions". */
export const FAULT_PRESENT = 1;
export const FAULT_WRITE = 2;
export const FAULT_USER = 4;
export const FAULT_RESERVED = 8;
export const FAULT_FETCH = 16;

/** An access that the page tables (or, without paging, the address space) do not allow. CR2 holds the address. */
export class PageFault extends Error {
  override readonly name = "PageFault";
  readonly address: bigint;

  constructor(
    pointer: number,
    readonly access: Access,
    readonly errorCode: number,
  ) {
    super(`page fault: ${access} of ${showAddress(pointer)}, error code ${errorCode}`);
    this.address = toAddress(pointer);
    this.stack = stackOfCaller(this);
  }
}

/** `hlt` with nothing that could wake the processor. */
export class Halted extends Error {
  override readonly name = "Halted";

  constructor() {
    super("the processor has halted");
  }
}

/** Something that the simulated machine does not have, or cannot do. */
export class MachineError extends Error {
  override readonly name = "MachineError";
}
