// What a condition teaches, when it has turned out one way: `i < words.length` was true, so i <= words.length - 1.

import type { ComparisonOperator, Expression } from "../ir";
import { alwaysFits, distance, evaluate, withTemporaries } from "./evaluate";
import { join, type Facts } from "./facts";
import { rangeOfType } from "./range";
import type { Value } from "./value";

const OPPOSITE: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "===": "!==",
  "!==": "===",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/** The facts after a condition had this outcome; undefined when it cannot. */
export function assume(condition: Expression, outcome: boolean, facts: Facts): Facts | undefined {
  const known = outcome ? facts.whenTrue : facts.whenFalse;
  if (!known.has(condition)) known.set(condition, lesson(condition, outcome, facts));
  return known.get(condition);
}

function lesson(condition: Expression, outcome: boolean, facts: Facts): Facts | undefined {
  switch (condition.kind) {
    case "constant":
      return (condition.value !== 0n) === outcome ? facts : undefined;
    case "not":
      return assume(condition.operand, !outcome, facts);
    case "logical":
      return assumeLogical(condition, outcome, facts);
    case "compare":
      return assumeCompare(condition, outcome, facts);
    case "conditional":
      return assumeConditional(condition, outcome, facts);
    case "sequence":
      return assume(condition.result, outcome, withTemporaries(condition, facts));
    default:
      return facts;
  }
}

function assumeLogical(condition: Expression & { kind: "logical" }, outcome: boolean, facts: Facts): Facts | undefined {
  const { left, right } = condition;
  const decided = condition.operator === "||";
  const onward = assume(left, !decided, facts);
  const both = onward && assume(right, outcome, onward);
  return outcome === decided ? join(assume(left, decided, facts), both) : both;
}

function assumeConditional(
  condition: Expression & { kind: "conditional" },
  outcome: boolean,
  facts: Facts,
): Facts | undefined {
  const whenTrue = assume(condition.condition, true, facts);
  const whenFalse = assume(condition.condition, false, facts);
  return join(
    whenTrue && assume(condition.whenTrue, outcome, whenTrue),
    whenFalse && assume(condition.whenFalse, outcome, whenFalse),
  );
}

function assumeCompare(condition: Expression & { kind: "compare" }, outcome: boolean, facts: Facts): Facts | undefined {
  const { left, right, operator } = condition;
  if (rangeOfType(left.type) === undefined || rangeOfType(right.type) === undefined) return facts;
  switch (outcome ? operator : OPPOSITE[operator]) {
    case "<":
      return ordered(left, right, -1n, facts);
    case "<=":
      return ordered(left, right, 0n, facts);
    case ">":
      return ordered(right, left, -1n, facts);
    case ">=":
      return ordered(right, left, 0n, facts);
    case "===": {
      const below = ordered(left, right, 0n, facts);
      return below && ordered(right, left, 0n, below);
    }
    case "!==":
      return apart(evaluate(left, facts), evaluate(right, facts), facts);
  }
}

/** `low <= high + slack`. Where low is `start + part`, part is not above `high - start` either. */
function ordered(low: Expression, high: Expression, slack: bigint, facts: Facts): Facts | undefined {
  const limit = evaluate(high, facts);
  const known = facts.withAtMost(evaluate(low, facts), limit, slack);
  if (low.kind !== "arithmetic" || low.operator !== "+") return known;
  if (low.check === undefined && !alwaysFits(low, facts)) return known;
  const [start, part] = [evaluate(low.left, facts), evaluate(low.right, facts)];
  return known
    ?.withAtMost(part, distance(limit, start, facts), slack)
    ?.withAtMost(start, distance(limit, part, facts), slack);
}

/** Different, so what is at most the other is less. */
function apart(first: Value, second: Value, facts: Facts): Facts | undefined {
  const isBelow = facts.atMost(first, second, 0n);
  const isAbove = facts.atMost(second, first, 0n);
  const below = isBelow ? facts.withAtMost(first, second, -1n) : facts;
  return isAbove ? below?.withAtMost(second, first, -1n) : below;
}
