// Checked steps of what stands in memory: `pool.free -= 1n` is one instruction and a jump when it is done in place, where
// reading, checking and writing are four. The checks of signed results have no such form.

import type { Expression, Place } from "../../ir";
import { integerBase, type IntegerType } from "../../types";

export interface Update {
  readonly name: "increment" | "decrement" | "increase";
  readonly type: IntegerType;
  /** What changes; its index may be checked. */
  readonly target: Expression;
  readonly by: Expression | undefined;
  readonly check: Place;
}

/** The step that an assignment is; undefined when it is none. */
export function updateOf(target: Expression, value: Expression): Update | undefined {
  if (value.kind !== "arithmetic" || value.check === undefined) return undefined;
  const { operator, left, right, check } = value;
  const type = integerBase(value.type);
  if (type === undefined || type.signed || target.type.key !== value.type.key) return undefined;
  if (!isOrdinaryMemory(target) || !isSamePlace(target, left)) return undefined;
  const isOne = right.kind === "constant" && right.value === 1n;
  if (operator === "-") return isOne ? { name: "decrement", type, target: left, by: undefined, check } : undefined;
  if (operator !== "+") return undefined;
  if (isOne) return { name: "increment", type, target: left, by: undefined, check };
  return right.kind === "constant" ? undefined : { name: "increase", type, target: left, by: right, check };
}

/** A pointer to it is like any other: not volatile, and aligned. */
function isOrdinaryMemory(target: Expression): boolean {
  switch (target.kind) {
    case "global":
      return true;
    case "field":
      return !target.field.storage.volatile && !target.field.owner.packed;
    case "index":
      return "element" in target.base.type && !target.base.type.element.volatile;
    default:
      return false;
  }
}

/** Both name one place, and neither does anything. The bounds of an index are checked when it is read. */
function isSamePlace(written: Expression, read: Expression): boolean {
  switch (written.kind) {
    case "local":
      return read.kind === "local" && read.local === written.local;
    case "global":
      return read.kind === "global" && read.global === written.global;
    case "constant":
      return read.kind === "constant" && read.value === written.value;
    case "field":
      return read.kind === "field" && read.field === written.field && isSamePlace(written.object, read.object);
    case "index":
      return (
        read.kind === "index" &&
        read.temporary === undefined &&
        isSamePlace(written.base, read.base) &&
        isSamePlace(written.index, read.index)
      );
    default:
      return false;
  }
}
