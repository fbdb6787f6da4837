// Calls: of functions, methods, function references, and the words of the language.

import ts from "typescript";

import type { Expression, FunctionInfo } from "../ir";
import { isStatic } from "../resolve";
import { type StructType, type Type } from "../types";
import { isAmbient, type FunctionNode } from "../unit";
import { lowerBuiltin } from "./builtins";
import { describe } from "./conversions";
import { isStackReference } from "./escape";
import { lowerExpression, lowerTo, ordered } from "./expressions";
import { functionFor } from "./functions";
import { typeArgumentsOfCall } from "./generics";
import { Scope } from "./scope";

export function lowerCall(scope: Scope, node: ts.CallExpression, expected: Type | undefined): Expression {
  if (node.questionDotToken !== undefined) return scope.fail(node, "TK1015", "?.", "test against null, then call");
  const symbol = scope.unit.symbolOf(node.expression);
  if (symbol !== undefined && isAmbient(symbol) && symbol.flags & ts.SymbolFlags.Function)
    return lowerBuiltin(scope, node, symbol, expected);
  const declaration = symbol?.valueDeclaration;
  if (declaration !== undefined && ts.isFunctionDeclaration(declaration)) return callFunction(scope, node, declaration);
  if (declaration !== undefined && ts.isMethodDeclaration(declaration)) return callMethod(scope, node, declaration);
  return callReference(scope, node);
}

function callFunction(scope: Scope, node: ts.CallExpression, declaration: ts.FunctionDeclaration): Expression {
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

function callMethod(scope: Scope, node: ts.CallExpression, declaration: ts.MethodDeclaration): Expression {
  if (scope.isConstant) return scope.fail(node, "TK3002", "an initialiser");
  if (!ts.isPropertyAccessExpression(node.expression)) return scope.fail(node, "TK1018", node.expression.getText());
  const storages = typeArgumentsOfCall(scope, node, declaration);
  if (isStatic(declaration)) {
    const { info } = functionFor(scope.unit, declaration, storages, undefined, node);
    const types = info.parameters.map((parameter) => parameter.type);
    return call(scope, node, info, lowerArguments(scope, node, declaration, types), node.arguments);
  }
  const object = lowerExpression(scope, node.expression.expression);
  const owner = ownerOf(scope, node, object);
  const { info } = functionFor(scope.unit, declaration, storages, owner, node);
  const [, ...types] = info.parameters.map((parameter) => parameter.type);
  const args = [object, ...lowerArguments(scope, node, declaration, types)];
  return call(scope, node, info, args, [node.expression.expression, ...node.arguments]);
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
function callReference(scope: Scope, node: ts.CallExpression): Expression {
  if (scope.isConstant) return scope.fail(node, "TK3002", "an initialiser");
  const target = lowerExpression(scope, node.expression);
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
