// Types at the boundary between kernel code and TypeScript on Node, as values. Generated modules make them.

export interface IntegerType {
  readonly kind: "integer";
  readonly name: string;
  /** Inclusive. */
  readonly low: bigint;
  readonly high: bigint;
  readonly bits: number;
}

export interface StorageType {
  readonly type: ValueType;
  /** Holds a pointer to a class instance, not the instance. */
  readonly ref: boolean;
  readonly size: number;
  readonly align: number;
}

export type ValueType =
  | IntegerType
  | { readonly kind: "bool" | "string" | "message" | "nothing" }
  | { readonly kind: "struct"; readonly key: string }
  | { readonly kind: "array"; readonly element: StorageType; readonly length: number }
  | { readonly kind: "slice" | "many"; readonly element: StorageType }
  | { readonly kind: "nullable"; readonly inner: ValueType }
  | { readonly kind: "function"; readonly parameters: readonly ValueType[]; readonly result: ValueType };

/** Name, offset, storage. */
export type FieldDescription = readonly [string, number, StorageType];

export interface StructDescription {
  readonly key: string;
  readonly size: number;
  readonly align: number;
  readonly fields: () => readonly FieldDescription[];
}

const integer = (bits: number, signed: boolean): IntegerType => {
  const width = BigInt(bits);
  const name = `${signed ? "i" : "u"}${bits}`;
  if (!signed) return { kind: "integer", name, low: 0n, high: (1n << width) - 1n, bits };
  return { kind: "integer", name, low: -(1n << (width - 1n)), high: (1n << (width - 1n)) - 1n, bits };
};

/** What generated modules call. */
export class TypeTable {
  readonly structs = new Map<string, StructDescription>();
  readonly u8 = integer(8, false);
  readonly u16 = integer(16, false);
  readonly u32 = integer(32, false);
  readonly u64 = integer(64, false);
  readonly i8 = integer(8, true);
  readonly i16 = integer(16, true);
  readonly i32 = integer(32, true);
  readonly i64 = integer(64, true);
  readonly bool: ValueType = { kind: "bool" };
  readonly string: ValueType = { kind: "string" };
  readonly message: ValueType = { kind: "message" };
  readonly nothing: ValueType = { kind: "nothing" };

  struct(key: string): ValueType {
    return { kind: "struct", key };
  }

  array(element: StorageType, length: number): ValueType {
    return { kind: "array", element, length };
  }

  slice(element: StorageType): ValueType {
    return { kind: "slice", element };
  }

  many(element: StorageType): ValueType {
    return { kind: "many", element };
  }

  nullable(inner: ValueType): ValueType {
    return { kind: "nullable", inner };
  }

  function(parameters: readonly ValueType[], result: ValueType): ValueType {
    return { kind: "function", parameters, result };
  }

  storage(type: ValueType, ref: boolean, size: number, align: number): StorageType {
    return { type, ref, size, align };
  }

  define(key: string, size: number, align: number, fields: () => readonly FieldDescription[]): void {
    if (!this.structs.has(key)) this.structs.set(key, { key, size, align, fields });
  }

  description(key: string): StructDescription {
    const known = this.structs.get(key);
    if (known === undefined) throw new Error(`no layout for ${key}`);
    return known;
  }
}

/** Null is the address 0: the inner values are pointers. */
export function isNullPointer(inner: ValueType): boolean {
  return inner.kind === "struct" || inner.kind === "array" || inner.kind === "many" || inner.kind === "function";
}
