// The top level of modules: what may stand there, and the whole program put together from it.

import ts from "typescript";

import { safeName } from "../cNames";
import type { FunctionInfo, Global, ProgramIR } from "../ir";
import { enumFor, isStatic, layOut, newtypeFor, resolveStorage, structFor } from "../resolve";
import { MESSAGE, NEVER, STRING, U32, VOID, functionType, type FunctionType } from "../types";
import { NO_TYPE_ARGUMENTS, isAmbient, type Unit } from "../unit";
import { evaluateConstant, isScalarConstant } from "./constantValues";
import { coerce } from "./conversions";
import { lowerCondition, lowerExpression } from "./expressions";
import { checkExternal, functionFor, lowerQueue } from "./functions";
import { moduleVariable } from "./globals";
import { rejectKeptStackReferences } from "./keptParameters";
import { constantScope } from "./scope";
import { rejectTrapRecursion } from "./trapPaths";

/** Lowers every module. The result is meaningless when there are diagnostics. */
export function lowerProgram(unit: Unit): ProgramIR {
  for (const file of unit.source.files)
    for (const statement of file.statements) unit.attempt(() => lowerTopLevel(unit, statement));
  lowerQueue(unit);
  rejectKeptStackReferences(unit);
  const functions = [...unit.functions.values()].map((entry) => entry.info);
  for (const file of unit.source.files) unit.attempt(() => checkExports(unit, file, functions));
  const program = {
    functions,
    globals: [...unit.hiddenGlobals, ...unit.globals.values()],
    panicHandler: unit.panicHandler?.info,
    logHandler: unit.logHandler?.info,
  };
  rejectTrapRecursion(unit, program);
  return {
    ...program,
    main: unit.options.target === "host" ? unit.attempt(() => mainFunction(unit)) : undefined,
  };
}

function lowerTopLevel(unit: Unit, node: ts.Statement): void {
  if (ts.isImportDeclaration(node)) return;
  if (ts.isFunctionDeclaration(node)) return lowerFunction(unit, node);
  if (ts.isClassDeclaration(node)) return lowerClass(unit, node);
  if (ts.isVariableStatement(node)) return lowerVariables(unit, node);
  if (ts.isEnumDeclaration(node)) return lowerEnum(unit, node);
  if (ts.isTypeAliasDeclaration(node)) return lowerAlias(unit, node);
  if (ts.isExpressionStatement(node)) return lowerDirective(unit, node.expression);
  if (node.kind === ts.SyntaxKind.EmptyStatement) return;
  return unit.fail(node, "TK1009");
}

function lowerFunction(unit: Unit, node: ts.FunctionDeclaration): void {
  if (node.typeParameters === undefined) functionFor(unit, node, [], undefined, node);
}

function lowerClass(unit: Unit, node: ts.ClassDeclaration): void {
  for (const member of node.members)
    if (ts.isPropertyDeclaration(member) && isStatic(member)) unit.attempt(() => checkStaticField(unit, member));
  if (node.typeParameters !== undefined) return;
  const type = structFor(unit, node, [], node);
  unit.attempt(() => layOut(unit, type, node));
  for (const member of node.members) {
    if (!ts.isMethodDeclaration(member) || member.typeParameters !== undefined) continue;
    unit.attempt(() => functionFor(unit, member, [], isStatic(member) ? undefined : type, member));
  }
}

/** A static field is a constant, used or not. */
function checkStaticField(unit: Unit, member: ts.PropertyDeclaration): void {
  const symbol = unit.checker.getSymbolAtLocation(member.name);
  const type = member.type === undefined ? undefined : resolveStorage(unit, member.type, NO_TYPE_ARGUMENTS).type;
  if (symbol === undefined || member.initializer === undefined || (type !== undefined && !isScalarConstant(type)))
    return unit.fail(member, "TK3002", `the static field '${member.name.getText()}'`);
  if (evaluateConstant(unit, symbol, member.initializer, type) === undefined)
    unit.fail(member, "TK3002", `the static field '${member.name.getText()}'`);
}

function lowerVariables(unit: Unit, node: ts.VariableStatement): void {
  for (const declaration of node.declarationList.declarations)
    unit.attempt(() => {
      if (!ts.isIdentifier(declaration.name)) return unit.fail(declaration, "TK1011");
      const symbol = unit.checker.getSymbolAtLocation(declaration.name);
      if (symbol !== undefined) moduleVariable(unit, symbol, declaration);
    });
}

function lowerEnum(unit: Unit, node: ts.EnumDeclaration): void {
  const symbol = unit.symbolOf(node.name);
  if (symbol !== undefined) enumFor(unit, symbol);
}

function lowerAlias(unit: Unit, node: ts.TypeAliasDeclaration): void {
  if (newtypeFor(unit, node) !== undefined || node.typeParameters !== undefined) return;
  resolveStorage(unit, node.type, NO_TYPE_ARGUMENTS);
}

// ---------------------------------------------------------------------------------------------------------------------
// The words of the top level.

