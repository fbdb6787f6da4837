// Reading and writing memory: which helper of the runtime a storage needs.

import { layoutOf } from "../../layout";
import { integerBase, isAggregate, type NullableType, type Storage, type Type } from "../../types";
import type { ModuleContext } from "./context";

/** Null is the address 0, not a flag beside the value. */
export function isNullPointer(type: Type): boolean {
  if (type.kind !== "nullable") return true;
  const { inner } = type;
  return isAggregate(inner) || inner.kind === "many" || inner.kind === "function";
}

export const isOptional = (type: Type): type is NullableType => type.kind === "nullable" && !isNullPointer(type);

/** What a storage of a variable is: class instances and arrays in a variable are references. */
export const valueStorage = (type: Type): Storage => ({ type, ref: isAggregate(type), volatile: false });

/** The end of a helper's name: `32` for load32 and store32. Signs matter to loads only. */
function suffix(storage: Storage, signs: boolean): string {
  const { type } = storage;
  if (storage.ref || type.kind === "many" || type.kind === "function" || type.kind === "nullable") return "Pointer";
  if (type.kind === "bool") return "Bool";
  if (type.kind === "string" || type.kind === "slice" || type.kind === "message") return "Span";
  const base = integerBase(type);
  if (base === undefined) return "Pointer";
  return base.signed && signs ? `I${base.bits}` : String(base.bits);
}

/** Where the flag of an optional value stands. */
const flagOffset = (type: NullableType): number => layoutOf({ type: type.inner, ref: false, volatile: false }).size;

const innerStorage = (type: NullableType): Storage => ({ type: type.inner, ref: false, volatile: false });

export function load(context: ModuleContext, storage: Storage, address: string): string {
  if (!storage.ref && isOptional(storage.type)) {
    const reader = context.helper(`load${suffix(innerStorage(storage.type), true)}`);
    return `${context.helper("loadOptional")}(${address}, ${flagOffset(storage.type)}, ${reader})`;
  }
  return `${context.helper(`load${suffix(storage, true)}`)}(${address})`;
}

export function store(context: ModuleContext, storage: Storage, address: string, value: string): string {
  if (!storage.ref && isOptional(storage.type)) {
    const writer = context.helper(`store${suffix(innerStorage(storage.type), false)}`);
    return `${context.helper("storeOptional")}(${address}, ${flagOffset(storage.type)}, ${writer}, ${value})`;
  }
  return `${context.helper(`store${suffix(storage, false)}`)}(${address}, ${value})`;
}

/** What a variable holds before it is assigned. */
export function zeroValue(context: ModuleContext, type: Type): string {
  if (isOptional(type)) return "null";
  if (type.kind === "bool") return "false";
  if (type.kind === "string" || type.kind === "slice") return context.helper("emptySpan");
  return integerBase(type)?.bits === 64 ? "0n" : "0";
}
