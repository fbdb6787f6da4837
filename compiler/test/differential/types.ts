// The types of generated programs.

export interface IntegerType {
  readonly kind: "integer";
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
}

export interface NewtypeType {
  readonly kind: "newtype";
  readonly name: string;
  readonly base: IntegerType;
}

export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly members: readonly string[];
}

/** Scalars that may be null are values; objects and slices are so for the length of a statement only (`narrowing`). */
export type OptionalInner =
  IntegerType | NewtypeType | EnumType | { readonly kind: "bool" } | { readonly kind: "string" };

export interface OptionalType {
  readonly kind: "optional";
  readonly inner: OptionalInner;
}

export interface ClassType {
  readonly kind: "class";
  readonly name: string;
  readonly fields: readonly Variable[];
  readonly methods: Signature[];
  readonly packed: boolean;
  /** Packed, of integers alone: any bytes are an object of it. */
  readonly isBytes: boolean;
}

/** A field `Ref<C> | null`. */
export interface ReferenceType {
  readonly kind: "reference";
  readonly target: ClassType;
}

export interface ArrayType {
  readonly kind: "array";
  readonly element: Type;
  readonly length: number;
}

export interface SliceType {
  readonly kind: "slice";
  readonly element: Type;
}

/** `Many<T>`; how many there are only the generator knows. */
export interface ManyType {
  readonly kind: "many";
  readonly element: IntegerType;
  readonly length: number;
}

export type Type =
  | IntegerType
  | NewtypeType
  | EnumType
  | OptionalType
  | ClassType
  | ReferenceType
  | ArrayType
  | SliceType
  | ManyType
  | { readonly kind: "bool" }
  | { readonly kind: "string" };

/** A variable, parameter or field. */
export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly writable: boolean;
  /** A field of type `Volatile<...>`. */
  readonly isVolatile?: boolean;
  /** Of a `let`: the number of its module, the only one that can assign to it. */
  readonly home?: number;
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Variable[];
  /** The last parameter has a default value. */
  readonly hasDefault: boolean;
  readonly result: Type | undefined;
}

const integer = (name: string, bits: number, signed: boolean): IntegerType => ({ kind: "integer", name, bits, signed });

export const U8 = integer("u8", 8, false);
export const U16 = integer("u16", 16, false);
export const U32 = integer("u32", 32, false);
export const U64 = integer("u64", 64, false);
export const INTEGERS: readonly IntegerType[] = [
  U8,
  U16,
  U32,
  U64,
  integer("i8", 8, true),
  integer("i16", 16, true),
  integer("i32", 32, true),
  integer("i64", 64, true),
];
export const BOOL = { kind: "bool" } as const;
export const STRING = { kind: "string" } as const;

/** A type as the source spells it. */
export function spell(type: Type): string {
  switch (type.kind) {
    case "bool":
    case "string":
      return type.kind;
    case "optional":
      return `${spell(type.inner)} | null`;
    case "reference":
      return `Ref<${type.target.name}> | null`;
    case "array":
      return `FixedArray<${spell(type.element)}, ${type.length}>`;
    case "slice":
      return `Slice<${spell(type.element)}>`;
    case "many":
      return `Many<${spell(type.element)}>`;
    default:
      return type.name;
  }
}

export const sameType = (left: Type, right: Type): boolean => spell(left) === spell(right);

/** Whether a value of the narrow type becomes the wide one by itself. */
export function widens(narrow: IntegerType, wide: IntegerType): boolean {
  if (narrow.bits >= wide.bits || (narrow.bits === 64) !== (wide.bits === 64)) return false;
  return !narrow.signed || wide.signed;
}

export const minimum = (type: IntegerType): bigint => (type.signed ? -(1n << BigInt(type.bits - 1)) : 0n);
export const maximum = (type: IntegerType): bigint => (1n << BigInt(type.signed ? type.bits - 1 : type.bits)) - 1n;
export const wrap = (type: IntegerType, value: bigint): bigint =>
  type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);

export const spellLiteral = (type: IntegerType, value: bigint): string => {
  const digits = type.bits === 64 ? `${value}n` : `${value}`;
  return value < 0n ? `(${digits})` : digits;
};
