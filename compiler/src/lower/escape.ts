// References to storage on the stack: they must not be returned or stored, because the storage ends with its block.

import ts from "typescript";

import type { Expression, Local } from "../ir";
import { canPointToStack, isAggregate, type Storage } from "../types";
import type { Scope } from "./scope";

const isInline = (storage: Storage): boolean => isAggregate(storage.type) && !storage.ref;

/** Whether a value is (or holds) the address of storage in this function's frame. */
export const isStackReference = (expression: Expression): boolean => refersTo(expression, (local) => local.onStack);

/**
 * Whether a value may be (or hold) the address of storage that one of certain variables refers to. What a function
 * returns may be what it was given.
 */
export function refersTo(expression: Expression, holds: (local: Local) => boolean): boolean {
  if (!canPointToStack(expression.type)) return false;
  const inner = (operand: Expression): boolean => refersTo(operand, holds);
  switch (expression.kind) {
    case "local":
      return holds(expression.local);
    case "field":
      return isInline(expression.field.storage) && inner(expression.object);
    case "index": {
      const { type } = expression.base;
      return "element" in type && isInline(type.element) && inner(expression.base);
    }
    case "makeSlice":
      return inner(expression.elements);
    case "subslice":
      return inner(expression.slice);
    case "wrap":
    case "unwrap":
      return inner(expression.operand);
    case "conditional":
      return inner(expression.whenTrue) || inner(expression.whenFalse);
    case "sequence":
      return inner(expression.result);
    case "call":
      return expression.args.some(inner);
    default:
      return false;
  }
}

export function rejectStackReturn(scope: Scope, value: Expression, node: ts.Node): void {
  if (isStackReference(value)) scope.fail(node, "TK4002");
}

export function rejectStackStore(scope: Scope, value: Expression, node: ts.Node): void {
  if (isStackReference(value)) scope.fail(node, "TK4003");
}
