// Calls: of functions, methods, function references, and the words of the language.

import ts from "typescript";

import type { Expression, FunctionInfo } from "../ir";
import { isStatic } from "../resolve";
import { type StructType, type Type } from "../types";
import { isAmbient, type FunctionNode } from "../unit";
import { isPartOfValue, narrowed, propertyOf } from "./access";
import { lowerBuiltin } from "./builtins";
import { describe } from "./conversions";
import { isStackReference } from "./escape";
import { lowerExpression, lowerTo, ordered } from "./expressions";
import { functionFor } from "./functions";
import { typeArgumentsOfCall } from "./generics";
import { Scope } from "./scope";

export function lowerCall(scope: Scope, node: ts.CallExpression, expected: Type | undefined): Expression {
  if (node.questionDotToken !== undefined) return scope.fail(node, "TK1015", "?.", "test against null, then call");
  const { expression: callee } = node;
  if (ts.isPropertyAccessExpression(callee) && !scope.isConstant && isPartOfValue(scope, callee))
    return callMember(scope, node, callee);
  const symbol = scope.unit.symbolOf(callee);
  if (symbol !== undefined && isAmbient(symbol) && symbol.flags & ts.SymbolFlags.Function)
    return lowerBuiltin(scope, node, symbol, expected);
  const declaration = symbol?.valueDeclaration;
  if (declaration !== undefined && ts.isFunctionDeclaration(declaration)) return callFunction(scope, node, declaration);
  if (declaration !== undefined && ts.isMethodDeclaration(declaration))
    return callNamedMethod(scope, node, declaration);
  if (scope.isConstant) return scope.fail(node, "TK3002", "an initialiser");
  return callReference(scope, node, lowerExpression(scope, callee));
}

/** A call of a method, or of a function that a field refers to. */
function callMember(scope: Scope, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expression {
  const object = lowerExpression(scope, callee.expression);
  const method = object.type.kind === "struct" ? methodOf(scope, object.type, callee.name.text) : undefined;
  if (method !== undefined) return callMethod(scope, node, method, callee.expression, object);
  return callReference(scope, node, narrowed(scope, callee, propertyOf(scope, callee, object)));
}

const methodOf = (scope: Scope, type: StructType, name: string): ts.MethodDeclaration | undefined =>
  scope.unit.structs
    .get(type.key)
    ?.node.members.filter(ts.isMethodDeclaration)
    .find((member) => !isStatic(member) && member.name.getText() === name);

function callFunction(scope: Scope, node: ts.CallExpression, declaration: FunctionNode): Expression {
  if (scope.isConstant) return scope.fail(node, "TK3002", "an initialiser");
  const storages = typeArgumentsOfCall(scope, node, declaration);
  const { info } = functionFor(scope.unit, declaration, storages, undefined, node);
  const args = lowerArguments(
    scope,
    node,
    declaration,
    info.parameters.map((parameter) => parameter.type),
  );
  return call(scope, node, info, args, node.arguments);
}

/** `nodes` are where the arguments stand, as far as they are written. */
function call(
  scope: Scope,
  node: ts.CallExpression,
  target: FunctionInfo,
  args: readonly Expression[],
  nodes: readonly ts.Expression[],
): Expression {
  for (const [index, argument] of nodes.entries()) {
    const value = args[index];
    if (value !== undefined && isStackReference(value))
      scope.unit.stackArguments.push({ node: argument, target, index });
  }
  return ordered(scope, args, (operands) => callAt(scope, node, target.result, target, operands));
}

/** Makes the call itself, and notes where it stands. */
function callAt(
  scope: Scope,
  node: ts.CallExpression,
  type: Type,
  target: FunctionInfo | Expression,
  args: readonly Expression[],
): Expression {
  const made: Expression = { kind: "call", type, target, args };
  scope.unit.callNodes.set(made, node);
  return made;
}

/** A method that tsc knows by its name: a static one, or one of an object that is no plain path. */
function callNamedMethod(scope: Scope, node: ts.CallExpression, declaration: ts.MethodDeclaration): Expression {
  if (scope.isConstant) return scope.fail(node, "TK3002", "an initialiser");
  const { expression: callee } = node;
  if (!ts.isPropertyAccessExpression(callee)) return scope.fail(node, "TK1018", callee.getText());
  if (isStatic(declaration)) return callFunction(scope, node, declaration);
  return callMethod(scope, node, declaration, callee.expression, lowerExpression(scope, callee.expression));
}

/** `objectNode` is where the object stands. */
function callMethod(
  scope: Scope,
  node: ts.CallExpression,
  declaration: ts.MethodDeclaration,
  objectNode: ts.Expression,
  object: Expression,
): Expression {
  const storages = typeArgumentsOfCall(scope, node, declaration);
  const owner = ownerOf(scope, node, object);
  const { info } = functionFor(scope.unit, declaration, storages, owner, node);
  const [, ...types] = info.parameters.map((parameter) => parameter.type);
  const args = [object, ...lowerArguments(scope, node, declaration, types)];
  return call(scope, node, info, args, [objectNode, ...node.arguments]);
}

function ownerOf(scope: Scope, node: ts.Node, object: Expression): StructType {
  if (object.type.kind === "struct") return object.type;
  return scope.fail(node, "TK2012", "a class instance", describe(object.type), "call a method of a class instance");
}

/** The arguments at the types of the parameters; missing ones take their defaults. */
function lowerArguments(
  scope: Scope,
  node: ts.CallExpression,
  declaration: FunctionNode,
  types: readonly Type[],
): Expression[] {
  return types.map((type, index) => {
    const argument = node.arguments[index];
    if (argument !== undefined) return lowerArgument(scope, argument, type);
    const initializer = declaration.parameters[index]?.initializer;
    if (initializer === undefined) return scope.fail(node, "TK2012", type.key, "nothing", "pass all arguments");
    return defaultValue(scope, initializer, type);
  });
}

function lowerArgument(scope: Scope, node: ts.Expression, type: Type): Expression {
  if (ts.isSpreadElement(node)) return scope.fail(node, "TK1001", "'...'", "pass the arguments one by one");
  return lowerTo(scope, node, type);
}

/** A default is constant, so it means the same at every call. */
function defaultValue(scope: Scope, initializer: ts.Expression, type: Type): Expression {
  const constants = new Scope(scope.unit, scope.typeArguments, undefined, undefined);
  const value = lowerTo(constants, initializer, type);
  const isConstant = ["constant", "text", "null", "function", "message", "wrap"].includes(value.kind);
  return isConstant ? value : scope.fail(initializer, "TK3002", "a default value");
}

/** A call through a value of function type. */
function callReference(scope: Scope, node: ts.CallExpression, target: Expression): Expression {
  const { type } = target;
  if (type.kind !== "function") return scope.fail(node, "TK2013", "(...)", describe(type), "call a function");
  const args = type.parameters.map((parameter, index) => {
    const argument = node.arguments[index];
    if (argument === undefined) return scope.fail(node, "TK2012", parameter.key, "nothing", "pass all arguments");
    return lowerArgument(scope, argument, parameter);
  });
  return ordered(scope, [target, ...args], ([first, ...rest]) =>
    callAt(scope, node, type.result, first ?? target, rest),
  );
}
