// Functions: one FunctionInfo per function, method and instance of a generic one, made when it is first named.
// Bodies are lowered later, from a queue, so that functions may call each other in any order.

import ts from "typescript";

import { asciiName, safeName } from "../cNames";
import type { FunctionInfo, Local } from "../ir";
import { bindTypeParameters, parameterType, resultType } from "../resolve";
import { functionTypeOf, storageKey, type Storage, type StructType, type Type } from "../types";
import { isStatic } from "../resolve";
import { NO_TYPE_ARGUMENTS, type FunctionEntry, type FunctionNode, type TypeArguments, type Unit } from "../unit";
import { Scope } from "./scope";
import { lowerBlock } from "./statements";

const MAXIMUM_DEPTH = 32;

/** The function that a declaration stands for, with these type arguments, as a method of this type. */
export function functionFor(
  unit: Unit,
  node: FunctionNode,
  storages: readonly Storage[],
  owner: StructType | undefined,
  use: ts.Node,
): FunctionEntry {
  const key = [unit.identity(node), owner?.key ?? "", ...storages.map(storageKey)].join(" | ");
  const known = unit.functions.get(key);
  if (known !== undefined) return known;
  const ownerEntry = owner === undefined ? undefined : unit.structs.get(owner.key);
  const depth = Math.max(unit.depth + (storages.length > 0 ? 1 : 0), ownerEntry?.depth ?? 0);
  if (depth > MAXIMUM_DEPTH || key.length > 2000) return unit.fail(use, "TK2017", nameOf(unit, node));
  const typeArguments = new Map([
    ...(ownerEntry?.typeArguments ?? NO_TYPE_ARGUMENTS),
    ...bindTypeParameters(unit, node.typeParameters, storages, use),
  ]);
  const entry = newEntry(unit, node, typeArguments, owner, symbolOf(unit, node, storages, owner), depth);
  if (entry.info.external) {
    checkExternal(unit, entry.info, entry.info.symbol, node);
    unit.externals.set(entry.info.symbol, entry.info);
  } else unit.queue.push(entry);
  unit.functions.set(key, entry);
  return entry;
}

const nameOf = (unit: Unit, node: FunctionNode): string =>
  node.name?.getText() ?? unit.fail(node, "TK2011", "a function", "give it a name");

const hasThis = (node: FunctionNode): boolean => ts.isMethodDeclaration(node) && !isStatic(node);

const isExternal = (node: FunctionNode): boolean =>
  (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword);

function symbolOf(unit: Unit, node: FunctionNode, storages: readonly Storage[], owner: StructType | undefined): string {
  const name = nameOf(unit, node);
  if (isExternal(node)) return name;
  const className = ts.isMethodDeclaration(node) ? `${owner?.info.symbol ?? asciiName(ownerName(node))}_` : "";
  const suffix = storages.map((storage) => `_${storageKey(storage).replace(/[^A-Za-z0-9]+/g, "_")}`).join("");
  return unit.uniqueName(`${unit.modulePrefix(node.getSourceFile())}__${className}${asciiName(name)}${suffix}`);
}

/** All declarations of one C symbol, and its definition if there is one here, must agree. */
export function checkExternal(unit: Unit, info: FunctionInfo, name: string, use: ts.Node): void {
  if (safeName(name) !== name) return unit.fail(use, "TK5005", name, "it means something else to C");
  const known = unit.externals.get(name);
  if (known !== undefined && functionTypeOf(known).key !== functionTypeOf(info).key)
    unit.fail(use, "TK5005", name, `${known.place.file}:${known.place.line} declares it with another type`);
}

const ownerName = (node: ts.MethodDeclaration): string =>
  ts.isClassDeclaration(node.parent) ? (node.parent.name?.text ?? "") : "";

function newEntry(
  unit: Unit,
  node: FunctionNode,
  typeArguments: TypeArguments,
  owner: StructType | undefined,
  symbol: string,
  depth: number,
): FunctionEntry {
  const thisType = hasThis(node) ? owner : undefined;
  const parameters = parametersOf(unit, node, typeArguments, thisType);
  const className = ts.isMethodDeclaration(node) ? `${ownerName(node)}.` : "";
  const info: FunctionInfo = {
    symbol,
    name: `${className}${nameOf(unit, node)}`,
    place: unit.place(node.name ?? node),
    parameters: parameters.map((parameter) => parameter.local),
    result: resultOf(unit, node, typeArguments),
    external: isExternal(node),
    exported: false,
    rare: false,
    body: undefined,
  };
  const symbols = parameters.map((parameter) => parameter.symbol);
  return { info, node, typeArguments, thisType, symbols, depth };
}

interface Parameter {
  readonly local: Local;
  readonly symbol: ts.Symbol | undefined;
}

function parametersOf(
  unit: Unit,
  node: FunctionNode,
  typeArguments: TypeArguments,
  thisType: StructType | undefined,
): Parameter[] {
  const names = new Scope(unit, typeArguments, thisType, undefined);
  const parameter = (name: string, type: Type, symbol: ts.Symbol | undefined): Parameter => ({
    local: { name: names.uniqueName(name), type, storage: false, onStack: false },
    symbol,
  });
  const declared = node.parameters.map((declaration) => {
    if (declaration.type === undefined) return unit.fail(declaration, "TK2011", "a parameter", "write name: type");
    const type = parameterType(unit, declaration.type, typeArguments);
    return parameter(declaration.name.getText(), type, unit.checker.getSymbolAtLocation(declaration.name));
  });
  return thisType === undefined ? declared : [parameter("self", thisType, undefined), ...declared];
}

function resultOf(unit: Unit, node: FunctionNode, typeArguments: TypeArguments): Type {
  if (node.type === undefined)
    return unit.fail(node.name ?? node, "TK2011", `the result of '${nameOf(unit, node)}'`, "write (...): type");
  return resultType(unit, node.type, typeArguments);
}

/** Lowers everything that has been asked for, and what that asks for. */
export function lowerQueue(unit: Unit): void {
  for (let entry = unit.queue.shift(); entry !== undefined; entry = unit.queue.shift()) {
    const current = entry;
    unit.depth = current.depth;
    unit.attempt(() => lowerBody(unit, current));
  }
  unit.depth = 0;
}

function lowerBody(unit: Unit, entry: FunctionEntry): void {
  const { info, node } = entry;
  const scope = new Scope(unit, entry.typeArguments, entry.thisType, info.result);
  for (const [index, local] of info.parameters.entries()) {
    const symbol = entry.symbols[index];
    // Only now every C symbol is known, and none may be hidden by a parameter.
    local.name = scope.uniqueName(symbol?.name ?? local.name);
    if (symbol !== undefined) scope.bindings.set(symbol, local);
    if (entry.thisType !== undefined && index === 0) scope.self = local;
  }
  if (node.body === undefined) return unit.fail(node, "TK1001", "an overload", "write one function");
  info.body = lowerBlock(scope, node.body);
}
