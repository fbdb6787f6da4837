// Statements. Each is lowered by itself: a complaint in one does not hide those in the next.

import ts from "typescript";

import type { Block, Expression, Label, Statement } from "../ir";
import { NEVER, type Type } from "../types";
import { lowerAssignment, lowerStep } from "./assignments";
import { isNamedConstant, isScalarConstant, settled } from "./constantValues";
import { coerce, withWidth } from "./conversions";
import { isStackReference, rejectStackReturn } from "./escape";
import { lowerCondition, lowerExpression, lowerTo } from "./expressions";
import { defaultInitialiser, newType } from "./globals";
import { lowerDo, lowerFor, lowerForOf, lowerWhile } from "./loops";
import { lowerAssert } from "./builtins";
import { not } from "./operators";
import type { Scope } from "./scope";
import { lowerSwitch } from "./switches";

export function lowerBlock(scope: Scope, node: ts.Block): Block {
  return lowerStatements(scope, node.statements);
}

export const lowerStatements = (scope: Scope, statements: readonly ts.Statement[]): Block =>
  statements.flatMap((statement) =>
    (scope.unit.attempt(() => lowerStatement(scope, statement)) ?? []).flatMap(withTemporariesBefore),
  );

/** Temporaries of a statement's one expression become statements of their own: that reads better in C. */
function withTemporariesBefore(statement: Statement): Block {
  const isPlain = statement.kind === "evaluate" || statement.kind === "declare" || statement.kind === "return";
  if (!isPlain || statement.value?.kind !== "sequence") return [statement];
  const { place, value } = statement;
  const before = value.temporaries.map(([local, first]): Statement => ({
    kind: "declare",
    place,
    local,
    value: first,
  }));
  return [...before.flatMap(withTemporariesBefore), ...withTemporariesBefore({ ...statement, value: value.result })];
}

/** The body of an if or a loop: one statement, or a block of them. */
export const lowerBody = (scope: Scope, node: ts.Statement): Block =>
  lowerStatements(scope, ts.isBlock(node) ? node.statements : [node]);

/** One statement; several where it needs temporaries. `label` is what stands in front of it. */
export function lowerStatement(scope: Scope, node: ts.Statement, label?: Label): Block {
  const place = scope.place(node);
  if (ts.isBlock(node)) return [{ kind: "block", place, body: lowerBlock(scope, node), label }];
  if (ts.isVariableStatement(node)) return lowerVariables(scope, node.declarationList);
  if (ts.isExpressionStatement(node)) return lowerExpressionStatement(scope, node.expression);
  if (ts.isIfStatement(node)) return [lowerIf(scope, node)];
  if (ts.isReturnStatement(node)) return [lowerReturn(scope, node)];
  if (ts.isForStatement(node)) return lowerFor(scope, node, label);
  if (ts.isForOfStatement(node)) return lowerForOf(scope, node, label);
  if (ts.isWhileStatement(node)) return [lowerWhile(scope, node, label)];
  if (ts.isDoStatement(node)) return [lowerDo(scope, node, label)];
  if (ts.isSwitchStatement(node)) return lowerSwitch(scope, node, label);
  if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return [lowerJump(scope, node)];
  if (ts.isLabeledStatement(node)) return lowerLabeled(scope, node);
  if (node.kind === ts.SyntaxKind.EmptyStatement) return [];
  if (ts.isFunctionDeclaration(node)) return scope.fail(node, "TK1010", "a function");
  if (ts.isClassDeclaration(node)) return scope.fail(node, "TK1010", "a class");
  if (ts.isEnumDeclaration(node)) return scope.fail(node, "TK1010", "an enum");
  if (ts.isTypeAliasDeclaration(node)) return scope.fail(node, "TK1010", "a type");
  return scope.fail(node, "TK1001", "this statement", "see compiler/LANGUAGE.md");
}

// ---------------------------------------------------------------------------------------------------------------------
// Variables.

export function lowerVariables(scope: Scope, list: ts.VariableDeclarationList): Block {
  return list.declarations.flatMap((declaration) => lowerVariable(scope, declaration));
}

function lowerVariable(scope: Scope, node: ts.VariableDeclaration): Block {
  if (!ts.isIdentifier(node.name)) return scope.fail(node, "TK1011");
  scope.bind(node.name, undefined);
  const isConst = (node.parent.flags & ts.NodeFlags.Const) !== 0;
  if (node.initializer !== undefined && ts.isNewExpression(node.initializer))
    return lowerStackStorage(scope, node, node.initializer, isConst);
  const declared = node.type === undefined ? undefined : scope.typeOf(node.type);
  if (declared?.kind === "message") scope.fail(node, "TK4005");
  const value = node.initializer === undefined ? undefined : initialValue(scope, node.initializer, declared);
  if (isConst && value !== undefined && isNamedConstant(value) && isScalarConstant(value.type)) {
    scope.bind(node.name, value);
    return [];
  }
  const type = declared ?? value?.type;
  if (type === undefined) return scope.fail(node, "TK2011", `'${node.name.text}'`, "write name: type");
  rejectValueless(scope, node, type);
  const local = scope.declare(node.name, type, false);
  local.onStack = value !== undefined && isStackReference(value);
  return [{ kind: "declare", place: scope.place(node), local, value }];
}

function initialValue(scope: Scope, node: ts.Expression, declared: Type | undefined): Expression {
  if (declared !== undefined) return lowerTo(scope, node, declared);
  const value = lowerExpression(scope, node);
  if (value.type.kind === "void")
    return scope.fail(node, "TK1023", ts.isCallExpression(node) ? node.expression.getText() : node.getText());
  return isNamedConstant(value) ? settled(scope.unit, value, node) : withWidth(scope.unit, value, node);
}

