// Evaluation order. TypeScript evaluates from left to right; C does not say. Where it matters, the earlier operands
// move into temporaries; where it cannot matter, the expression stays as it was written.

import type { Effect, Expression, Local } from "./ir";
import { operandsOf } from "./operands";

const most = (...effects: Effect[]): Effect => Math.max(0, ...effects) as Effect;

/** What evaluating an expression can see or do. */
export function effectOf(expression: Expression): Effect {
  switch (expression.kind) {
    case "constant":
    case "text":
    case "null":
    case "function":
    case "local":
    case "symbolAddress":
      return 0;
    case "global":
      return expression.global.storage || expression.global.readonly ? 0 : 1;
    case "field":
      return most(effectOf(expression.object), loadEffect(expression.field.storage.volatile, expression));
    case "index":
      return most(effectOf(expression.base), effectOf(expression.index), indexEffect(expression));
    case "call":
    case "copy":
    case "zero":
      return 2;
    case "intrinsic":
      return most(expression.effect, ...expression.args.map(effectOf));
    case "divide":
      return most(1, effectOf(expression.left), effectOf(expression.right));
    case "arithmetic":
    case "negate":
    case "convert":
      return most(expression.check === undefined ? 0 : 1, ...operandsOf(expression).map(effectOf));
    default:
      return most(...operandsOf(expression).map(effectOf));
  }
}

/** The address of inline storage is not a read; its value is. */
function loadEffect(isVolatile: boolean, expression: Expression & { kind: "field" }): Effect {
  const { storage } = expression.field;
  const isAddress = (storage.type.kind === "struct" || storage.type.kind === "array") && !storage.ref;
  return isAddress ? 0 : isVolatile ? 2 : 1;
}

function indexEffect(expression: Expression & { kind: "index" }): Effect {
  const base = expression.base.type;
  const isVolatile = (base.kind === "array" || base.kind === "slice" || base.kind === "many") && base.element.volatile;
  return isVolatile ? 2 : 1;
}

/** Evaluating it may panic by itself: at a bounds check, at an overflow, or at a divisor. */
function mayFail(expression: Expression): boolean {
  switch (expression.kind) {
    case "divide":
      return expression.right.kind !== "constant" || mayFail(expression.left);
    case "index":
      return expression.checked || mayFail(expression.base) || mayFail(expression.index);
    case "subslice":
      return expression.checked || operandsOf(expression).some(mayFail);
    case "arithmetic":
    case "negate":
    case "convert":
      return expression.check !== undefined || operandsOf(expression).some(mayFail);
    case "call":
    case "copy":
    case "zero":
      return false;
    default:
      return operandsOf(expression).some(mayFail);
  }
}

/** Operands that can be evaluated in any order, and the temporaries that made them so. */
export interface Ordered {
  readonly temporaries: readonly (readonly [Local, Expression])[];
  readonly operands: Expression[];
}

/** A write must not trade places with another write, nor with a read. */
const conflict = (earlier: Effect, later: Effect): boolean => earlier > 0 && later > 0 && earlier + later > 2;

type Fresh = (value: Expression) => Local;

/** For each operand whether no later one could disturb it, or panic after it should have. */
function lastToMatter(expressions: readonly Expression[]): readonly boolean[] {
  let laterEffect: Effect = 0;
  let laterFails = false;
  const found = expressions.toReversed().map((expression, fromEnd) => {
    // The first is not looked into where nothing could disturb it.
    if (fromEnd === expressions.length - 1 && laterEffect === 0 && !laterFails) return true;
    const effect = effectOf(expression);
    const fails = mayFail(expression);
    const isLast = !conflict(effect, laterEffect) && !(fails && laterFails);
    laterEffect = most(laterEffect, effect);
    laterFails ||= fails;
    return isLast;
  });
  return found.reverse();
}

/** Moves each operand that a later one could disturb, or panic before, into a temporary made by `fresh`. */
export function inOrder(expressions: readonly Expression[], fresh: Fresh): Ordered {
  const isLast = lastToMatter(expressions);
  const temporaries: [Local, Expression][] = [];
  const operands = expressions.map((expression, index) => {
    const stays = isLast[index] ?? true;
    if (expression.type.kind === "message") return liftMessage(expression, stays, temporaries, fresh);
    if (stays || expression.type.kind === "void") return expression;
    return moved(expression, temporaries, fresh);
  });
  return { temporaries, operands };
}

function moved(expression: Expression, temporaries: [Local, Expression][], fresh: Fresh): Expression {
  const local = fresh(expression);
  temporaries.push([local, expression]);
  return { kind: "local", type: expression.type, local };
}

/** The parts of a message live in the block that builds it, so it is built last, and in the block of its user. */
function liftMessage(
  expression: Expression,
  isLast: boolean,
  temporaries: [Local, Expression][],
  fresh: Fresh,
): Expression {
  if (expression.kind === "sequence") {
    temporaries.push(...expression.temporaries.map(([local, value]): [Local, Expression] => [local, value]));
    return liftMessage(expression.result, isLast, temporaries, fresh);
  }
  if (expression.kind !== "message" || isLast) return expression;
  const settle = (value: Expression | undefined): Expression | undefined =>
    value === undefined || effectOf(value) === 0 ? value : moved(value, temporaries, fresh);
  const parts = expression.parts.map((part) => {
    const text = settle(part.text);
    const value = settle(part.value);
    return { ...part, ...(text && { text }), ...(value && { value }) };
  });
  return { ...expression, parts };
}

/** Puts the temporaries in front of what uses them. */
export function withTemporaries(temporaries: Ordered["temporaries"], result: Expression): Expression {
  return temporaries.length === 0 ? result : { kind: "sequence", type: result.type, temporaries, result };
}
