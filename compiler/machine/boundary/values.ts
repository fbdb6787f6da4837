// Values on their way in and out of kernel code.
//
//   kernel code            TypeScript on Node
//   u8 .. u32, i8 .. i32   number, checked on the way in
//   u64, i64, newtypes     bigint, checked on the way in
//   string, Message        string
//   class instance         object with the fields and methods of the class
//   FixedArray, Slice      object with numbered elements; on the way in also a plain array
//   function               function
//   T | null               the same, or null

import { MachineError } from "../errors";
import type { Machine } from "../machine";
import type { Callable } from "../runtime/linkage";
import type { Runtime } from "../runtime/runtime";
import { Span } from "../runtime/span";
import { Elements, asElements, elementsView, type StorageAccess } from "./elements";
import { KEY, POINTER, StructClasses, type StructView } from "./structs";
import { isNullPointer, type IntegerType, type StorageType, type TypeTable, type ValueType } from "./types";

type FunctionType = ValueType & { kind: "function" };

const wrong = (value: unknown, wanted: string): never => {
  throw new TypeError(`${typeof value === "bigint" ? `${value}n` : String(value)} is not ${wanted}`);
};

export class Values implements StorageAccess {
  readonly structs: StructClasses;
  /** Functions of kernel code and how tests see them, in both directions. */
  private readonly inside = new WeakMap<Callable, Callable>();
  private readonly outside = new WeakMap<Callable, Callable>();