function rejectValueless(scope: Scope, node: ts.VariableDeclaration, type: Type): void {
  if (type.kind === "message") scope.fail(node, "TK4005");
  if (type.kind === "null") scope.fail(node, "TK2011", `'${node.name.getText()}'`, "write name: type | null");
  if (type.kind === "void" || type.kind === "never" || type.kind === "size")
    scope.fail(node, "TK2002", type.key, "give it a type that has values");
}

/** `const table = new PageTable()`: zeroed storage in the frame of the function. */
function lowerStackStorage(
  scope: Scope,
  node: ts.VariableDeclaration,
  initializer: ts.NewExpression,
  isConst: boolean,
): Block {
  const type = newType(scope, initializer);
  if (!isConst) return scope.fail(initializer, "TK4009", initializer.expression.getText());
  const declared = node.type === undefined ? type : scope.typeOf(node.type);
  if (declared.key !== type.key)
    return scope.fail(node, "TK2012", declared.key, type.key, "declare the reference in a line of its own");
  const place = scope.place(node);
  const initialiser = defaultInitialiser(scope.unit, { type, ref: false, volatile: false }, initializer);
  const local = scope.declare(node.name, type, true);
  return [{ kind: "storage", place, local, initialiser }];
}

// ---------------------------------------------------------------------------------------------------------------------
// Expressions as statements.

export function lowerExpressionStatement(scope: Scope, node: ts.Expression): Block {
  if (ts.isParenthesizedExpression(node)) return lowerExpressionStatement(scope, node.expression);
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return lowerAssignment(scope, node);
  if (ts.isPostfixUnaryExpression(node)) return lowerStep(scope, node);
  if (ts.isPrefixUnaryExpression(node) && isStep(node.operator)) return lowerStep(scope, node);
  if (ts.isVoidExpression(node)) return lowerDiscard(scope, node);
  if (ts.isCallExpression(node)) return lowerCallStatement(scope, node);
  void lowerExpression(scope, node);
  return scope.fail(node, "TK1001", "an expression without an effect", "remove it, or use its value");
}

const isStep = (operator: ts.SyntaxKind): boolean =>
  operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

function lowerDiscard(scope: Scope, node: ts.VoidExpression): Block {
  if (!ts.isCallExpression(node.expression))
    return scope.fail(node, "TK1015", "void", "use it to discard the result of a call: void f();");
  return [{ kind: "evaluate", place: scope.place(node), value: lowerExpression(scope, node.expression) }];
}

function lowerCallStatement(scope: Scope, node: ts.CallExpression): Block {
  const failure = lowerAssert(scope, node);
  if (failure !== undefined) return [failure];
  const value = lowerExpression(scope, node);
  const { kind } = value.type;
  if (kind !== "void" && kind !== "never") return scope.fail(node, "TK2010", node.expression.getText());
  return [{ kind: "evaluate", place: scope.place(node), value }];
}

// ---------------------------------------------------------------------------------------------------------------------
// Control flow.

function lowerIf(scope: Scope, node: ts.IfStatement): Statement {
  const condition =
    scope.unit.attempt(() => lowerCondition(scope, node.expression)) ?? not({ kind: "null", type: NEVER });
  const whenTrue = lowerBody(scope, node.thenStatement);
  const whenFalse = node.elseStatement === undefined ? undefined : lowerBody(scope, node.elseStatement);
  return { kind: "if", place: scope.place(node), condition, whenTrue, whenFalse };
}

function lowerReturn(scope: Scope, node: ts.ReturnStatement): Statement {
  const place = scope.place(node);
  const result = scope.result ?? NEVER;
  if (node.expression === undefined) return { kind: "return", place, value: undefined };
  if (result.kind === "void" || result.kind === "never") return lowerReturnNothing(scope, node, node.expression);
  const value = lowerExpression(scope, node.expression, result);
  if (value.type.kind === "never") return { kind: "evaluate", place, value };
  if (value.type.kind === "void") return scope.fail(node, "TK1023", node.expression.getText());
  const converted = coerce(scope.unit, value, result, node.expression);
  rejectStackReturn(scope, converted, node.expression);
  return { kind: "return", place, value: converted };
}

function lowerReturnNothing(scope: Scope, node: ts.ReturnStatement, expression: ts.Expression): Statement {
  const value = lowerExpression(scope, expression);
  if (value.type.kind === "never") return { kind: "evaluate", place: scope.place(node), value };
  return scope.fail(expression, "TK1001", "'return' of a call without a value", "call it, then return");
}

function lowerLabeled(scope: Scope, node: ts.LabeledStatement): Block {
  const label: Label = { name: scope.uniqueName(node.label.text), breaks: false, continues: false };
  const outer = scope.labels.get(node.label.text);
  scope.labels.set(node.label.text, label);
  const body = lowerStatement(scope, node.statement, label);
  if (outer !== undefined) scope.labels.set(node.label.text, outer);
  return body;
}

function lowerJump(scope: Scope, node: ts.BreakOrContinueStatement): Statement {
  const kind = ts.isBreakStatement(node) ? "break" : "continue";
  const label = node.label === undefined ? undefined : scope.labels.get(node.label.text);
  if (label !== undefined && kind === "break") label.breaks = true;
  if (label !== undefined && kind === "continue") label.continues = true;
  return { kind, place: scope.place(node), label };
}
