// The value of an expression, as far as the facts say. Results are exact first; then the width either holds them, or a
// check has stopped what it does not hold, or they wrap and nothing but the type is known.

import type { Expression } from "../ir";
import { integerBase, U32, type Type } from "../types";
import { assume } from "./assume";
import type { Facts } from "./facts";
import * as ranges from "./range";
import type { Range } from "./range";
import { difference, lengthTerm, termOf, type Term } from "./term";
import { between, equalForms, exactly, made, moved, within, type Linear, type Value } from "./value";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/** The integer that an expression gives, once it has given one. Integers and bools only. */
export function evaluate(expression: Expression, facts: Facts): Value {
  const known = facts.values.get(expression);
  if (known !== undefined) return known;
  const value = tightened(compute(expression, facts), facts);
  facts.values.set(expression, value);
  return value;
}

/** Forms say something about the interval as well. */
function tightened(value: Value, facts: Facts): Value {
  if (value.lower.length === 0 && value.upper.length === 0) return value;
  const range = { ...value.range };
  for (const { term, offset } of value.upper) {
    const high = facts.range(term).high + offset;
    if (high < range.high) range.high = high;
  }
  for (const { term, offset } of value.lower) {
    const low = facts.range(term).low + offset;
    if (low > range.low) range.low = low;
  }
  return { ...value, range };
}

const limitsOf = (type: Type): Range => {
  const range = ranges.rangeOfType(type);
  if (range === undefined) throw new Error(`no integers: ${type.key}`);
  return range;
};

const anything = (type: Type): Value => between(limitsOf(type));

function compute(expression: Expression, facts: Facts): Value {
  switch (expression.kind) {
    case "constant":
      return exactly(expression.value);
    case "local":
    case "global":
    case "field":
      return valueOfTerm(termOf(expression), expression.type, facts);
    case "length":
      return lengthOf(expression.slice, facts);
    case "conditional":
      return either(expression, facts, evaluate);
    case "sequence":
      return evaluate(expression.result, withTemporaries(expression, facts));
    case "intrinsic":
      return intrinsic(expression, facts);
    case "call":
      return between(resultsOf(expression) ?? limitsOf(expression.type));
    default:
      return operation(expression, facts);
  }
}

function valueOfTerm(term: Term | undefined, type: Type, facts: Facts): Value {
  if (term === undefined || (term.memory && !facts.seesMemory)) return anything(type);
  return facts.valueOf(term);
}

const resultsOf = ({ target }: Of<"call">): Range | undefined => ("symbol" in target ? target.results : undefined);

function intrinsic(expression: Of<"intrinsic">, facts: Facts): Value {
  const { name, args, type } = expression;
  if (name === "trailingZeros" || name === "leadingZeros" || name === "popCount")
    return between({ low: 0n, high: 64n });
  const [text] = args;
  return name === "byteLength" && text !== undefined ? lengthOf(text, facts) : anything(type);
}

// ---------------------------------------------------------------------------------------------------------------------
// Operators.

function operation(expression: Expression, facts: Facts): Value {
  const { type } = expression;
  const exact = exactValue(expression, facts);
  if (exact === undefined) return anything(type);
  const limits = limitsOf(type);
  if (ranges.isWithin(exact.range, limits)) return exact;
  const isChecked = "check" in expression && expression.check !== undefined;
  return isChecked ? within(exact, limits) : between(limits);
}

/** Whether the result fits the type without a look. */
export function alwaysFits(expression: Of<"arithmetic" | "negate" | "convert">, facts: Facts): boolean {
  const exact = exactValue(expression, facts);
  return exact !== undefined && ranges.isWithin(exact.range, limitsOf(expression.type));
}

/** The result without a width; undefined when nothing is known of it. */
function exactValue(expression: Expression, facts: Facts): Value | undefined {
  switch (expression.kind) {
    case "convert":
      return ranges.rangeOfType(expression.operand.type) && evaluate(expression.operand, facts);
    case "negate":
      return between(ranges.negate(evaluate(expression.operand, facts).range));
    case "complement":
      return complement(expression, facts);
    case "arithmetic":
    case "divide":
    case "shift":
      return binary(expression, facts);
    default:
      return undefined;
  }
}

