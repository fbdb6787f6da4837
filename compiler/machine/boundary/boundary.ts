// What generated modules make their exports with.

import { MachineError } from "../errors";
import type { Machine } from "../machine";
import type { Callable } from "../runtime/linkage";
import type { Runtime } from "../runtime/runtime";
import type { StructClass, StructView } from "./structs";
import type { StorageType, TypeTable, ValueType } from "./types";
import { Values } from "./values";

export class Boundary {
  readonly values: Values;

  constructor(machine: Machine, runtime: Runtime, types: TypeTable) {
    this.values = new Values(machine, runtime, types);
  }

  function(
    name: string,
    target: Callable,
    parameters: readonly ValueType[],
    result: ValueType,
    defaults: readonly ((() => unknown) | undefined)[],
  ): Callable {
    const wrapper = this.values.functionOut({ kind: "function", parameters, result }, target, defaults);
    Object.defineProperty(wrapper, "name", { value: name });
    return wrapper;
  }

  class(
    name: string,
    type: ValueType,
    methods: Readonly<Record<string, (self: StructView, ...args: unknown[]) => unknown>>,
    statics: Readonly<Record<string, unknown>>,
    initialise: (pointer: number) => void,
  ): StructClass {
    if (type.kind !== "struct") throw new MachineError(`${name} is not a class`);
    return this.values.structs.define(type.key, name, methods, statics, initialise);
  }

  /** An enum as tsc would print it: names to values and back. */
  enumeration(members: readonly (readonly [string, number])[]): Readonly<Record<string, number | string>> {
    const names: Record<string, number | string> = {};
    for (const [name, value] of members) {
      names[name] = value;
      names[String(value)] ??= name;
    }
    return names;
  }

  /** Static storage: the class instance or array itself. */
  global(pointer: number, storage: StorageType): unknown {
    return this.values.read({ ...storage, ref: false }, pointer);
  }

  /** Stands for a generic function or class: only its instances exist. */
  generic(name: string): Callable {
    return () => {
      throw new MachineError(`${name} is generic: call it from kernel code, where its types are known`);
    };
  }
}
