// Sizes, alignments and offsets, by the rules of the System V ABI for x86_64: each field at the next multiple of its
// alignment, the size rounded up to the largest of them. The C printer asserts that gcc agrees.

import type { Storage, Type } from "./types";

export interface Layout {
  readonly size: number;
  readonly align: number;
}

const scalar = (size: number): Layout => ({ size, align: size });

/** A pointer with a 32-bit length. */
const POINTER_AND_LENGTH: Layout = { size: 16, align: 8 };

export const roundUp = (value: number, align: number): number => Math.ceil(value / align) * align;

/** The layout of a storage. Structs inside it must have theirs already. */
export function layoutOf(storage: Storage): Layout {
  const { type } = storage;
  if (storage.ref) return scalar(8);
  switch (type.kind) {
    case "struct":
      return { size: type.info.size, align: type.info.align };
    case "array": {
      const element = layoutOf(type.element);
      return { size: element.size * type.length, align: element.align };
    }
    case "nullable":
      return nullableLayout(type.inner);
    default:
      return valueLayout(type);
  }
}

/** Null is a null pointer where there is a pointer, else a flag behind the value. */
function nullableLayout(inner: Type): Layout {
  if (inner.kind === "struct" || inner.kind === "array") return scalar(8);
  const value = valueLayout(inner);
  if (inner.kind === "many" || inner.kind === "function") return value;
  return { size: roundUp(value.size + 1, value.align), align: value.align };
}

function valueLayout(type: Type): Layout {
  switch (type.kind) {
    case "integer":
      return scalar(type.bits / 8);
    case "newtype":
      return scalar(type.base.bits / 8);
    case "enum":
      return scalar(4);
    case "bool":
      return scalar(1);
    case "string":
    case "slice":
    case "message":
      return POINTER_AND_LENGTH;
    default:
      return scalar(8);
  }
}
