// Conversions that happen by themselves (`coerce`), and the common type of two operands. Everything else must be written.

import ts from "typescript";

import { defaultType, fits, rangeOf, wrap } from "../constants";
import type { ConstantExpression, Expression } from "../ir";
import {
  MESSAGE,
  U32,
  integerBase,
  isAggregate,
  isPointer,
  nullable,
  sameType,
  sliceOf,
  storageKey,
  type IntegerType,
  type Storage,
  type Type,
} from "../types";
import type { Unit } from "../unit";

/** An expression as a value of another type, if it converts without being asked. */
export function coerce(unit: Unit, expression: Expression, target: Type, node: ts.Node): Expression {
  const { type } = expression;
  if (sameType(type, target)) return expression;
  if (type.kind === "never") return { kind: "convert", type: target, operand: expression };
  const converted = convert(unit, expression, target, node);
  if (converted !== undefined) return converted;
  return unit.fail(node, "TK2012", target.key, describe(type), hint(type, target));
}

export const describe = (type: Type): string => (type.kind === "literal" ? `a ${type.key}` : type.key);

function hint(from: Type, to: Type): string {
  const base = integerBase(to);
  if (to.kind === "integer" && (integerBase(from) ?? from.kind === "literal"))
    return `convert it: ${to.key}(x) if it fits, ${to.key}.wrap(x) for the low bits`;
  if (to.kind === "newtype" && base !== undefined) return `make one with a function of ${to.file}`;
  if (from.kind === "nullable") return "test it against null first";
  return `give a value of type ${to.key}`;
}

function convert(unit: Unit, expression: Expression, target: Type, node: ts.Node): Expression | undefined {
  if (target.kind === "nullable") return convertToNullable(unit, expression, target.inner, node);
  if (target.kind === "slice") return arrayToSlice(expression, target.element);
  if (target.kind === "message") return expression.type.kind === "string" ? textToMessage(expression) : undefined;
  if (target.kind === "integer") return convertToInteger(unit, expression, target, node);
  return undefined;
}

function convertToInteger(
  unit: Unit,
  expression: Expression,
  target: IntegerType,
  node: ts.Node,
): Expression | undefined {
  if (expression.kind === "constant" && expression.type.kind !== "bool")
    return adapt(unit, expression, target, node, target);
  const base = integerBase(expression.type);
  if (base === undefined || !widens(base, target)) return undefined;
  return { kind: "convert", type: target, operand: expression };
}

/** Every value of `from` is one of `to`. Between 32 and 64 bits tsc wants the conversion written. */
export function widens(from: IntegerType, to: IntegerType): boolean {
  if (from.key === to.key) return true;
  if (from.bits === 64 || to.bits === 64) return false;
  return from.bits < to.bits && (to.signed || !from.signed);
}

/** A constant at a width. `result` is what it is called afterwards, for newtypes and enums. */
export function adapt(
  unit: Unit,
  expression: ConstantExpression,
  base: IntegerType,
  node: ts.Node,
  result: Type,
): ConstantExpression {
  const { value } = expression;
  if (fits(value, base)) return { kind: "constant", type: result, value };
  const lowBits = wrap(value, base);
  if (expression.complement === true && lowBits - value === 1n << BigInt(base.bits))
    return { kind: "constant", type: result, value: lowBits };
  const { low, high } = rangeOf(base);
  return unit.fail(node, "TK3001", String(value), base.key, String(low), String(high));
}

function convertToNullable(unit: Unit, expression: Expression, inner: Type, node: ts.Node): Expression | undefined {
  const target = nullable(inner);
  if (expression.type.kind === "null") return { kind: "null", type: target };
  if (expression.type.kind === "nullable") return undefined;
  const value = sameType(expression.type, inner) ? expression : convert(unit, expression, inner, node);
  return value === undefined ? undefined : { kind: "wrap", type: target, operand: value };
}

function arrayToSlice(expression: Expression, element: Storage): Expression | undefined {
  const { type } = expression;
  if (type.kind !== "array" || storageKey(type.element) !== storageKey(element)) return undefined;
  const length = { kind: "constant", type: U32, value: BigInt(type.length) } as const;
  return { kind: "makeSlice", type: sliceOf(element), elements: expression, length };
}

