// Assignments. `a[i] += f()` evaluates a and i once, reads the element, calls f, and writes the element: in that order.

import ts from "typescript";

import { constant, fits } from "../constants";
import { effectOf, inOrder } from "../effects";
import type { Block, Expression, IndexExpression, Local, Place, Statement } from "../ir";
import { NUMBER_LITERAL, BIGINT_LITERAL, integerBase, isAggregate, type Type } from "../types";
import { lowerElement, lowerName, lowerProperty, narrowed } from "./access";
import { coerce } from "./conversions";
import { isStackReference, rejectStackStore } from "./escape";
import { lowerExpression, lowerTo } from "./expressions";
import { binary, compoundOperator } from "./operators";
import type { Scope } from "./scope";

/** `target = value` and `target += value`. */
export function lowerAssignment(scope: Scope, node: ts.BinaryExpression): Block {
  const operator = node.operatorToken.getText();
  if (operator === "=") return lowerSimple(scope, node);
  const plain = compoundOperator(operator);
  if (plain === undefined) return scope.fail(node.operatorToken, "TK1015", operator, "write the assignment out");
  return lowerCompound(scope, node, node.left, plain, (target) => {
    const right = narrowedConstant(lowerExpression(scope, node.right), target.type);
    return binary(scope, node, plain, target, right);
  });
}

/** A constant operand of `+=` takes the type of the target when it fits. */
function narrowedConstant(value: Expression, type: Type): Expression {
  const isNarrower = value.kind === "constant" && type.kind === "integer" && value.type.kind === "integer";
  return isNarrower && fits(value.value, type) ? constant(type, value.value) : value;
}

/** `x++` and `--x`, as statements. */
export function lowerStep(scope: Scope, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Block {
  const operator = node.operator === ts.SyntaxKind.PlusPlusToken ? "+" : "-";
  return lowerCompound(scope, node, node.operand, operator, (target) => {
    const wide = integerBase(target.type)?.bits === 64;
    return binary(scope, node, operator, target, constant(wide ? BIGINT_LITERAL : NUMBER_LITERAL, 1n));
  });
}

/** What is written to, with its declared type. */
function lowerTarget(scope: Scope, node: ts.Expression): Expression {
  if (ts.isParenthesizedExpression(node)) return lowerTarget(scope, node.expression);
  if (ts.isIdentifier(node)) return lowerName(scope, node);
  if (ts.isPropertyAccessExpression(node)) return lowerProperty(scope, node);
  if (ts.isElementAccessExpression(node)) return lowerElement(scope, node);
  if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node)) return scope.fail(node, "TK1011");
  return scope.fail(node, "TK1001", node.getText(), "assign to a variable, a field or an element");
}

function checkTarget(scope: Scope, node: ts.Expression, target: Expression): void {
  const isPlace = ["local", "global", "field", "index", "sequence"].includes(target.kind);
  if (!isPlace) scope.fail(node, "TK4015", node.getText());
  if (isInConstantTable(target)) scope.fail(node, "TK4015", node.getText());
  if (holdsInline(target)) scope.fail(node, "TK2009", target.type.key);
}

/** Part of a module constant whose initialiser is a literal, or of a string: what stays as it is written. */
export function isInConstantTable(target: Expression): boolean {
  if (target.kind === "index" && target.base.kind === "intrinsic") return target.base.name === "bytesOf";
  if (target.kind === "field") return isInlinePart(target.object) && isInConstantTable(target.object);
  if (target.kind === "index") return isInlinePart(target.base) && isInConstantTable(target.base);
  if (target.kind === "sequence") return isInConstantTable(target.result);
  return target.kind === "global" && target.global.table;
}

const isInlinePart = (object: Expression): boolean =>
  object.kind === "global" || (isAggregate(object.type) && holdsInline(object));

/** The target is storage inside something, not a pointer that could be changed. */
function holdsInline(target: Expression): boolean {
  if (!isAggregate(target.type)) return false;
  if (target.kind === "field") return !target.field.storage.ref;
  if (target.kind === "index") return "element" in target.base.type && !target.base.type.element.ref;
  if (target.kind === "sequence") return holdsInline(target.result);
  return (target.kind === "local" && target.local.storage) || (target.kind === "global" && target.global.storage);
}

function lowerSimple(scope: Scope, node: ts.BinaryExpression): Block {
  const target = lowerTarget(scope, node.left);
  checkTarget(scope, node.left, target);
  const value = lowerTo(scope, node.right, target.type);
  rejectEscape(scope, node, target, value);
  return store(scope, scope.place(node), target, value);
}

/** A reference to the stack may go into a variable of the same block only, and only when it is declared. */
function rejectEscape(scope: Scope, node: ts.BinaryExpression, target: Expression, value: Expression): void {
  const sameStorage = target.kind === "local" && target.local.onStack && isStackReference(value);
  if (!sameStorage || isStackReference(value)) rejectStackStore(scope, value, node.right);
}