function complement(expression: Of<"complement" | "not">, facts: Facts): Value {
  const ones = integerBase(expression.type)?.signed === true ? -1n : limitsOf(expression.type).high;
  return between(ranges.subtract(ranges.around(ones), evaluate(expression.operand, facts).range));
}

function binary(expression: Of<"arithmetic" | "divide" | "shift">, facts: Facts): Value | undefined {
  const left = evaluate(expression.left, facts);
  const right = evaluate(expression.right, facts);
  switch (expression.operator) {
    case "+":
      return tightened(sum(left, right, facts), facts);
    case "-":
      return tightened(distance(left, right, facts), facts);
    case "*":
      return between(ranges.multiply(left.range, right.range));
    case "/":
      return made(ranges.divide(left.range, right.range), [], isPlain(right) ? reduced(left) : []);
    case "%":
      return remainder(left, right);
    case "<<":
      return shiftLeft(left, right, expression.type);
    case ">>":
      return made(ranges.shiftRight(left.range, right.range), [], reduced(left));
    default:
      return bitwise(expression.operator, left, right);
  }
}

const isPlain = ({ range }: Value): boolean => range.low >= 0n;

/** What is above a value that something makes smaller: not below zero, it only goes down. */
const reduced = (value: Value): readonly Linear[] => (isPlain(value) ? value.upper : []);

function sum(left: Value, right: Value, facts: Facts): Value {
  const upper = [...moved(left.upper, right.range.high), ...moved(right.upper, left.range.high)];
  const lower = [...moved(left.lower, right.range.low), ...moved(right.lower, left.range.low)];
  const closed = [...closing(left, right, facts), ...closing(right, left, facts)];
  return made(ranges.add(left.range, right.range), lower, [...closed, ...upper]);
}

/** `start + part` is not above end where part is not above `end - start`. */
function closing(from: Value, by: Value, facts: Facts): Linear[] {
  const above = by.upper.flatMap(({ term, offset }) => moved([...facts.allAbove(term).values()], offset));
  return equalForms(from).flatMap((start) =>
    above.flatMap(({ term, offset }) =>
      term.minuend !== undefined && term.subtrahend?.key === start.term.key
        ? [{ term: term.minuend, offset: offset + start.offset }]
        : [],
    ),
  );
}

/** `left - right`, exactly. */
export function distance(left: Value, right: Value, facts: Facts): Value {
  const range = { low: -facts.separation(right, left), high: facts.separation(left, right) };
  const whole = differences(left, right);
  const lower = [...whole, ...moved(left.lower, -right.range.high)];
  const upper = [...whole, ...moved(left.upper, -right.range.low)];
  return made(range, lower, upper);
}

/** The difference itself, where both sides have names. */
function differences(left: Value, right: Value): Linear[] {
  const [from] = equalForms(left);
  const [by] = equalForms(right);
  const term = from && by && difference(from.term, by.term);
  return term === undefined ? [] : [{ term, offset: from.offset - by.offset }];
}

function remainder(left: Value, right: Value): Value {
  const smaller = isPlain(right) ? moved(right.upper, -1n) : [];
  return made(ranges.remainder(left.range, right.range), [], [...reduced(left), ...smaller]);
}

function shiftLeft(left: Value, right: Value, type: Type): Value | undefined {
  const range = ranges.shiftLeft(left.range, right.range, integerBase(type)?.bits ?? 0);
  return range && between(range);
}

function bitwise(operator: "&" | "|" | "^", left: Value, right: Value): Value | undefined {
  const range = ranges.bitwise(operator, left.range, right.range);
  if (range === undefined) return undefined;
  const upper = operator === "&" ? [...reduced(left), ...reduced(right)] : [];
  const lower = operator === "|" ? [...left.lower, ...right.lower] : [];
  return made(range, lower, upper);
}

