// Names and what hangs off them: variables, constants, fields, elements, enum members.

import ts from "typescript";

import { bool, constant, rangeOf } from "../constants";
import { effectOf } from "../effects";
import type { Expression } from "../ir";
import { isStatic, layOut } from "../resolve";
import { INTEGERS, U32, functionTypeOf, integerBase, type ArrayType, type SpanType, type StructType } from "../types";
import { isAmbient } from "../unit";
import { enumMember, evaluateConstant, isScalarConstant } from "./constantValues";
import { lowerExpression, ordered } from "./expressions";
import { functionFor } from "./functions";
import { moduleVariable } from "./globals";
import type { Scope } from "./scope";

export function lowerThis(scope: Scope, node: ts.Expression): Expression {
  if (scope.self === undefined) return scope.fail(node, "TK1018", "this");
  return { kind: "local", type: scope.self.type, local: scope.self };
}

/** A name in an expression. */
export function lowerIdentifier(scope: Scope, node: ts.Identifier): Expression {
  return narrowed(scope, node, lowerName(scope, node));
}

/** A name with its declared type, as the target of an assignment needs it. */
export function lowerName(scope: Scope, node: ts.Identifier): Expression {
  const symbol = scope.unit.symbolOf(node);
  if (symbol === undefined) return scope.fail(node, "TK1018", node.text);
  if (scope.hidden.has(symbol)) return scope.fail(node, "TK1024", node.text);
  const binding = scope.lookUp(symbol);
  if (binding !== undefined) return "name" in binding ? { kind: "local", type: binding.type, local: binding } : binding;
  if (symbol.flags & ts.SymbolFlags.EnumMember) return enumMember(scope.unit, symbol, node);
  if (isAmbient(symbol) && node.text === "CHECKED_BUILD") return bool(scope.unit.options.checks === "full");
  if (isAmbient(symbol)) return scope.fail(node, "TK1018", node.text);
  return lowerDeclared(scope, node, symbol);
}

function lowerDeclared(scope: Scope, node: ts.Identifier, symbol: ts.Symbol): Expression {
  const declaration = symbol.valueDeclaration;
  if (declaration !== undefined && ts.isVariableDeclaration(declaration)) {
    if (!ts.isSourceFile(declaration.parent.parent.parent)) return scope.fail(node, "TK3002", `'${node.text}'`);
    return moduleVariable(scope.unit, symbol, declaration);
  }
  if (declaration !== undefined && ts.isFunctionDeclaration(declaration))
    return functionReference(scope, node, declaration);
  if (declaration !== undefined && ts.isParameter(declaration)) return scope.fail(node, "TK3002", `'${node.text}'`);
  return scope.fail(node, "TK1018", node.text);
}

function functionReference(scope: Scope, node: ts.Node, declaration: ts.FunctionDeclaration): Expression {
  if (declaration.typeParameters !== undefined) return scope.fail(node, "TK2023", "a generic function");
  const { info } = functionFor(scope.unit, declaration, [], undefined, node);
  return { kind: "function", type: functionTypeOf(info), target: info };
}

/** Takes `null` off where tsc has proved that it cannot be. */
export function narrowed(scope: Scope, node: ts.Expression, expression: Expression): Expression {
  if (expression.type.kind !== "nullable") return expression;
  const type = scope.unit.checker.getTypeAtLocation(node);
  const mayBeNull = (part: ts.Type): boolean => (part.flags & ts.TypeFlags.Null) !== 0;
  const remains = type.isUnion() ? type.types.some(mayBeNull) : mayBeNull(type);
  return remains ? expression : { kind: "unwrap", type: expression.type.inner, operand: expression };
}

// ---------------------------------------------------------------------------------------------------------------------
// Properties.

export function lowerPropertyAccess(scope: Scope, node: ts.PropertyAccessExpression): Expression {
  return narrowed(scope, node, lowerProperty(scope, node));
}

/** A property with its declared type. */
export function lowerProperty(scope: Scope, node: ts.PropertyAccessExpression): Expression {
  if (node.questionDotToken !== undefined) return scope.fail(node, "TK1015", "?.", "test against null, then use '.'");
  const isPart = isPartOfValue(scope, node);
  return (isPart ? undefined : staticProperty(scope, node)) ?? instanceProperty(scope, node);
}

/**
 * Whether what stands before the dot is a value for certain. Its own type tells then what the name behind the dot
 * means, and tsc, which would find the types of the whole expression for that, need not be asked.
 */
export function isPartOfValue(scope: Scope, { expression }: ts.PropertyAccessExpression): boolean {
  if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) return true;
  if (expression.kind === ts.SyntaxKind.ThisKeyword) return scope.self !== undefined;
  if (!ts.isIdentifier(expression)) return ts.isCallExpression(expression);
  const symbol = scope.unit.symbolOf(expression);
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Variable) !== 0 && !isAmbient(symbol);
}

