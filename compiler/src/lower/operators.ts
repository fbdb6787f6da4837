// Operators. Operands come to one type first; a result has to fit it; two constants fold exactly.

import ts from "typescript";

import { bool, constant, fits, foldArithmetic, foldComparison, foldShift, wrap } from "../constants";
import type { ArithmeticOperator, ComparisonOperator, ConstantExpression, Expression, Place } from "../ir";
import { BOOL, integerBase, sameType, type IntegerType, type Type } from "../types";
import { adapt, coerce, commonPair, comparesAsPointer, describe, withWidth, type Pair } from "./conversions";
import { isStackReference } from "./escape";
import { lowerCondition, lowerExpression, ordered } from "./expressions";
import type { Scope } from "./scope";

const ARITHMETIC = new Set(["+", "-", "*", "&", "|", "^"]);
const COMPARISONS = new Set(["===", "!==", "<", "<=", ">", ">="]);
const SHIFTS = new Set(["<<", ">>", ">>>"]);

const ADVICE: Readonly<Record<string, string>> = {
  ",": "write two statements",
  "**": "multiply, or shift 1 to the left",
  in: "compare the index with the length",
  instanceof: "every type is known at compile time",
  "&&=": "write: if (x) x = y;",
  "||=": "write: if (!x) x = y;",
  "??=": "write: if (x === null) x = y;",
};

export function lowerBinary(scope: Scope, node: ts.BinaryExpression, expected: Type | undefined): Expression {
  const operator = node.operatorToken.getText();
  if (operator === "==" || operator === "!=") return scope.fail(node.operatorToken, "TK1002", operator);
  if (operator === "&&" || operator === "||") return lowerLogical(scope, node, operator);
  if (operator === "??") return lowerNullish(scope, node, expected);
  if (COMPARISONS.has(operator)) return lowerComparison(scope, node, operator as ComparisonOperator);
  const isKnown = ARITHMETIC.has(operator) || SHIFTS.has(operator) || operator === "/" || operator === "%";
  if (!isKnown && (operator === "=" || isCompound(operator))) return scope.fail(node, "TK1003");
  if (!isKnown)
    return scope.fail(node.operatorToken, "TK1015", operator, ADVICE[operator] ?? "see compiler/LANGUAGE.md");
  const left = lowerExpression(scope, node.left);
  const right = lowerExpression(scope, node.right);
  return binary(scope, node, operator, left, right);
}

const isCompound = (operator: string): boolean => operator.endsWith("=") && compoundOperator(operator) !== undefined;

/** `+` for `+=`; undefined when the language has no such assignment. */
export function compoundOperator(operator: string): string | undefined {
  const plain = operator.slice(0, -1);
  return ARITHMETIC.has(plain) || SHIFTS.has(plain) || plain === "/" || plain === "%" ? plain : undefined;
}

/** An arithmetic operator on two operands that are lowered already. */
export function binary(scope: Scope, node: ts.Node, operator: string, left: Expression, right: Expression): Expression {
  if (SHIFTS.has(operator)) return shift(scope, node, operator, left, right);
  const pair = commonPair(scope.unit, left, right, operator, node);
  if (operator === "/" || operator === "%") return divide(scope, node, operator, pair.left, pair.right, pair.type);
  const check = "+-*".includes(operator) ? scope.overflowCheck(node) : undefined;
  return arithmetic(scope, node, operator as ArithmeticOperator, pair, check);
}

/** `check`: where it panics when the result does not fit; otherwise the low bits are kept. */
export function arithmetic(
  scope: Scope,
  node: ts.Node,
  operator: ArithmeticOperator,
  { left, right, type }: Pair,
  check?: Place,
): Expression {
  if (left.kind === "constant" && right.kind === "constant") {
    const value = foldArithmetic(operator, left.value, right.value);
    const complement = (left.complement ?? false) || (right.complement ?? false);
    return settle(scope, node, { kind: "constant", type, value, complement: complement && "&|^".includes(operator) });
  }
  return ordered(scope, [left, right], ([first, second]) => ({
    kind: "arithmetic",
    type,
    operator,
    left: first ?? left,
    right: second ?? right,
    ...(check && { check }),
  }));
}

/** A folded constant has to fit its type; a literal has no bounds yet. */
function settle(scope: Scope, node: ts.Node, value: ConstantExpression): ConstantExpression {
  return value.type.kind === "integer" ? adapt(scope.unit, value, value.type, node, value.type) : value;
}

function divide(
  scope: Scope,
  node: ts.Node,
  operator: "/" | "%",
  left: Expression,
  right: Expression,
  type: Type,
): Expression {
  if (right.kind === "constant" && right.value === 0n) return scope.fail(node, "TK3005");
  if (left.kind === "constant" && right.kind === "constant") {
    const value = operator === "/" ? left.value / right.value : left.value % right.value;
    return settle(scope, node, constant(type, value));
  }
  const place = scope.place(node);
  return ordered(scope, [left, right], ([first, second]) => ({
    kind: "divide",
    type,
    operator,
    left: first ?? left,
    right: second ?? right,
    place,
  }));
}

