// References to storage on the stack: they must not be returned or stored, because the storage ends with its block.

import ts from "typescript";

import type { Expression } from "../ir";
import { canPointToStack, isAggregate, type Storage } from "../types";
import type { Scope } from "./scope";

const isInline = (storage: Storage): boolean => isAggregate(storage.type) && !storage.ref;

/** Whether a value is (or holds) the address of storage in this function's frame. */
export function isStackReference(expression: Expression): boolean {
  switch (expression.kind) {
    case "local":
      return expression.local.onStack && canPointToStack(expression.type);
    case "field":
      return isInline(expression.field.storage) && isStackReference(expression.object);
    case "index": {
      const { type } = expression.base;
      return "element" in type && isInline(type.element) && isStackReference(expression.base);
    }
    case "makeSlice":
      return isStackReference(expression.elements);
    case "subslice":
      return isStackReference(expression.slice);
    case "wrap":
    case "unwrap":
      return isStackReference(expression.operand);
    case "conditional":
      return isStackReference(expression.whenTrue) || isStackReference(expression.whenFalse);
    case "sequence":
      return isStackReference(expression.result);
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
