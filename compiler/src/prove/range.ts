// Intervals of integers, and what arithmetic makes of them: exactly, before any width cuts the result.

import { rangeOf, type Range } from "../constants";
import { integerBase, type Type } from "../types";

export type { Range };

const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));
const greatest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));

/** The smallest range that holds all of these. */
export const around = (...values: readonly bigint[]): Range => ({ low: least(values), high: greatest(values) });

export const union = (a: Range, b: Range): Range => ({
  low: a.low < b.low ? a.low : b.low,
  high: a.high > b.high ? a.high : b.high,
});

/** What is in both; `low` is above `high` when nothing is. */
export const meet = (a: Range, b: Range): Range => ({
  low: a.low > b.low ? a.low : b.low,
  high: a.high < b.high ? a.high : b.high,
});

export const isEmpty = ({ low, high }: Range): boolean => low > high;

export const isWithin = (inner: Range, outer: Range): boolean => inner.low >= outer.low && inner.high <= outer.high;

/** All values of a type; undefined when they are no integers. */
export function rangeOfType(type: Type): Range | undefined {
  if (type.kind === "bool") return { low: 0n, high: 1n };
  const base = integerBase(type);
  return base && rangeOf(base);
}

export const add = (a: Range, b: Range): Range => ({ low: a.low + b.low, high: a.high + b.high });

export const negate = ({ low, high }: Range): Range => ({ low: -high, high: -low });

export const subtract = (a: Range, b: Range): Range => add(a, negate(b));

/** Of a function that is monotone in each operand: its least and greatest values are at corners. */
const corners = (a: Range, b: Range, of: (x: bigint, y: bigint) => bigint): Range =>
  around(of(a.low, b.low), of(a.low, b.high), of(a.high, b.low), of(a.high, b.high));

export const multiply = (a: Range, b: Range): Range => corners(a, b, (x, y) => x * y);

/** By what is not zero: division by zero panics. Truncation is monotone; MIN / -1 is left for the width to cut. */
export function divide(a: Range, b: Range): Range {
  const parts = [meet(b, { low: b.low, high: -1n }), meet(b, { low: 1n, high: b.high })];
  const quotients = parts.filter((part) => !isEmpty(part)).map((part) => corners(a, part, (x, y) => x / y));
  return quotients.length === 0 ? around(0n) : quotients.reduce(union);
}

/** The sign of the left operand, and smaller than both. */
export function remainder(a: Range, b: Range): Range {
  const size = greatest([b.high, -b.low, 1n]) - 1n;
  return meet({ low: a.low < 0n ? -size : 0n, high: a.high > 0n ? size : 0n }, union(a, around(0n)));
}

/** All bits up to the highest of a value that is not negative. */
const filled = (value: bigint): bigint => (1n << BigInt(value.toString(2).length)) - 1n;

/** `&`, `|`, `^`; undefined when signs leave everything open. */
export function bitwise(operator: "&" | "|" | "^", a: Range, b: Range): Range | undefined {
  const [isPlain, isOtherPlain] = [a.low >= 0n, b.low >= 0n];
  if (operator === "&" && (isPlain || isOtherPlain)) {
    const highs = [...(isPlain ? [a.high] : []), ...(isOtherPlain ? [b.high] : [])];
    return { low: 0n, high: least(highs) };
  }
  if (!isPlain || !isOtherPlain) return undefined;
  return { low: operator === "|" ? greatest([a.low, b.low]) : 0n, high: filled(greatest([a.high, b.high])) };
}

/** To the right: huge counts leave the sign alone. */
export function shiftRight(a: Range, count: Range): Range {
  const limit = (value: bigint): bigint => least([value, 64n]);
  return corners(a, { low: limit(count.low), high: limit(count.high) }, (x, y) => x >> y);
}

/** To the left; undefined when the count may reach the width, where the result becomes zero. */
export const shiftLeft = (a: Range, count: Range, bits: number): Range | undefined =>
  count.high < BigInt(bits) ? corners(a, count, (x, y) => x << y) : undefined;
