// The machine of one test file. Kernel modules that the test imports run on it; `machine` is the same one for the test.
//
//   import { machine, instanceAt } from "../../compiler/machine/session";
//   import { allocateFrame } from "../../kernel/mm/frameAllocator";
//   beforeEach(() => machine.reset());

import { Boundary } from "./boundary/boundary";
import { asElements } from "./boundary/elements";
import { POINTER, type StructView } from "./boundary/structs";
import { TypeTable } from "./boundary/types";
import { MachineError } from "./errors";
import { toAddress, toPointer } from "./layout";
import { Machine } from "./machine";
import { createRuntime } from "./runtime/runtime";

export { Halted, MachineError, PageFault, Panic } from "./errors";

export const machine = new Machine();

// What generated modules import.
export const runtime = createRuntime(machine);
export const types = new TypeTable();
export const boundary = new Boundary(machine, runtime, types);

/** The instance of a kernel class at a virtual address, as `overlay` would give it. */
export function instanceAt<T>(type: new () => T, address: bigint): T {
  const key = boundary.values.structs.keyOf(type);
  if (key === undefined) throw new MachineError(`${type.name} is not a class of kernel code`);
  return boundary.values.structs.at(key, toPointer(address)) as T;
}

/** The virtual address of an instance of a kernel class, an array or a slice. */
export function addressOf(target: object): bigint {
  const elements = asElements(target);
  const pointer = elements === undefined ? (target as Partial<StructView>)[POINTER] : elements.pointer;
  if (pointer === undefined) throw new MachineError("not an object of kernel code");
  return toAddress(pointer);
}