// ---------------------------------------------------------------------------------------------------------------------
// Values that depend on a condition, and those with temporaries.

type Evaluation = (expression: Expression, facts: Facts) => Value;

function either(expression: Of<"conditional">, facts: Facts, value: Evaluation): Value {
  const whenTrue = assume(expression.condition, true, facts);
  const whenFalse = assume(expression.condition, false, facts);
  const first = whenTrue && value(expression.whenTrue, whenTrue);
  const second = whenFalse && value(expression.whenFalse, whenFalse);
  if (whenTrue === undefined || first === undefined) return second ?? value(expression.whenFalse, facts);
  if (whenFalse === undefined || second === undefined) return first;
  const { lower, upper } = commonForms(first, whenTrue, second, whenFalse);
  return made(ranges.union(first.range, second.range), lower, upper);
}

/** Terms that stay above, or below, on both sides, each under its own facts. */
function commonForms(
  first: Value,
  whenTrue: Facts,
  second: Value,
  whenFalse: Facts,
): { lower: Linear[]; upper: Linear[] } {
  const upper = [...first.upper, ...second.upper].map(({ term }) => {
    const here = whenTrue.separation(first, whenTrue.valueOf(term));
    const there = whenFalse.separation(second, whenFalse.valueOf(term));
    return { term, offset: here > there ? here : there };
  });
  const lower = [...first.lower, ...second.lower].map(({ term }) => {
    const here = whenTrue.separation(whenTrue.valueOf(term), first);
    const there = whenFalse.separation(whenFalse.valueOf(term), second);
    return { term, offset: here > there ? -here : -there };
  });
  return { lower, upper };
}

/** The facts under which the result of a sequence is worked out. */
export function withTemporaries(expression: Of<"sequence">, facts: Facts): Facts {
  return expression.temporaries.reduce((before, [local, value]) => bound(before, local, value), facts);
}

/** After `local = value`. */
export function bound(facts: Facts, local: Of<"local">["local"], value: Expression): Facts {
  const name: Expression = { kind: "local", type: local.type, local };
  const number = termOf(name);
  if (number !== undefined) return facts.assigned(local, number, evaluate(value, facts));
  return hasLength(local.type)
    ? facts.assigned(local, lengthTerm(name), lengthOf(value, facts))
    : facts.assigned(local, undefined, undefined);
}

// ---------------------------------------------------------------------------------------------------------------------
// Slices and strings.

function hasLength(type: Type): boolean {
  if (type.kind === "nullable") return hasLength(type.inner);
  return type.kind === "slice" || type.kind === "string";
}

/** How many elements a slice has, or bytes a string; under a null, whatever. */
export function lengthOf(slice: Expression, facts: Facts): Value {
  switch (slice.kind) {
    case "local":
    case "global":
    case "field":
      return valueOfTerm(lengthTerm(slice), U32, facts);
    case "text":
      return exactly(BigInt(new TextEncoder().encode(slice.text).length));
    case "makeSlice":
      return evaluate(slice.length, facts);
    case "subslice":
      return lengthOfPart(slice, facts);
    case "wrap":
    case "unwrap":
      return lengthOf(slice.operand, facts);
    case "conditional":
      return either(slice, facts, lengthOf);
    case "sequence":
      return lengthOf(slice.result, withTemporaries(slice, facts));
    case "intrinsic": {
      const [of] = slice.args;
      return of !== undefined && (slice.name === "bytesOf" || slice.name === "stringOver")
        ? lengthOf(of, facts)
        : anything(U32);
    }
    default:
      return anything(U32);
  }
}

function lengthOfPart(slice: Of<"subslice">, facts: Facts): Value {
  const length = tightened(distance(evaluate(slice.end, facts), evaluate(slice.start, facts), facts), facts);
  const limits = limitsOf(U32);
  if (ranges.isWithin(length.range, limits)) return length;
  return slice.checked ? within(length, limits) : between(limits);
}
