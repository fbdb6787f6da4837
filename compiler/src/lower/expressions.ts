// Expressions: one small function per kind of syntax, found through the table at the end.

import ts from "typescript";

import { bool, constant } from "../constants";
import { inOrder, withTemporaries } from "../effects";
import type { Expression } from "../ir";
import { BIGINT_LITERAL, BOOL, NULL, NUMBER_LITERAL, STRING, integerBase, sameType, type Type } from "../types";
import { isStackReference } from "./escape";
import { lowerElementAccess, lowerIdentifier, lowerPropertyAccess, lowerThis } from "./access";
import { lowerCall } from "./calls";
import { adapt, coerce, describe, unify, withWidth } from "./conversions";
import { lowerMessage } from "./messages";
import { lowerBinary, lowerPrefix } from "./operators";
import type { Scope } from "./scope";

/** Lowers an expression. `expected` helps the ones that have no type by themselves; it does not convert. */
export function lowerExpression(scope: Scope, node: ts.Expression, expected?: Type): Expression {
  const lower = LOWERINGS.get(node.kind);
  if (lower === undefined) return scope.fail(node, "TK1001", node.getText(), "see compiler/LANGUAGE.md");
  return lower(scope, node, expected);
}

/** Lowers an expression to a value of the given type. */
export function lowerTo(scope: Scope, node: ts.Expression, type: Type): Expression {
  if (type.kind === "message") return lowerMessage(scope, node);
  const expression = lowerExpression(scope, node, type);
  rejectVoid(scope, expression, node);
  return coerce(scope.unit, expression, type, node);
}

/** Lowers an expression to a value of its own type; literals get their width. */
export function lowerValue(scope: Scope, node: ts.Expression, expected?: Type): Expression {
  const expression = lowerExpression(scope, node, expected);
  rejectVoid(scope, expression, node);
  if (expression.type.kind === "message") return expression;
  return withWidth(scope.unit, expression, node);
}

function rejectVoid(scope: Scope, expression: Expression, node: ts.Expression): void {
  if (expression.type.kind !== "void") return;
  scope.fail(node, "TK1023", ts.isCallExpression(node) ? node.expression.getText() : node.getText());
}

/** Lowers a condition, which must be bool. */
export function lowerCondition(scope: Scope, node: ts.Expression): Expression {
  const condition = lowerExpression(scope, node, BOOL);
  if (condition.type.kind === "bool") return condition;
  const zero = integerBase(condition.type)?.bits === 64 ? "0n" : "0";
  const isNumber = integerBase(condition.type) !== undefined || condition.type.kind === "literal";
  const advice = isNumber ? `(...) !== ${zero}` : "... !== null";
  return scope.fail(node, "TK2005", describe(condition.type), advice);
}

type Lowering = (scope: Scope, node: ts.Expression, expected: Type | undefined) => Expression;

/** An entry of the table, with its node type known. */
const when = <Node extends ts.Expression>(
  kind: ts.SyntaxKind,
  lower: (scope: Scope, node: Node, expected: Type | undefined) => Expression,
): readonly [ts.SyntaxKind, Lowering] => [kind, lower as unknown as Lowering];

function lowerNumber(scope: Scope, node: ts.NumericLiteral): Expression {
  const value = Number(node.text);
  if (!Number.isInteger(value)) return scope.fail(node, "TK3008", node.getText());
  return constant(NUMBER_LITERAL, BigInt(value));
}

function lowerBigInt(_scope: Scope, node: ts.BigIntLiteral): Expression {
  return constant(BIGINT_LITERAL, BigInt(node.getText().replaceAll("_", "").slice(0, -1)));
}

function lowerConditional(scope: Scope, node: ts.ConditionalExpression, expected: Type | undefined): Expression {
  const condition = lowerCondition(scope, node.condition);
  const whenTrue = lowerExpression(scope, node.whenTrue, expected);
  const whenFalse = lowerExpression(scope, node.whenFalse, expected);
  const type = branchType(scope, node, whenTrue, whenFalse, expected);
  const left = coerce(scope.unit, whenTrue, type, node.whenTrue);
  const right = coerce(scope.unit, whenFalse, type, node.whenFalse);
  if (condition.kind === "constant" && left.kind === "constant" && right.kind === "constant")
    return condition.value === 0n ? right : left;
  return { kind: "conditional", type, condition, whenTrue: left, whenFalse: right };
}

function branchType(
  scope: Scope,
  node: ts.ConditionalExpression,
  left: Expression,
  right: Expression,
  expected: Type | undefined,
): Type {
  if (expected !== undefined && expected.kind !== "message") return expected;
  const [wideLeft, wideRight] = [left, right].map((side) => withWidth(scope.unit, side, node).type);
  const bothConstant = left.type.kind === "literal" && right.type.kind === "literal";
  const [leftType, rightType] = bothConstant ? [wideLeft, wideRight] : [left.type, right.type];
  if (leftType === undefined || rightType === undefined) throw new Error("two branches");
  if (rightType.kind === "literal" && integerBase(leftType) !== undefined) return integerBase(leftType) ?? leftType;
  if (leftType.kind === "literal" && integerBase(rightType) !== undefined) return integerBase(rightType) ?? rightType;
  const type = unify(leftType, rightType);
  return type ?? scope.fail(node, "TK2012", describe(left.type), describe(right.type), "give both branches one type");
}