/** `Kind.Usable`, `PageTable.SIZE`, `u8.MAX`: what hangs off a name that is no value. */
function staticProperty(scope: Scope, node: ts.PropertyAccessExpression): Expression | undefined {
  const owner = ts.isIdentifier(node.expression) ? scope.unit.symbolOf(node.expression) : undefined;
  const symbol = owner?.exports?.get(node.name.escapedText) ?? scope.unit.symbolOf(node.name);
  if (symbol === undefined) return undefined;
  if (symbol.flags & ts.SymbolFlags.EnumMember) return enumMember(scope.unit, symbol, node);
  const declaration = symbol.valueDeclaration;
  if (declaration !== undefined && ts.isPropertyDeclaration(declaration) && isStatic(declaration))
    return staticField(scope, node, symbol, declaration);
  if (!ts.isIdentifier(node.expression)) return undefined;
  const integer = INTEGERS.get(node.expression.text);
  if (integer === undefined || owner === undefined || !isAmbient(owner)) return undefined;
  const { low, high } = rangeOf(integer);
  if (node.name.text === "MAX") return constant(integer, high);
  if (node.name.text === "MIN") return constant(integer, low);
  return scope.fail(node, "TK2023", "a conversion function");
}

function staticField(
  scope: Scope,
  node: ts.PropertyAccessExpression,
  symbol: ts.Symbol,
  declaration: ts.PropertyDeclaration,
): Expression {
  const { initializer } = declaration;
  const type = declaration.type === undefined ? undefined : scope.typeOf(declaration.type);
  const isScalar = type === undefined || isScalarConstant(type);
  const value =
    initializer === undefined || !isScalar ? undefined : evaluateConstant(scope.unit, symbol, initializer, type);
  return value ?? scope.fail(node, "TK3002", `the static field '${symbol.name}'`);
}

const instanceProperty = (scope: Scope, node: ts.PropertyAccessExpression): Expression =>
  propertyOf(scope, node, lowerExpression(scope, node.expression));

/** The property of an object that is lowered already. */
export function propertyOf(scope: Scope, node: ts.PropertyAccessExpression, object: Expression): Expression {
  const name = node.name.text;
  const { type } = object;
  if (name === "length" && type.kind === "array") return constant(U32, BigInt(type.length));
  if (name === "length" && type.kind === "slice") return { kind: "length", type: U32, slice: object };
  if (type.kind !== "struct") return scope.fail(node, "TK1018", node.getText());
  return fieldOf(scope, node, object, type, name);
}

function fieldOf(scope: Scope, node: ts.Node, object: Expression, type: StructType, name: string): Expression {
  layOut(scope.unit, type, node);
  const field = type.info.fields.find((candidate) => candidate.name === name);
  if (field === undefined) return scope.fail(node, "TK2023", `the method '${name}'`);
  return { kind: "field", type: field.storage.type, object, field };
}

// ---------------------------------------------------------------------------------------------------------------------
// Elements.

export function lowerElementAccess(scope: Scope, node: ts.ElementAccessExpression): Expression {
  return narrowed(scope, node, lowerElement(scope, node));
}

/** An element with its declared type. */
export function lowerElement(scope: Scope, node: ts.ElementAccessExpression): Expression {
  if (node.questionDotToken !== undefined)
    return scope.fail(node, "TK1015", "?.", "test against null, then use '[...]'");
  const base = lowerExpression(scope, node.expression);
  if (base.type.kind !== "array" && base.type.kind !== "slice" && base.type.kind !== "many")
    return scope.fail(node, "TK2022", base.type.key);
  const index = lowerIndex(scope, node.argumentExpression);
  const { type } = base;
  rejectConstantIndex(scope, node, type, index);
  return ordered(scope, [base, index], ([orderedBase, orderedIndex]) =>
    elementOf(scope, node, orderedBase ?? base, orderedIndex ?? index, type),
  );
}

/** An index: any unsigned type of up to 32 bits. */
export function lowerIndex(scope: Scope, node: ts.Expression): Expression {
  const index = lowerExpression(scope, node, U32);
  if (index.kind === "constant" && index.type.kind === "literal") return indexConstant(scope, node, index.value);
  const base = integerBase(index.type);
  if (base === undefined || base.signed || base.bits === 64) return scope.fail(node, "TK2021", index.type.key);
  if (index.kind === "constant") return constant(U32, index.value);
  return base.bits === 32 ? index : { kind: "convert", type: U32, operand: index };
}

function indexConstant(scope: Scope, node: ts.Expression, value: bigint): Expression {
  if (value < 0n || value > 0xffff_ffffn) return scope.fail(node, "TK2021", String(value));
  return constant(U32, value);
}

function rejectConstantIndex(scope: Scope, node: ts.Node, type: ArrayType | SpanType, index: Expression): void {
  if (type.kind !== "array" || index.kind !== "constant" || index.value < BigInt(type.length)) return;
  scope.fail(node, "TK3004", String(index.value), String(type.length), String(type.length - 1));
}

function elementOf(
  scope: Scope,
  node: ts.Node,
  base: Expression,
  index: Expression,
  type: ArrayType | SpanType,
): Expression {
  const isKnown = type.kind === "array" && index.kind === "constant";
  const checked = type.kind !== "many" && !isKnown && scope.unit.options.checks !== "none";
  const needsTemporary = checked && type.kind === "slice" && effectOf(base) > 0 && !isPath(base);
  const element = { kind: "index", type: type.element.type, base, index, checked, place: scope.place(node) } as const;
  return needsTemporary ? { ...element, temporary: scope.temporary(base.type) } : element;
}

/** Reading it twice gives the same value and costs nothing: a variable, or a field of one. */
function isPath(expression: Expression): boolean {
  if (expression.kind === "local" || expression.kind === "global") return true;
  return expression.kind === "field" && !expression.field.storage.volatile && isPath(expression.object);
}
