// Exact arithmetic on constants, and what fits where. No typescript, no diagnostics: callers turn the outcome into
// them.

import type { ArithmeticOperator, ComparisonOperator, ConstantExpression } from "./ir";
import { BOOL, I32, I64, U32, U64, type IntegerType, type LiteralType, type Type } from "./types";

export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

const ranges = new Map<string, Range>();

export function rangeOf(type: IntegerType): Range {
  const known = ranges.get(type.key);
  if (known !== undefined) return known;
  const size = 1n << BigInt(type.bits);
  const range = type.signed ? { low: -size / 2n, high: size / 2n - 1n } : { low: 0n, high: size - 1n };
  ranges.set(type.key, range);
  return range;
}

export function fits(value: bigint, type: IntegerType): boolean {
  const { low, high } = rangeOf(type);
  return value >= low && value <= high;
}

/** Every value of `inner` is one of `outer`. */
export function contains(outer: IntegerType, inner: IntegerType): boolean {
  if (outer.signed === inner.signed) return inner.bits <= outer.bits;
  return outer.signed && inner.bits < outer.bits;
}

/** The low bits of a value, read as the type reads them. */
export const wrap = (value: bigint, type: IntegerType): bigint =>
  type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);

/** The type of a constant that nothing else gives a type: u32 or u64, signed only where it must be. */
export function defaultType(literal: LiteralType, value: bigint): IntegerType {
  const [unsigned, signed] = literal.wide ? [U64, I64] : [U32, I32];
  return fits(value, unsigned) ? unsigned : signed;
}

export const constant = (type: Type, value: bigint): ConstantExpression => ({ kind: "constant", type, value });

export const bool = (value: boolean): ConstantExpression => constant(BOOL, value ? 1n : 0n);

export function foldArithmetic(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
  }
}

export function foldComparison(operator: ComparisonOperator, left: bigint, right: bigint): boolean {
  switch (operator) {
    case "===":
      return left === right;
    case "!==":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

/** `type` is undefined for an exact constant, which has no width to fall off. */
export function foldShift(operator: "<<" | ">>", left: bigint, count: bigint, type: IntegerType | undefined): bigint {
  if (operator === ">>") return left >> count;
  return type === undefined ? left << count : wrap(left << count, type);
}