  constructor(
    private readonly machine: Machine,
    private readonly runtime: Runtime,
    types: TypeTable,
  ) {
    this.structs = new StructClasses(machine, types, this);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Out.

  toJs(type: ValueType, value: unknown): unknown {
    switch (type.kind) {
      case "struct":
        return this.structs.at(type.key, value as number);
      case "string":
        return this.runtime.read(value as Span);
      case "message":
        return this.runtime.readMessage(value as Span);
      case "array":
        return elementsView(new Elements(this, type.element, value as number, type.length));
      case "many":
        return elementsView(new Elements(this, type.element, value as number, undefined));
      case "slice": {
        const { address, length } = value as Span;
        return elementsView(new Elements(this, type.element, address, length));
      }
      case "nullable":
        return value === null || (isNullPointer(type.inner) && value === 0) ? null : this.toJs(type.inner, value);
      case "function":
        return this.functionOut(type, this.runtime.functionAt(value as number));
      default:
        return value;
    }
  }

  /** A function of kernel code as a test calls it. */
  functionOut(type: FunctionType, target: Callable, defaults: readonly ((() => unknown) | undefined)[] = []): Callable {
    const known = this.outside.get(target);
    if (known !== undefined) return known;
    const call = target as (...args: unknown[]) => unknown;
    const wrapper = (...args: unknown[]): unknown => {
      const { image } = this.machine;
      image.settle();
      const saved = image.stackPointer;
      const given = type.parameters.map((parameter, index) => this.argument(parameter, args[index], defaults[index]));
      image.settle();
      try {
        return this.toJs(type.result, call(...given));
      } finally {
        image.stackPointer = saved;
      }
    };
    this.outside.set(target, wrapper);
    this.inside.set(wrapper, target);
    return wrapper;
  }

  private argument(type: ValueType, value: unknown, missing: (() => unknown) | undefined): unknown {
    return value === undefined && missing !== undefined ? missing() : this.fromJs(type, value);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // In.

  fromJs(type: ValueType, value: unknown): unknown {
    switch (type.kind) {
      case "integer":
        return integerIn(type, value);
      case "bool":
        return typeof value === "boolean" ? value : wrong(value, "a bool");
      case "string":
        return typeof value === "string" ? this.runtime.text(value) : wrong(value, "a string");
      case "message":
        return typeof value === "string" ? this.runtime.textMessage(value) : wrong(value, "a message");
      case "struct":
        return this.structIn(type.key, value);
      case "array":
      case "slice":
      case "many":
        return this.elementsIn(type, value);
      case "nullable":
        if (value === null) return isNullPointer(type.inner) ? 0 : null;
        return this.fromJs(type.inner, value);
      case "function":
        return this.functionIn(type, value);
      case "nothing":
        return undefined;
    }
  }

  private structIn(key: string, value: unknown): number {
    const view = value as (StructView & { readonly [KEY]?: string }) | null | undefined;
    if (typeof view !== "object" || view?.[KEY] === undefined) return wrong(value, `an instance of ${key}`);
    return view[KEY] === key ? view[POINTER] : wrong(view[KEY], key);
  }

  private elementsIn(type: ValueType & { kind: "array" | "slice" | "many" }, value: unknown): Span | number {
    const known = asElements(value);
    const elements = known ?? this.copyIn(type.element, value);
    const length = elements.length ?? 0;
    if (type.kind === "array" && length !== type.length) return wrong(value, `an array of length ${type.length}`);
    return type.kind === "slice" ? new Span(elements.pointer, length) : elements.pointer;
  }

  /** A plain array in storage of its own. */
  private copyIn(element: StorageType, value: unknown): Elements {
    const isList = Array.isArray(value) || ArrayBuffer.isView(value);
    if (!isList) return wrong(value, "an array");
    const list = Array.from(value as unknown as ArrayLike<unknown>);
    const pointer = this.machine.image.allocate(element.size * list.length, element.align, "data");
    const elements = new Elements(this, element, pointer, list.length);
    for (const [index, each] of list.entries()) elements.set(index, each);
    return elements;
  }

  private functionIn(type: FunctionType, value: unknown): number {
    if (typeof value !== "function") return wrong(value, "a function");
    const callable = value as Callable;
    const known = this.inside.get(callable);
    if (known !== undefined) return this.runtime.functionAddress(known);
    const target = (...args: unknown[]): unknown => {
      const seen = type.parameters.map((parameter, index) => this.toJs(parameter, args[index]));
      return this.fromJs(type.result, (callable as (...args: unknown[]) => unknown)(...seen));
    };
    this.inside.set(callable, target);
    this.outside.set(target, callable);
    return this.runtime.functionAddress(target);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Storage.

  read(storage: StorageType, pointer: number): unknown {
    const { type } = storage;
    if ((type.kind === "struct" || type.kind === "array") && !storage.ref) return this.toJs(type, pointer);
    return this.toJs(type, this.load(type, pointer));
  }

  private load(type: ValueType, pointer: number): unknown {
    switch (type.kind) {
      case "integer":
        return this.runtime[LOADS[type.name] ?? "load8"](pointer);
      case "bool":
        return this.runtime.loadBool(pointer);
      case "string":
      case "slice":
        return this.runtime.loadSpan(pointer);
      case "nullable": {
        if (isNullPointer(type.inner)) return this.runtime.loadPointer(pointer);
        return this.runtime.load8(pointer + flagOffset(type.inner)) === 0 ? null : this.load(type.inner, pointer);
      }
      default:
        return this.runtime.loadPointer(pointer);
    }
  }

  write(storage: StorageType, pointer: number, value: unknown): void {
    const { type } = storage;
    const raw = this.fromJs(type, value);
    this.machine.image.settle();
    if ((type.kind === "struct" || type.kind === "array") && !storage.ref)
      return this.runtime.copy(pointer, raw as number, storage.size);
    this.store(type, pointer, raw);
  }

  private store(type: ValueType, pointer: number, raw: unknown): void {
    switch (type.kind) {
      case "integer":
        return storeInteger(this.runtime, type, pointer, raw as number & bigint);
      case "bool":
        return this.runtime.storeBool(pointer, raw as boolean);
      case "string":
      case "slice":
        return this.runtime.storeSpan(pointer, raw as Span);
      case "nullable": {
        if (isNullPointer(type.inner)) return this.runtime.storePointer(pointer, raw as number);
        if (raw !== null) this.store(type.inner, pointer, raw);
        return this.runtime.store8(pointer + flagOffset(type.inner), raw === null ? 0 : 1);
      }
      default:
        return this.runtime.storePointer(pointer, raw as number);
    }
  }
}

function integerIn(type: IntegerType, value: unknown): number | bigint {
  if (type.bits === 64 ? typeof value !== "bigint" : !Number.isInteger(value)) return wrong(value, type.name);
  const exact = BigInt(value as number | bigint);
  if (exact < type.low || exact > type.high) return wrong(value, type.name);
  // There is no negative zero inside.
  return type.bits === 64 ? exact : Number(exact);
}

const LOADS: Readonly<
  Record<string, "load8" | "load16" | "load32" | "load64" | "loadI8" | "loadI16" | "loadI32" | "loadI64">
> = {
  u8: "load8",
  u16: "load16",
  u32: "load32",
  u64: "load64",
  i8: "loadI8",
  i16: "loadI16",
  i32: "loadI32",
  i64: "loadI64",
};

function storeInteger(runtime: Runtime, type: IntegerType, pointer: number, value: number & bigint): void {
  switch (type.bits) {
    case 8:
      return runtime.store8(pointer, value);
    case 16:
      return runtime.store16(pointer, value);
    case 32:
      return runtime.store32(pointer, value);
    default:
      return runtime.store64(pointer, value);
  }
}

/** The flag of an optional value stands behind the value. */
function flagOffset(inner: ValueType): number {
  switch (inner.kind) {
    case "integer":
      return inner.bits / 8;
    case "bool":
      return 1;
    case "string":
    case "slice":
      return 16;
    default:
      throw new MachineError(`no optional value of kind ${inner.kind}`);
  }
}
