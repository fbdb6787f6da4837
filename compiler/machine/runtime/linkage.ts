// Storage and functions by address and by name: what the linker does for a real program.

import { MachineError } from "../errors";
import { showAddress, toAddress, toPointer } from "../layout";
import type { Machine } from "../machine";

/** A function of the program, or one that a test has put in its place. */
export type Callable = (...args: never[]) => unknown;

/** Distance of the addresses of functions. */
const FUNCTION_ALIGN = 16;

export function linkageHelpers(machine: Machine) {
  const { image } = machine;
  const addresses = new Map<Callable, number>();
  const functions = new Map<number, Callable>();
  const exported = new Map<string, Callable>();

  function functionAddress(target: Callable): number {
    const known = addresses.get(target);
    if (known !== undefined) return known;
    const pointer = image.allocate(FUNCTION_ALIGN, FUNCTION_ALIGN, "text");
    addresses.set(target, pointer);
    functions.set(pointer, target);
    return pointer;
  }

  function functionAt(pointer: number): Callable {
    const target = functions.get(pointer);
    if (target === undefined) throw new MachineError(`call of ${showAddress(pointer)}, where no function is`);
    return target;
  }

  /** A function that the source only declares: exported elsewhere, or written in assembly. */
  function externalFunction(name: string): Callable {
    const target = machine.assembly.get(name) ?? exported.get(name);
    if (target !== undefined) return target;
    throw new MachineError(`'${name}' is written in assembly: give it a stand-in with machine.assembly.set`);
  }

  return {
    allocate: image.allocate.bind(image),
    initialise: image.initialise.bind(image),
    functionAddress,
    functionAt,
    externalFunction,
    externalAddress: (name: string) => functionAddress(externalFunction(name)),
    exportFunction(name: string, target: Callable) {
      exported.set(name, target);
      image.define(name, functionAddress(target));
    },
    exportStorage: (name: string, pointer: number) => image.define(name, pointer),
    symbolAddress: (name: string) => toAddress(image.symbol(name)),
    address: toAddress,
    pointer: toPointer,
  };
}

export type LinkageHelpers = ReturnType<typeof linkageHelpers>;
