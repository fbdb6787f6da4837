// The checks of one expression: which of them the facts make needless, and what those that stay teach when they pass.
//
//   words[i]        i is below the length
//   subslice(s, a, b)   a <= b, and b is not above the length
//   a + b, -a, u8(a)    the result fits the type

import { constant } from "../constants";
import type { Expression, IndexExpression } from "../ir";
import { mapOperands, operandsOf } from "../operands";
import { U32 } from "../types";
import { assume } from "./assume";
import { alwaysFits, bound, evaluate, lengthOf } from "./evaluate";
import type { Facts } from "./facts";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/** The expression without the checks that cannot fail. */
export function proved(expression: Expression, facts: Facts): Expression {
  const within = (operand: Expression): Expression => proved(operand, facts);
  switch (expression.kind) {
    case "logical":
      return provedLogical(expression, facts);
    case "conditional":
      return provedConditional(expression, facts);
    case "sequence":
      return provedSequence(expression, facts);
    default:
      return unchecked(expression, mapOperands(expression, within), facts);
  }
}

/** What is not evaluated under any facts stays as it is. */
const provedUnder = (expression: Expression, facts: Facts | undefined): Expression =>
  facts === undefined ? expression : proved(expression, facts);

function provedLogical(expression: Of<"logical">, facts: Facts): Expression {
  const { left, right, operator } = expression;
  const onward = assume(left, operator === "&&", facts);
  return { ...expression, left: proved(left, facts), right: provedUnder(right, onward) };
}

function provedConditional(expression: Of<"conditional">, facts: Facts): Expression {
  const { condition, whenTrue, whenFalse } = expression;
  return {
    ...expression,
    condition: proved(condition, facts),
    whenTrue: provedUnder(whenTrue, assume(condition, true, facts)),
    whenFalse: provedUnder(whenFalse, assume(condition, false, facts)),
  };
}

function provedSequence(expression: Of<"sequence">, facts: Facts): Expression {
  let before = facts;
  const temporaries = expression.temporaries.map(([local, value]) => {
    const step = [local, proved(value, before)] as const;
    before = bound(before, local, value);
    return step;
  });
  return { ...expression, temporaries, result: proved(expression.result, before) };
}

/** `rebuilt` without its own check when `original` cannot fail it. */
function unchecked(original: Expression, rebuilt: Expression, facts: Facts): Expression {
  switch (original.kind) {
    case "index":
      return rebuilt.kind === "index" && original.checked && isInside(original, facts)
        ? withoutCheck(rebuilt)
        : rebuilt;
    case "subslice":
      return original.checked && isPart(original, facts) ? ({ ...rebuilt, checked: false } as Expression) : rebuilt;
    case "arithmetic":
    case "negate":
    case "convert":
      if (original.check === undefined || !alwaysFits(original, facts)) return rebuilt;
      return { ...rebuilt, check: undefined } as Expression;
    default:
      return rebuilt;
  }
}

/** The slice is read once then, so it needs no temporary. */
function withoutCheck({ kind, type, base, index, place }: IndexExpression): Expression {
  return { kind, type, base, index, checked: false, place };
}

/** The length that an index is compared with. */
const lengthBehind = ({ base }: IndexExpression, facts: Facts) =>
  base.type.kind === "array" ? evaluate(constant(U32, BigInt(base.type.length)), facts) : lengthOf(base, facts);

const isInside = (expression: IndexExpression, facts: Facts): boolean =>
  facts.atMost(evaluate(expression.index, facts), lengthBehind(expression, facts), -1n);

function isPart({ slice, start, end }: Of<"subslice">, facts: Facts): boolean {
  const last = evaluate(end, facts);
  return facts.atMost(evaluate(start, facts), last, 0n) && facts.atMost(last, lengthOf(slice, facts), 0n);
}

// ---------------------------------------------------------------------------------------------------------------------
// What has passed its checks.

/** The facts after an expression has been evaluated. Undefined: a check fails whenever it is reached. */
export function passed(expression: Expression, facts: Facts): Facts | undefined {
  return alwaysEvaluated(expression).reduce<Facts | undefined>(
    (before, operand) => before && passed(operand, before),
    ownChecksPassed(expression, facts),
  );
}

function ownChecksPassed(expression: Expression, facts: Facts): Facts | undefined {
  if (expression.kind === "index" && expression.checked)
    return facts.withAtMost(evaluate(expression.index, facts), lengthBehind(expression, facts), -1n);
  if (expression.kind !== "subslice" || !expression.checked) return facts;
  const [start, end] = [evaluate(expression.start, facts), evaluate(expression.end, facts)];
  return facts.withAtMost(start, end, 0n)?.withAtMost(end, lengthOf(expression.slice, facts), 0n);
}

function alwaysEvaluated(expression: Expression): readonly Expression[] {
  if (expression.kind === "logical") return [expression.left];
  if (expression.kind === "conditional") return [expression.condition];
  return expression.kind === "sequence" ? [] : operandsOf(expression);
}