const textToMessage = (text: Expression): Expression => ({
  kind: "message",
  type: MESSAGE,
  parts: [{ kind: 0, width: 0, alignRight: false, text }],
});

// ---------------------------------------------------------------------------------------------------------------------
// Two operands.

export interface Pair {
  readonly left: Expression;
  readonly right: Expression;
  readonly type: Type;
}

/** The numeric view of a type: an integer type, or a literal's. */
const numeric = (type: Type): Type | undefined => (type.kind === "literal" ? type : integerBase(type));

/** Both operands at their common integer type. `operator` and `node` are for the complaint. */
export function commonPair(unit: Unit, left: Expression, right: Expression, operator: string, node: ts.Node): Pair {
  rejectMixedNewtypes(unit, left.type, right.type, operator, node);
  const type = commonType(unit, left, right, operator, node);
  if (type.kind !== "integer") return { left, right, type };
  return { left: coerce(unit, left, type, node), right: coerce(unit, right, type, node), type };
}

function rejectMixedNewtypes(unit: Unit, left: Type, right: Type, operator: string, node: ts.Node): void {
  const isNamed = (type: Type): boolean => type.kind === "newtype" || type.kind === "enum";
  if (isNamed(left) && isNamed(right) && !sameType(left, right))
    unit.fail(node, "TK2006", operator, left.key, right.key);
}

function commonType(unit: Unit, left: Expression, right: Expression, operator: string, node: ts.Node): Type {
  const [leftType, rightType] = [numeric(left.type), numeric(right.type)];
  if (leftType === undefined) return badOperand(unit, operator, left.type, node);
  if (rightType === undefined) return badOperand(unit, operator, right.type, node);
  if (leftType.kind === "literal" && rightType.kind === "literal") return leftType;
  if (rightType.kind !== "integer") return leftType;
  if (leftType.kind !== "integer") return rightType;
  if (widens(rightType, leftType)) return leftType;
  if (widens(leftType, rightType)) return rightType;
  if (left.kind === "constant" && fits(left.value, rightType)) return rightType;
  if (right.kind === "constant" && fits(right.value, leftType)) return leftType;
  return rejectMixed(unit, left.type, right.type, operator, node);
}

/** Signedness differs, or 32 bits meet 64 in a comparison, where tsc lets them. */
function rejectMixed(unit: Unit, left: Type, right: Type, operator: string, node: ts.Node): never {
  const [first, second] = [integerBase(left), integerBase(right)];
  if (first === undefined || second === undefined) return badOperand(unit, operator, left, node);
  if (first.signed !== second.signed)
    return unit.fail(node, "TK2025", operator, left.key, right.key, first.signed ? first.key : second.key);
  return unit.fail(node, "TK2003", operator, left.key, right.key, first.bits > second.bits ? first.key : second.key);
}

function badOperand(unit: Unit, operator: string, type: Type, node: ts.Node): never {
  if (type.kind === "string") return unit.fail(node, "TK1020", operator);
  const advice = type.kind === "bool" ? "use && and || on bool" : "use integers";
  return unit.fail(
    node,
    "TK2013",
    operator,
    type.key,
    type.kind === "nullable" ? "test it against null first" : advice,
  );
}

/** An expression with a width: literals get the one they have by themselves. */
export function withWidth(unit: Unit, expression: Expression, node: ts.Node): Expression {
  if (expression.kind !== "constant" || expression.type.kind !== "literal") return expression;
  return coerce(unit, expression, defaultType(expression.type, expression.value), node);
}

/** The type that two branches of a conditional share; undefined if there is none. */
export function unify(left: Type, right: Type): Type | undefined {
  if (sameType(left, right) || right.kind === "never") return left;
  if (left.kind === "never") return right;
  if (left.kind === "null") return right.kind === "null" || right.kind === "literal" ? undefined : nullable(right);
  if (right.kind === "null") return unify(right, left);
  if (left.kind === "nullable" && sameType(left.inner, right)) return left;
  if (right.kind === "nullable" && sameType(right.inner, left)) return right;
  return undefined;
}

/** Values of these types are compared as addresses. */
export const comparesAsPointer = (type: Type): boolean =>
  isPointer(type) || isAggregate(type) || (type.kind === "nullable" && isPointer(type.inner));
