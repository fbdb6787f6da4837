// How a program on the simulated machine ends when it does not end well. All of them are ordinary errors for vitest.

import { showAddress, toAddress } from "./layout";

/** A broken invariant: `panic`, a failed assertion, or a failed check. `place` is "path/file.ts:line". */
export class Panic extends Error {
  override readonly name = "Panic";

  constructor(
    readonly text: string,
    readonly place: string,
  ) {
    super(`${text} at ${place}`);
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