/** `x as T`: into a newtype or enum in the file that declares it; and where nothing happens. */
function lowerAs(scope: Scope, node: ts.AsExpression): Expression {
  if (ts.isConstTypeReference(node.type)) return scope.fail(node, "TK2008", "a value", "const");
  const target = scope.typeOf(node.type);
  const operand = lowerExpression(scope, node.expression);
  if (sameType(operand.type, target)) return operand;
  if (target.kind === "newtype" || target.kind === "enum") return castInto(scope, node, operand, target);
  const base = integerBase(operand.type);
  const flows = base !== undefined && sameType(base, target);
  if (flows || (operand.kind === "constant" && target.kind === "integer"))
    return coerce(scope.unit, operand, target, node);
  return scope.fail(node, "TK2008", describe(operand.type), target.key);
}

function castInto(
  scope: Scope,
  node: ts.AsExpression,
  operand: Expression,
  target: Type & { kind: "newtype" | "enum" },
): Expression {
  if (scope.unit.path(node.getSourceFile()) !== target.file) return scope.fail(node, "TK2007", target.key, target.file);
  const base = integerBase(target);
  if (base === undefined) throw new Error("a newtype has a base");
  if (operand.kind === "constant" && operand.type.kind !== "bool")
    return adapt(scope.unit, operand, base, node, target);
  const value = coerce(scope.unit, operand, base, node.expression);
  return { kind: "convert", type: target, operand: value };
}

function lowerNew(scope: Scope, node: ts.NewExpression): Expression {
  return scope.fail(node, "TK4009", node.expression.getText());
}

const LOWERINGS = new Map<ts.SyntaxKind, Lowering>([
  when(ts.SyntaxKind.NumericLiteral, lowerNumber),
  when(ts.SyntaxKind.BigIntLiteral, lowerBigInt),
  when(ts.SyntaxKind.StringLiteral, (_scope, node: ts.StringLiteral) => text(node.text)),
  when(ts.SyntaxKind.NoSubstitutionTemplateLiteral, (scope, node) => scope.fail(node, "TK1016")),
  when(ts.SyntaxKind.TemplateExpression, (scope, node) => scope.fail(node, "TK1016")),
  when(ts.SyntaxKind.TrueKeyword, () => bool(true)),
  when(ts.SyntaxKind.FalseKeyword, () => bool(false)),
  when(ts.SyntaxKind.NullKeyword, () => ({ kind: "null", type: NULL })),
  when(ts.SyntaxKind.ThisKeyword, lowerThis),
  when(ts.SyntaxKind.Identifier, lowerIdentifier),
  when(ts.SyntaxKind.PropertyAccessExpression, lowerPropertyAccess),
  when(ts.SyntaxKind.ElementAccessExpression, lowerElementAccess),
  when(ts.SyntaxKind.CallExpression, lowerCall),
  when(ts.SyntaxKind.ParenthesizedExpression, (scope, node: ts.ParenthesizedExpression, expected) =>
    lowerExpression(scope, node.expression, expected),
  ),
  when(ts.SyntaxKind.BinaryExpression, lowerBinary),
  when(ts.SyntaxKind.PrefixUnaryExpression, lowerPrefix),
  when(ts.SyntaxKind.PostfixUnaryExpression, (scope, node: ts.PostfixUnaryExpression) =>
    scope.fail(node, "TK1004", node.operator === ts.SyntaxKind.PlusPlusToken ? "++" : "--"),
  ),
  when(ts.SyntaxKind.ConditionalExpression, lowerConditional),
  when(ts.SyntaxKind.AsExpression, lowerAs),
  when(ts.SyntaxKind.NewExpression, lowerNew),
  when(ts.SyntaxKind.ObjectLiteralExpression, (scope, node) => scope.fail(node, "TK1017", "an object literal")),
  when(ts.SyntaxKind.ArrayLiteralExpression, (scope, node) => scope.fail(node, "TK1017", "an array literal")),
  when(ts.SyntaxKind.VoidExpression, (scope, node) =>
    scope.fail(node, "TK1015", "void", "use it to discard a result: void f();"),
  ),
]);

const text = (value: string): Expression => ({ kind: "text", type: STRING, text: value });

/** Operands in TypeScript's order of evaluation, then what is made of them. */
export function ordered(
  scope: Scope,
  operands: readonly Expression[],
  build: (operands: Expression[]) => Expression,
): Expression {
  const result = inOrder(operands, (value) => {
    const local = scope.fresh(value);
    local.onStack = isStackReference(value);
    return local;
  });
  return withTemporaries(result.temporaries, build(result.operands));
}