// ---------------------------------------------------------------------------------------------------------------------
// Shifts: the type is that of the left operand, the count is any unsigned one.

function shift(scope: Scope, node: ts.Node, operator: string, left: Expression, right: Expression): Expression {
  const value = shiftable(scope, node, operator, left, right);
  const direction = operator === "<<" ? "<<" : ">>";
  checkCount(scope, node, right);
  const base = value.type.kind === "integer" ? value.type : undefined;
  if (operator === ">>>" && (base === undefined || base.signed))
    return scope.fail(
      node,
      "TK2013",
      ">>>",
      describe(value.type),
      "use >> on unsigned types; convert signed ones first",
    );
  if (value.kind === "constant" && right.kind === "constant") return foldedShift(value, direction, right.value, base);
  const count = withWidth(scope.unit, right, node);
  return ordered(scope, [value, count], ([first, second]) => ({
    kind: "shift",
    type: value.type,
    operator: direction,
    left: first ?? value,
    right: second ?? count,
  }));
}

/** The left operand at the type of the result. */
function shiftable(scope: Scope, node: ts.Node, operator: string, left: Expression, right: Expression): Expression {
  const stayExact = left.type.kind === "literal" && right.kind === "constant" && operator !== ">>>";
  const value = stayExact ? left : withWidth(scope.unit, left, node);
  if (value.type.kind === "literal") return value;
  const base = integerBase(value.type);
  if (base === undefined) return scope.fail(node, "TK2013", operator, describe(left.type), "use integers");
  if (value.kind === "constant") return constant(base, value.value);
  return value.type.kind === "integer" ? value : { kind: "convert", type: base, operand: value };
}

function checkCount(scope: Scope, node: ts.Node, count: Expression): void {
  if (count.kind === "constant" && count.type.kind !== "bool") {
    if (count.value < 0n || count.value > 4095n) scope.fail(node, "TK3011", String(count.value));
    return;
  }
  const base = integerBase(count.type);
  if (base === undefined || base.signed) scope.fail(node, "TK2028", describe(count.type));
}

function foldedShift(
  left: ConstantExpression,
  operator: "<<" | ">>",
  count: bigint,
  base: IntegerType | undefined,
): ConstantExpression {
  const value = foldShift(operator, left.value, count, base);
  return { kind: "constant", type: left.type, value, complement: left.complement ?? false };
}

// ---------------------------------------------------------------------------------------------------------------------
// Truth and comparison.

function lowerLogical(scope: Scope, node: ts.BinaryExpression, operator: "&&" | "||"): Expression {
  const left = lowerCondition(scope, node.left);
  const right = lowerCondition(scope, node.right);
  if (left.kind === "constant" && right.kind === "constant") {
    const both = [left.value !== 0n, right.value !== 0n];
    return bool(operator === "&&" ? both.every(Boolean) : both.some(Boolean));
  }
  return { kind: "logical", type: BOOL, operator, left, right };
}

function lowerComparison(scope: Scope, node: ts.BinaryExpression, operator: ComparisonOperator): Expression {
  const left = lowerExpression(scope, node.left);
  const right = lowerExpression(scope, node.right);
  const isEquality = operator === "===" || operator === "!==";
  if (isEquality && right.type.kind === "null") return compareNull(scope, node, left, operator === "!==");
  if (isEquality && left.type.kind === "null") return compareNull(scope, node, right, operator === "!==");
  const isNumeric = (type: Type): boolean => type.kind === "literal" || integerBase(type) !== undefined;
  if (isNumeric(left.type) && isNumeric(right.type)) return compareIntegers(scope, node, operator, left, right);
  if (!isEquality || !comparable(left.type, right.type))
    return scope.fail(node, "TK2014", operator, describe(left.type), describe(right.type));
  if (left.kind === "constant" && right.kind === "constant")
    return bool(foldComparison(operator, left.value, right.value));
  return compared(scope, operator, left, right);
}

function compareIntegers(
  scope: Scope,
  node: ts.Node,
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
): Expression {
  const pair = commonPair(scope.unit, left, right, operator, node);
  if (pair.left.kind === "constant" && pair.right.kind === "constant")
    return bool(foldComparison(operator, pair.left.value, pair.right.value));
  return compared(scope, operator, pair.left, pair.right);
}

const compared = (scope: Scope, operator: ComparisonOperator, left: Expression, right: Expression): Expression =>
  ordered(scope, [left, right], ([first, second]) => ({
    kind: "compare",
    type: BOOL,
    operator,
    left: first ?? left,
    right: second ?? right,
  }));

