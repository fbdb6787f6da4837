// The compiler's own types. tsc sees `number` and `bigint`; every width, newtype and layout decision is made on these.
//
// A Type is the type of a value. A Storage is a place that holds one: inline or by reference, volatile or not. Types
// are plain data; two types are the same when their keys are.

import type { FunctionInfo } from "./ir";

export interface IntegerType {
  readonly kind: "integer";
  readonly key: string;
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}

/** A constant that has not met a width yet: exact, of any size. */
export interface LiteralType {
  readonly kind: "literal";
  readonly key: string;
  readonly wide: boolean;
}

/** `type PhysAddr = u64 & Newtype<"PhysAddr">`, declared in `file`. */
export interface NewtypeType {
  readonly kind: "newtype";
  readonly key: string;
  readonly name: string;
  readonly base: IntegerType;
  readonly file: string;
}

export interface EnumType {
  readonly kind: "enum";
  readonly key: string;
  readonly name: string;
  readonly file: string;
  /** Names and values in source order. Filled once, on first use. */
  readonly members: Map<string, bigint>;
}

export interface StructType {
  readonly kind: "struct";
  readonly key: string;
  readonly info: StructInfo;
}

export interface ArrayType {
  readonly kind: "array";
  readonly key: string;
  readonly element: Storage;
  readonly length: number;
}

/** A pointer with a length (`slice`), or without (`many`). */
export interface SpanType {
  readonly kind: "slice" | "many";
  readonly key: string;
  readonly element: Storage;
}

export interface FunctionType {
  readonly kind: "function";
  readonly key: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
}

export interface NullableType {
  readonly kind: "nullable";
  readonly key: string;
  readonly inner: Type;
}

/** A number in a type position: the N of `FixedArray<T, N>`. */
export interface SizeType {
  readonly kind: "size";
  readonly key: string;
  readonly value: bigint;
}

export interface SimpleType {
  readonly kind: "void" | "never" | "bool" | "string" | "message" | "null";
  readonly key: string;
}

export type Type =
  | IntegerType
  | LiteralType
  | NewtypeType
  | EnumType
  | StructType
  | ArrayType
  | SpanType
  | FunctionType
  | NullableType
  | SizeType
  | SimpleType;

/** How a field, an element or a type argument holds its value. `ref`: a pointer to a class instance, not the instance. */
export interface Storage {
  readonly type: Type;
  readonly ref: boolean;
  readonly volatile: boolean;
}

export interface Field {
  readonly name: string;
  readonly storage: Storage;
  readonly offset: number;
  /** The class that owns it. */
  readonly owner: StructInfo;
}

/** A class, with its type arguments. `fields` is complete once the layout has been asked for. */
export interface StructInfo {
  readonly name: string;
  readonly symbol: string;
  /** Defined in runtime.h. */
  readonly predefined: boolean;
  readonly packed: boolean;
  fields: Field[];
  size: number;
  align: number;
  /** `@aligned(n)`, or 0. */
  minimumAlign: number;
  state: "new" | "busy" | "done" | "rejected";
}

const integer = (key: string, bits: 8 | 16 | 32 | 64, signed: boolean): IntegerType => ({
  kind: "integer",
  key,
  bits,
  signed,
});

export const U8 = integer("u8", 8, false);
export const U16 = integer("u16", 16, false);
export const U32 = integer("u32", 32, false);
export const U64 = integer("u64", 64, false);
export const I8 = integer("i8", 8, true);
export const I16 = integer("i16", 16, true);
export const I32 = integer("i32", 32, true);
export const I64 = integer("i64", 64, true);

export const INTEGERS: ReadonlyMap<string, IntegerType> = new Map(
  [U8, U16, U32, U64, I8, I16, I32, I64].map((type) => [type.key, type]),
);

export const VOID: SimpleType = { kind: "void", key: "void" };
export const NEVER: SimpleType = { kind: "never", key: "never" };
export const BOOL: SimpleType = { kind: "bool", key: "bool" };
export const STRING: SimpleType = { kind: "string", key: "string" };
export const MESSAGE: SimpleType = { kind: "message", key: "Message" };
export const NULL: SimpleType = { kind: "null", key: "null" };
export const NUMBER_LITERAL: LiteralType = { kind: "literal", key: "number literal", wide: false };
export const BIGINT_LITERAL: LiteralType = { kind: "literal", key: "bigint literal", wide: true };

export const inline = (type: Type): Storage => ({ type, ref: false, volatile: false });

export const arrayOf = (element: Storage, length: number): ArrayType => ({
  kind: "array",
  key: `FixedArray<${storageKey(element)}, ${length}>`,
  element,
  length,
});

export const sliceOf = (element: Storage): SpanType => ({
  kind: "slice",
  key: `Slice<${storageKey(element)}>`,
  element,
});

export const manyOf = (element: Storage): SpanType => ({ kind: "many", key: `Many<${storageKey(element)}>`, element });

export const nullable = (inner: Type): NullableType =>
  inner.kind === "nullable" ? inner : { kind: "nullable", key: `${wrapKey(inner)} | null`, inner };

export const sizeType = (value: bigint): SizeType => ({ kind: "size", key: String(value), value });

export const functionType = (parameters: readonly Type[], result: Type): FunctionType => ({
  kind: "function",
  key: `(${parameters.map((parameter) => parameter.key).join(", ")}) => ${result.key}`,
  parameters,
  result,
});

export const functionTypeOf = (info: FunctionInfo): FunctionType =>
  functionType(
    info.parameters.map((parameter) => parameter.type),
    info.result,
  );

const wrapKey = (type: Type): string => (type.kind === "function" ? `(${type.key})` : type.key);

/** How a storage reads in messages, and what tells two apart. */
export function storageKey(storage: Storage): string {
  const key = storage.ref ? `Ref<${storage.type.key}>` : storage.type.key;
  return storage.volatile ? `Volatile<${key}>` : key;
}

export const sameType = (left: Type, right: Type): boolean => left.key === right.key;

/** The integer under an integer, a newtype or an enum; undefined for everything else. */
export function integerBase(type: Type): IntegerType | undefined {
  if (type.kind === "integer") return type;
  if (type.kind === "newtype") return type.base;
  return type.kind === "enum" ? U32 : undefined;
}

/** Values of this type are pointers: class instances, arrays, Many, functions. */
export function isPointer(type: Type): boolean {
  return type.kind === "struct" || type.kind === "array" || type.kind === "many" || type.kind === "function";
}

/** Class instances and arrays: what a storage can hold inline and an expression only refers to. */
export const isAggregate = (type: Type): type is StructType | ArrayType =>
  type.kind === "struct" || type.kind === "array";

/** Expressions of this type can hold the address of storage on the stack. */
export function canPointToStack(type: Type): boolean {
  if (type.kind === "nullable") return canPointToStack(type.inner);
  return isAggregate(type) || type.kind === "many" || type.kind === "slice";
}
