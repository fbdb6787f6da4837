// Type arguments of a generic function: written at the call, or told from the arguments.

import ts from "typescript";

import type { Expression } from "../ir";
import { inline, type Storage, type Type } from "../types";
import { withWidth } from "./conversions";
import { lowerExpression } from "./expressions";
import type { Scope } from "./scope";

type Found = Map<ts.Symbol, Storage>;

/** What each type parameter stands for in this call, in order. */
export function typeArgumentsOfCall(
  scope: Scope,
  node: ts.CallExpression,
  declaration: ts.FunctionDeclaration | ts.MethodDeclaration,
): Storage[] {
  const parameters = declaration.typeParameters ?? [];
  if (node.typeArguments !== undefined) return node.typeArguments.map((argument) => scope.storageOf(argument));
  if (parameters.length === 0) return [];
  const found = inferred(scope, node, declaration);
  return parameters.map((parameter) => {
    const symbol = scope.unit.checker.getSymbolAtLocation(parameter.name);
    const storage = symbol === undefined ? undefined : found.get(symbol);
    return storage ?? scope.fail(node, "TK2016", parameter.name.text, node.expression.getText());
  });
}

function inferred(scope: Scope, node: ts.CallExpression, declaration: ts.SignatureDeclaration): Found {
  const wanted = new Set(
    (declaration.typeParameters ?? []).map((parameter) => scope.unit.checker.getSymbolAtLocation(parameter.name)),
  );
  const found: Found = new Map();
  const values = node.arguments.map((argument) => scope.unit.attempt(() => lowerQuietly(scope, argument)));
  // Values with a width first: `max(limit, 0)` takes its width from `limit`.
  for (const settles of [true, false])
    for (const [index, parameter] of declaration.parameters.entries()) {
      const value = values[index];
      const argument = node.arguments[index];
      if (value === undefined || argument === undefined || parameter.type === undefined) continue;
      if ((value.kind !== "constant") !== settles) continue;
      match(scope, parameter.type, inline(withWidth(scope.unit, value, argument).type), wanted, found);
    }
  return found;
}

/** An argument, for its type only; what is wrong with it is said when it is lowered for good. */
function lowerQuietly(scope: Scope, node: ts.Expression): Expression | undefined {
  if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) return undefined;
  return lowerExpression(scope, node);
}

/** Compares a parameter's type node with the type of its argument, and notes what the type parameters must be. */
function match(
  scope: Scope,
  node: ts.TypeNode,
  storage: Storage,
  wanted: ReadonlySet<ts.Symbol | undefined>,
  found: Found,
): void {
  if (ts.isParenthesizedTypeNode(node)) return match(scope, node.type, storage, wanted, found);
  if (ts.isUnionTypeNode(node)) return matchNullable(scope, node, storage, wanted, found);
  if (ts.isFunctionTypeNode(node)) return matchFunction(scope, node, storage.type, wanted, found);
  if (!ts.isTypeReferenceNode(node)) return;
  const symbol = scope.unit.symbolOf(node.typeName);
  if (symbol !== undefined && wanted.has(symbol)) {
    if (!found.has(symbol)) found.set(symbol, storage);
    return;
  }
  for (const [index, argument] of (node.typeArguments ?? []).entries()) {
    const inner = argumentOf(scope, storage.type, index);
    if (inner !== undefined) match(scope, argument, inner, wanted, found);
  }
}

function matchNullable(
  scope: Scope,
  node: ts.UnionTypeNode,
  storage: Storage,
  wanted: ReadonlySet<ts.Symbol | undefined>,
  found: Found,
): void {
  const type = storage.type.kind === "nullable" ? inline(storage.type.inner) : storage;
  if (type.type.kind === "null") return;
  for (const member of node.types) match(scope, member, type, wanted, found);
}

function matchFunction(
  scope: Scope,
  node: ts.FunctionTypeNode,
  type: Type,
  wanted: ReadonlySet<ts.Symbol | undefined>,
  found: Found,
): void {
  if (type.kind !== "function") return;
  match(scope, node.type, inline(type.result), wanted, found);
  for (const [index, parameter] of node.parameters.entries()) {
    const given = type.parameters[index];
    if (parameter.type !== undefined && given !== undefined) match(scope, parameter.type, inline(given), wanted, found);
  }
}

/** The type argument at a position of `FixedArray<T, N>`, `Slice<T>`, `Many<T>` or an instance of a generic class. */
function argumentOf(scope: Scope, type: Type, index: number): Storage | undefined {
  if (type.kind === "array")
    return index === 0 ? type.element : inline({ kind: "size", key: String(type.length), value: BigInt(type.length) });
  if (type.kind === "slice" || type.kind === "many") return type.element;
  if (type.kind !== "struct") return undefined;
  const entry = scope.unit.structs.get(type.key);
  return entry === undefined ? undefined : [...entry.typeArguments.values()][index];
}
