// What one module of a program consists of and what it offers to TypeScript that runs on Node: the input of
// emit/js/esModule.ts, as plain data.

import { dirname, resolve } from "node:path";
import ts from "typescript";

import type { FunctionInfo, Global, ProgramIR } from "./ir";
import type { ClassMethod, Exposed, ExposedFunction, EsModule } from "./emit/js/exposed";
import { lowerTo } from "./lower/expressions";
import { functionFor } from "./lower/functions";
import { defaultInitialiser, moduleVariable } from "./lower/globals";
import { constantScope } from "./lower/scope";
import { evaluateConstant } from "./lower/constantValues";
import { relativePath } from "./program";
import { enumFor, isStatic, layOut, resolveType, structFor } from "./resolve";
import { inline, type StructInfo } from "./types";
import { NO_TYPE_ARGUMENTS, type FunctionNode, type Unit } from "./unit";
import { itemsReachableFrom } from "./reach";

/** Everything that the JavaScript module of a source file is made from. */
export function esModuleOf(unit: Unit, program: ProgramIR, file: ts.SourceFile): EsModule {
  const path = unit.path(file);
  const isHere = (item: FunctionInfo | Global): boolean => item.place.file === path;
  const { panicHandler, logHandler } = unit;
  const generic = new Set(genericInstances(unit));
  const own = program.functions.filter((info) => isHere(info) && !generic.has(info));
  const globals = program.globals.filter(isHere);
  const reached = itemsReachableFrom(
    [...own, ...globals],
    (item) => !generic.has(item as FunctionInfo) && !isHere(item),
  );
  return {
    path,
    imports: importsOf(unit, file),
    items: {
      functions: [...own, ...reached.filter((info) => generic.has(info))],
      globals,
      panicHandler: panicHandler?.place.file === path ? panicHandler.info : undefined,
      logHandler: logHandler?.place.file === path ? logHandler.info : undefined,
    },
    exposed: exposedBy(unit, file),
    structKey: structKeys(unit),
  };
}

/** Instances of generic functions, and methods of generic classes: each module that uses one has its own copy. */
function genericInstances(unit: Unit): FunctionInfo[] {
  return [...unit.functions.values()].filter(({ typeArguments }) => typeArguments.size > 0).map(({ info }) => info);
}

/** The modules that a file imports from, types too: their classes must be known when one of them crosses over. */
function importsOf(unit: Unit, file: ts.SourceFile): string[] {
  const specifiers = file.statements.filter(ts.isImportDeclaration).map((node) => node.moduleSpecifier);
  return specifiers
    .filter(ts.isStringLiteral)
    .map(({ text }) => relativePath(unit.source.root, `${resolve(dirname(file.fileName), text)}.ts`));
}

/** A name for each class that is the same in every program that it is part of. */
function structKeys(unit: Unit): (info: StructInfo) => string {
  const files = new Map(
    [...unit.structs.values()].map(({ type, node }) => [type.info, unit.path(node.getSourceFile())]),
  );
  return (info) => `${files.get(info) ?? ""}:${info.name}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Exports.

function exposedBy(unit: Unit, file: ts.SourceFile): Exposed[] {
  const moduleSymbol = unit.checker.getSymbolAtLocation(file);
  const symbols = moduleSymbol === undefined ? [] : unit.checker.getExportsOfModule(moduleSymbol);
  return symbols.flatMap((symbol) => unit.attempt(() => expose(unit, symbol)) ?? []);
}

function expose(unit: Unit, symbol: ts.Symbol): Exposed | undefined {
  const node = symbol.valueDeclaration;
  if (node === undefined) return undefined;
  if (ts.isFunctionDeclaration(node)) return exposeFunction(unit, symbol.name, node);
  if (ts.isClassDeclaration(node)) return exposeClass(unit, symbol.name, node);
  if (ts.isEnumDeclaration(node)) return { kind: "enum", name: symbol.name, type: enumFor(unit, symbol) };
  return ts.isVariableDeclaration(node) ? exposeVariable(unit, symbol, node) : undefined;
}

function exposeFunction(unit: Unit, name: string, node: ts.FunctionDeclaration): Exposed {
  if (node.typeParameters !== undefined) return { kind: "generic", name };
  const { info } = functionFor(unit, node, [], undefined, node);
  return { kind: "function", name, function: withDefaults(unit, node, info) };
}

function withDefaults(unit: Unit, node: FunctionNode, target: FunctionInfo): ExposedFunction {
  const defaults = node.parameters.map(({ type, initializer }) => {
    if (initializer === undefined || type === undefined) return undefined;
    return lowerTo(constantScope(unit), initializer, resolveType(unit, type, NO_TYPE_ARGUMENTS));
  });
  return { target, defaults };
}

function exposeClass(unit: Unit, name: string, node: ts.ClassDeclaration): Exposed {
  if (node.typeParameters !== undefined) return { kind: "generic", name };
  const type = structFor(unit, node, [], node);
  layOut(unit, type, node);
  return {
    kind: "class",
    name,
    type,
    methods: node.members.flatMap((member) => classMethod(unit, member) ?? []),
    constants: node.members.filter(ts.isPropertyDeclaration).flatMap((member) => staticConstant(unit, member) ?? []),
    initialiser: defaultInitialiser(unit, inline(type), node),
  };
}

function classMethod(unit: Unit, member: ts.ClassElement): ClassMethod | undefined {
  if (!ts.isMethodDeclaration(member) || member.typeParameters !== undefined) return undefined;
  const node = member.parent;
  if (!ts.isClassDeclaration(node)) return undefined;
  const owner = isStatic(member) ? undefined : structFor(unit, node, [], node);
  const { info } = functionFor(unit, member, [], owner, member);
  return { name: member.name.getText(), isStatic: isStatic(member), function: withDefaults(unit, member, info) };
}

function staticConstant(unit: Unit, member: ts.PropertyDeclaration): Exposed | undefined {
  const symbol = unit.checker.getSymbolAtLocation(member.name);
  if (!isStatic(member) || symbol === undefined || member.initializer === undefined) return undefined;
  const type = member.type === undefined ? undefined : resolveType(unit, member.type, NO_TYPE_ARGUMENTS);
  const value = evaluateConstant(unit, symbol, member.initializer, type);
  return value === undefined ? undefined : { kind: "constant", name: member.name.getText(), value };
}

/** Constants and static storage. A variable of any other kind would be a copy of its first value, so it is left out. */
function exposeVariable(unit: Unit, symbol: ts.Symbol, node: ts.VariableDeclaration): Exposed | undefined {
  const value = moduleVariable(unit, symbol, node);
  if (value.kind === "global")
    return value.global.storage ? { kind: "global", name: symbol.name, global: value.global } : undefined;
  return value.kind === "constant" || value.kind === "text"
    ? { kind: "constant", name: symbol.name, value }
    : undefined;
}