function comparable(left: Type, right: Type): boolean {
  if (left.kind === "bool" || left.kind === "string") return sameType(left, right);
  const strip = (type: Type): Type => (type.kind === "nullable" ? type.inner : type);
  return comparesAsPointer(left) && comparesAsPointer(right) && sameType(strip(left), strip(right));
}

function compareNull(scope: Scope, node: ts.Node, operand: Expression, negated: boolean): Expression {
  if (operand.type.kind === "null") return bool(!negated);
  if (operand.kind === "unwrap") return bool(negated);
  if (operand.type.kind !== "nullable")
    return scope.fail(node, "TK2014", negated ? "!==" : "===", describe(operand.type), "null");
  return { kind: "isNull", type: BOOL, operand, negated };
}

/** `a ?? b`: a is looked at once. Where tsc has proved that a is not null, it is a. */
function lowerNullish(scope: Scope, node: ts.BinaryExpression, expected: Type | undefined): Expression {
  const left = lowerExpression(scope, node.left);
  const { type } = left;
  if (left.kind === "unwrap") return left;
  if (type.kind !== "nullable") return scope.fail(node, "TK2013", "??", describe(type), "the left side is never null");
  const right = lowerExpression(scope, node.right, expected ?? type.inner);
  const remains = right.type.kind === "null" || right.type.kind === "nullable";
  const local = scope.temporary(type);
  local.onStack = isStackReference(left);
  const value: Expression = { kind: "local", type, local };
  const present: Expression = { kind: "isNull", type: BOOL, operand: value, negated: true };
  const { whenTrue, whenFalse } = nullishSides(scope, node, value, right, remains ? type : type.inner);
  const result: Expression = { kind: "conditional", type: whenTrue.type, condition: present, whenTrue, whenFalse };
  return { kind: "sequence", type: whenTrue.type, temporaries: [[local, left]], result };
}

/** Both sides at one type: the left one's, or the base that the two share. */
function nullishSides(
  scope: Scope,
  node: ts.BinaryExpression,
  value: Expression,
  right: Expression,
  type: Type,
): { whenTrue: Expression; whenFalse: Expression } {
  const whenTrue: Expression = type.kind === "nullable" ? value : { kind: "unwrap", type, operand: value };
  const isNumber =
    integerBase(type) !== undefined && (right.type.kind === "literal" || integerBase(right.type) !== undefined);
  if (!isNumber || sameType(type, right.type))
    return { whenTrue, whenFalse: coerce(scope.unit, right, type, node.right) };
  const pair = commonPair(scope.unit, whenTrue, right, "??", node);
  return { whenTrue: pair.left, whenFalse: pair.right };
}

// ---------------------------------------------------------------------------------------------------------------------
// One operand.

export function lowerPrefix(scope: Scope, node: ts.PrefixUnaryExpression): Expression {
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken:
      return not(lowerCondition(scope, node.operand));
    case ts.SyntaxKind.MinusToken:
      return negate(scope, node);
    case ts.SyntaxKind.TildeToken:
      return complement(scope, node);
    case ts.SyntaxKind.PlusToken:
      return scope.fail(node, "TK1015", "+", "leave it out");
    default:
      return scope.fail(node, "TK1004", node.operator === ts.SyntaxKind.PlusPlusToken ? "++" : "--");
  }
}

export const not = (operand: Expression): Expression =>
  operand.kind === "constant" ? bool(operand.value === 0n) : { kind: "not", type: BOOL, operand };

function negate(scope: Scope, node: ts.PrefixUnaryExpression): Expression {
  const operand = integerOperand(scope, node, "-");
  const check = scope.overflowCheck(node);
  if (operand.kind !== "constant") return { kind: "negate", type: operand.type, operand, ...(check && { check }) };
  return settle(scope, node, constant(operand.type, -operand.value));
}

function complement(scope: Scope, node: ts.PrefixUnaryExpression): Expression {
  const operand = integerOperand(scope, node, "~");
  if (operand.kind !== "constant") return { kind: "complement", type: operand.type, operand };
  const value = -operand.value - 1n;
  if (operand.type.kind !== "integer") return { kind: "constant", type: operand.type, value, complement: true };
  return constant(operand.type, fits(value, operand.type) ? value : wrap(value, operand.type));
}

/** The operand at its base type: arithmetic on a newtype gives the base. */
function integerOperand(scope: Scope, node: ts.PrefixUnaryExpression, operator: string): Expression {
  const operand = lowerExpression(scope, node.operand);
  if (operand.type.kind === "literal" || operand.type.kind === "integer") return operand;
  const base = integerBase(operand.type);
  if (base === undefined) return scope.fail(node, "TK2013", operator, describe(operand.type), "use integers");
  return operand.kind === "constant" ? constant(base, operand.value) : { kind: "convert", type: base, operand };
}