function lowerDirective(unit: Unit, node: ts.Expression): void {
  const name = ts.isCallExpression(node) ? node.expression.getText() : "";
  const directive = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
  if (!ts.isCallExpression(node) || directive === undefined) return unit.fail(node, "TK1009");
  const symbol = unit.symbolOf(node.expression);
  if (symbol === undefined || !isAmbient(symbol)) return unit.fail(node, "TK1009");
  directive(unit, node);
}

function lowerStaticAssert(unit: Unit, node: ts.CallExpression): void {
  const [condition, message] = node.arguments;
  if (condition === undefined) return;
  const value = lowerCondition(constantScope(unit), condition);
  if (value.kind !== "constant") return unit.fail(condition, "TK3002", "the condition");
  const text = message !== undefined && ts.isStringLiteral(message) ? message.text : condition.getText();
  if (value.value === 0n) unit.fail(node, "TK3006", `: ${text}`);
}

function lowerExport(unit: Unit, node: ts.CallExpression): FunctionInfo | Global | undefined {
  const [name, target] = node.arguments;
  if (name === undefined || target === undefined) return undefined;
  if (!ts.isStringLiteral(name)) return unit.fail(name, "TK5009", "the C symbol");
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text))
    return unit.fail(name, "TK5005", name.text, "it has other characters");
  if (unit.cNames.has(name.text)) return unit.fail(name, "TK5005", name.text, "it is taken");
  const linked = linkedTarget(unit, target);
  if (linked.exported) return unit.fail(target, "TK5005", name.text, `it is exported already as '${linked.symbol}'`);
  if (safeName(name.text) !== name.text) return unit.fail(name, "TK5005", name.text, "it means something else to C");
  unit.cNames.add(name.text);
  linked.symbol = name.text;
  linked.exported = true;
  return linked;
}

/** For what assembly calls while a trap is handled: trapPaths.ts judges what it leads to when all bodies are known. */
function lowerTrapExport(unit: Unit, node: ts.CallExpression): void {
  const handler = lowerExport(unit, node);
  if (handler === undefined) return;
  if ("body" in handler) unit.trapHandlers.push(handler);
  else unit.fail(node, "TK5006", "storage");
}

/** The function is written apart from its callers, and what leads to it counts as rare. */
function lowerCalledRarely(unit: Unit, node: ts.CallExpression): void {
  const [target] = node.arguments;
  const value = target === undefined ? undefined : lowerExpression(constantScope(unit), target);
  if (value?.kind !== "function") return unit.fail(target ?? node, "TK2023", "this");
  value.target.rare = true;
}

/** What is declared for assembly but exported here is one function: it has to have one type. */
function checkExports(unit: Unit, file: ts.SourceFile, functions: readonly FunctionInfo[]): void {
  const path = unit.path(file);
  for (const info of functions)
    if (info.exported && info.place.file === path) checkExternal(unit, info, info.symbol, file);
}

function linkedTarget(unit: Unit, node: ts.Expression): FunctionInfo | Global {
  const value = lowerExpression(constantScope(unit), node);
  if (value.kind === "function" && !value.target.external) return value.target;
  if (value.kind === "global" && value.global.storage) return value.global;
  return unit.fail(node, "TK5006", node.getText());
}

const bind =
  (handler: "panicHandler" | "logHandler", what: string, type: FunctionType) =>
  (unit: Unit, node: ts.CallExpression): void => {
    const [target] = node.arguments;
    const value = target === undefined ? undefined : lowerExpression(constantScope(unit), target);
    if (value?.kind !== "function") return unit.fail(target ?? node, "TK2023", "this");
    coerce(unit, value, type, node);
    const known = unit[handler];
    if (known !== undefined) return unit.fail(node, "TK5004", what, `${known.place.file}:${known.place.line}`);
    unit[handler] = { info: value.target, place: unit.place(node) };
  };

const DIRECTIVES: Readonly<Record<string, (unit: Unit, node: ts.CallExpression) => unknown>> = {
  staticAssert: lowerStaticAssert,
  exportC: lowerExport,
  exportTrap: lowerTrapExport,
  calledRarely: lowerCalledRarely,
  bindPanic: bind("panicHandler", "panic", functionType([MESSAGE, STRING], NEVER)),
  bindLog: bind("logHandler", "log", functionType([U32, STRING, MESSAGE], VOID)),
};

/** The host program's entry: `export function main(): void` of the entry file. */
function mainFunction(unit: Unit): FunctionInfo {
  const { entry } = unit.source;
  const moduleSymbol = unit.checker.getSymbolAtLocation(entry);
  const exported = moduleSymbol === undefined ? [] : unit.checker.getExportsOfModule(moduleSymbol);
  const node = exported.find((symbol) => symbol.name === "main")?.valueDeclaration;
  const isMain = node !== undefined && ts.isFunctionDeclaration(node) && node.parameters.length === 0;
  if (!isMain || node.typeParameters !== undefined) return unit.fail(entry, "TK5003", unit.path(entry));
  return functionFor(unit, node, [], undefined, node).info;
}
