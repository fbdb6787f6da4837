// What facts are about: integers that have a name for as long as nothing writes to them.
//
//   count           a variable
//   pool.count      a field, a global: until the next write to memory, by a store or by whatever a call does
//   words.length    the length of a slice, or of a string
//   end - start     the difference of two of these
//
// Within one function, equal keys are equal values at the same moment.

import type { Expression, Local } from "../ir";
import type { Type } from "../types";
import { U32 } from "../types";
import { rangeOfType, subtract, type Range } from "./range";

export interface Term {
  readonly key: string;
  /** Whatever else is known: the values of its type. */
  readonly range: Range;
  /** It says something else once one of these is assigned to. */
  readonly locals: readonly Local[];
  /** Its value stands in memory. */
  readonly memory: boolean;
  /** For a difference: of what. */
  readonly minuend?: Term;
  readonly subtrahend?: Term;
}

/** A place that can be named. Locals and globals have C names, which are unique. */
interface Path {
  readonly key: string;
  readonly locals: readonly Local[];
  readonly memory: boolean;
}

function pathOf(expression: Expression): Path | undefined {
  switch (expression.kind) {
    case "local":
      return { key: expression.local.name, locals: [expression.local], memory: false };
    case "global": {
      const { symbol, storage, readonly } = expression.global;
      return { key: symbol, locals: [], memory: !storage && !readonly };
    }
    case "field": {
      const path = expression.field.storage.volatile ? undefined : pathOf(expression.object);
      return path && { ...path, key: `${path.key}.${expression.field.name}`, memory: true };
    }
    case "unwrap":
      return pathOf(expression.operand);
    default:
      return undefined;
  }
}

/** The integer that an expression names. */
export function termOf(expression: Expression): Term | undefined {
  return expression.kind === "unwrap" ? undefined : named(expression, "", expression.type);
}

/** The length of the slice or string that an expression names. */
export const lengthTerm = (slice: Expression): Term | undefined => named(slice, ".length", U32);

function named(expression: Expression, suffix: string, type: Type): Term | undefined {
  const range = rangeOfType(type);
  const path = range && pathOf(expression);
  return path && { ...path, key: `${path.key}${suffix}`, range };
}

/** Undefined when one of them is a difference already. */
export function difference(minuend: Term, subtrahend: Term): Term | undefined {
  if (minuend.minuend !== undefined || subtrahend.minuend !== undefined) return undefined;
  return {
    key: `${minuend.key} - ${subtrahend.key}`,
    range: subtract(minuend.range, subtrahend.range),
    locals: [...minuend.locals, ...subtrahend.locals],
    memory: minuend.memory || subtrahend.memory,
    minuend,
    subtrahend,
  };
}