/** Target operands, value, then the write: temporaries where C would be free to choose. */
function store(scope: Scope, place: Place, target: Expression, value: Expression): Block {
  if (target.kind === "sequence") {
    const before = target.temporaries.map((temporary) => declare(temporary, place));
    return [...before, ...store(scope, place, target.result, value)];
  }
  const operands = targetOperands(target);
  const needsOrder = effectOf(value) === 2 && target.kind === "index";
  if (operands.length === 0 || (effectOf(value) < 2 && operands.every((operand) => effectOf(operand) < 2)))
    return [{ kind: "assign", place, target, value }];
  const order = inOrder([...operands, value], scope.fresh);
  const ordered = order.operands.slice(0, -1);
  const last = order.operands[order.operands.length - 1] ?? value;
  const before = order.temporaries.map((temporary) => declare(temporary, place));
  const written = rebuildTarget(target, ordered);
  if (!needsOrder) return [...before, { kind: "assign", place, target: written, value: last }];
  const local = scope.fresh(last);
  const read: Expression = { kind: "local", type: last.type, local };
  return [...before, declare([local, last], place), { kind: "assign", place, target: written, value: read }];
}

const declare = ([local, value]: readonly [Local, Expression], place: Place): Statement => ({
  kind: "declare",
  place,
  local,
  value,
});

function targetOperands(target: Expression): Expression[] {
  if (target.kind === "field") return [target.object];
  return target.kind === "index" ? [target.base, target.index] : [];
}

function rebuildTarget(target: Expression, operands: readonly Expression[]): Expression {
  const [first, second] = operands;
  if (target.kind === "field" && first !== undefined) return { ...target, object: first };
  if (target.kind === "index" && first !== undefined && second !== undefined)
    return { ...target, base: first, index: second };
  return target;
}

/** Reads a target, combines, writes it back; its operands are evaluated once. */
function lowerCompound(
  scope: Scope,
  node: ts.Node,
  targetNode: ts.Expression,
  operator: string,
  combine: (target: Expression) => Expression,
): Block {
  const place = scope.place(node);
  const lowered = lowerTarget(scope, targetNode);
  checkTarget(scope, targetNode, lowered);
  if (lowered.type.kind === "newtype" || lowered.type.kind === "enum")
    return scope.fail(node, "TK2013", `${operator}=`, lowered.type.key, "compute a new value and convert it");
  const { before, target } = evaluatedOnce(scope, lowered, place);
  const value = coerce(scope.unit, combine(narrowed(scope, targetNode, target)), target.type, node);
  return [...before, { kind: "assign", place, target: asWritten(target), value }];
}

interface Once {
  readonly before: Block;
  readonly target: Expression;
}

/** A target that can be spelled twice: what costs or has effects is moved in front. */
function evaluatedOnce(scope: Scope, target: Expression, place: Place): Once {
  if (target.kind === "sequence") {
    const inner = evaluatedOnce(scope, target.result, place);
    const before = target.temporaries.map((temporary) => declare(temporary, place));
    return { before: [...before, ...inner.before], target: inner.target };
  }
  if (target.kind === "index") return indexOnce(scope, target, place);
  if (target.kind !== "field" || isSimple(target.object)) return { before: [], target };
  const [statement, object] = hoist(scope, target.object, place);
  return { before: [statement], target: { ...target, object } };
}

function indexOnce(scope: Scope, target: IndexExpression, place: Place): Once {
  const before: Statement[] = [];
  let { base, index } = target;
  if (!isSimple(base)) {
    const [statement, hoisted] = hoist(scope, base, place);
    before.push(statement);
    base = hoisted;
  }
  if (effectOf(index) > 0) {
    const [statement, hoisted] = hoist(scope, index, place);
    before.push(statement);
    index = hoisted;
  }
  const { kind, type, checked, place: source } = target;
  return { before, target: { kind, type, base, index, checked, place: source } };
}

/** The read has checked the index; the write need not. */
const asWritten = (target: Expression): Expression =>
  target.kind === "index" ? { ...target, checked: false } : target;

function hoist(scope: Scope, value: Expression, place: Place): [Statement, Expression] {
  const local = scope.fresh(value);
  local.onStack = isStackReference(value);
  return [declare([local, value], place), { kind: "local", type: value.type, local }];
}

/** A variable, or inline storage inside one: naming it twice costs nothing. */
function isSimple(expression: Expression): boolean {
  if (expression.kind === "local") return true;
  if (expression.kind === "global") return expression.global.storage;
  return (
    expression.kind === "field" &&
    isAggregate(expression.type) &&
    !expression.field.storage.ref &&
    isSimple(expression.object)
  );
}
