// Loops.

import ts from "typescript";

import { bool, constant } from "../constants";
import type { Block, Expression, Label, Local, Place, Statement } from "../ir";
import { BOOL, U32, isAggregate, type ArrayType, type SpanType } from "../types";
import { isStackReference } from "./escape";
import { lowerCondition, lowerExpression } from "./expressions";
import type { Scope } from "./scope";
import { lowerBody, lowerExpressionStatement, lowerVariables } from "./statements";

const condition = (scope: Scope, node: ts.Expression): Expression =>
  scope.unit.attempt(() => lowerCondition(scope, node)) ?? bool(true);

export function lowerWhile(scope: Scope, node: ts.WhileStatement, label: Label | undefined): Statement {
  const test = condition(scope, node.expression);
  const body = lowerBody(scope, node.statement);
  return { kind: "loop", place: scope.place(node), form: "while", start: [], condition: test, update: [], body, label };
}

export function lowerDo(scope: Scope, node: ts.DoStatement, label: Label | undefined): Statement {
  const body = lowerBody(scope, node.statement);
  const test = condition(scope, node.expression);
  return { kind: "loop", place: scope.place(node), form: "do", start: [], condition: test, update: [], body, label };
}

export function lowerFor(scope: Scope, node: ts.ForStatement, label: Label | undefined): Block {
  const start = lowerStart(scope, node.initializer);
  const test = node.condition === undefined ? undefined : condition(scope, node.condition);
  const body = lowerBody(scope, node.statement);
  const update = node.incrementor === undefined ? [] : lowerUpdate(scope, node.incrementor);
  return [{ kind: "loop", place: scope.place(node), form: "for", start, condition: test, update, body, label }];
}

function lowerStart(scope: Scope, node: ts.ForInitializer | undefined): Block {
  if (node === undefined) return [];
  const lower = (): Block =>
    ts.isVariableDeclarationList(node) ? lowerVariables(scope, node) : lowerExpressionStatement(scope, node);
  return scope.unit.attempt(lower) ?? [];
}

/** `i += 1, j -= 1`: the one place where a comma stands between statements. */
function lowerUpdate(scope: Scope, node: ts.Expression): Block {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return [...lowerUpdate(scope, node.left), ...lowerUpdate(scope, node.right)];
  return scope.unit.attempt(() => lowerExpressionStatement(scope, node)) ?? [];
}

/** `for (const x of elements)`: an index from 0 to the length the elements have at the start. */
export function lowerForOf(scope: Scope, node: ts.ForOfStatement, label: Label | undefined): Block {
  if (node.awaitModifier !== undefined) return scope.fail(node, "TK1001", "'for await'", "there is no async");
  const elements = lowerExpression(scope, node.expression);
  const { type } = elements;
  if (type.kind !== "array" && type.kind !== "slice") return scope.fail(node.expression, "TK2022", type.key);
  const name = loopVariable(scope, node);
  const place = scope.place(node);
  const { before, value } = stableElements(scope, elements, place);
  const index = scope.temporary(U32);
  const local = scope.declare(name, type.element.type, false);
  const element = elementAt(value, index, type, place);
  local.onStack = isStackReference(element);
  const body: Block = [{ kind: "declare", place, local, value: element }, ...lowerBody(scope, node.statement)];
  return [...before, countingLoop(place, index, lengthOf(value, type), body, label)];
}

function loopVariable(scope: Scope, node: ts.ForOfStatement): ts.Identifier {
  const declaration = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0] : undefined;
  if (declaration === undefined) return scope.fail(node.initializer, "TK1012", "a loop over an outer variable");
  return ts.isIdentifier(declaration.name) ? declaration.name : scope.fail(declaration, "TK1011");
}

/** The elements in a form that can be named in every round. */
function stableElements(scope: Scope, elements: Expression, place: Place): { before: Block; value: Expression } {
  if (isFixed(elements)) return { before: [], value: elements };
  const local = scope.fresh(elements);
  local.onStack = isStackReference(elements);
  return {
    before: [{ kind: "declare", place, local, value: elements }],
    value: { kind: "local", type: elements.type, local },
  };
}

/** An array whose storage has a name: it cannot become another one during the loop. */
function isFixed(elements: Expression): boolean {
  if (elements.kind === "local") return elements.local.storage;
  if (elements.kind === "global") return elements.global.storage;
  return (
    elements.kind === "field" && isAggregate(elements.type) && !elements.field.storage.ref && isFixed(elements.object)
  );
}

function elementAt(elements: Expression, index: Local, type: ArrayType | SpanType, place: Place): Expression {
  const at: Expression = { kind: "local", type: U32, local: index };
  return { kind: "index", type: type.element.type, base: elements, index: at, checked: false, place };
}

const lengthOf = (elements: Expression, type: ArrayType | SpanType): Expression =>
  type.kind === "array" ? constant(U32, BigInt(type.length)) : { kind: "length", type: U32, slice: elements };

function countingLoop(
  place: Place,
  index: Local,
  length: Expression,
  body: Block,
  label: Label | undefined,
): Statement {
  const at: Expression = { kind: "local", type: U32, local: index };
  const one = constant(U32, 1n);
  const start: Block = [{ kind: "declare", place, local: index, value: constant(U32, 0n) }];
  const test: Expression = { kind: "compare", type: BOOL, operator: "<", left: at, right: length };
  const next: Expression = { kind: "arithmetic", type: U32, operator: "+", left: at, right: one };
  const update: Block = [{ kind: "assign", place, target: at, value: next }];
  return { kind: "loop", place, form: "for", start, condition: test, update, body, label };
}
