// The top level of modules: what may stand there, and the whole program put together from it.

import ts from "typescript";

import type { FunctionInfo, Global, ProgramIR } from "../ir";
import { enumFor, isStatic, layOut, newtypeFor, resolveStorage, structFor } from "../resolve";
import { NO_TYPE_ARGUMENTS, isAmbient, type Unit } from "../unit";
import { evaluateConstant, isScalarConstant } from "./constantValues";
import { lowerCondition, lowerExpression } from "./expressions";
import { functionFor, lowerQueue } from "./functions";
import { moduleVariable } from "./globals";
import { constantScope } from "./scope";

/** Lowers every module. The result is meaningless when there are diagnostics. */
export function lowerProgram(unit: Unit): ProgramIR {
  for (const file of unit.source.files)
    for (const statement of file.statements) unit.attempt(() => lowerTopLevel(unit, statement));
  lowerQueue(unit);
  return {
    functions: [...unit.functions.values()].map((entry) => entry.info),
    globals: [...unit.hiddenGlobals, ...unit.globals.values()],
    panicHandler: unit.panicHandler?.info,
    logHandler: unit.logHandler?.info,
    main: unit.options.target === "host" ? unit.attempt(() => mainFunction(unit)) : undefined,
  };
}

function lowerTopLevel(unit: Unit, node: ts.Statement): void {
  if (ts.isImportDeclaration(node)) return checkImport(unit, node);
  if (ts.isExportDeclaration(node)) return unit.fail(node, "TK5002", "a list of exports");
  if (ts.isExportAssignment(node)) return unit.fail(node, "TK5002", "a default export");
  rejectModifiers(unit, node);
  if (ts.isFunctionDeclaration(node)) return lowerFunction(unit, node);
  if (ts.isClassDeclaration(node)) return lowerClass(unit, node);
  if (ts.isVariableStatement(node)) return lowerVariables(unit, node);
  if (ts.isEnumDeclaration(node)) return lowerEnum(unit, node);
  if (ts.isTypeAliasDeclaration(node)) return lowerAlias(unit, node);
  if (ts.isInterfaceDeclaration(node)) return unit.fail(node, "TK1001", "an interface", "declare a class");
  if (ts.isExpressionStatement(node)) return lowerDirective(unit, node.expression);
  if (node.kind === ts.SyntaxKind.EmptyStatement) return;
  if (ts.isModuleDeclaration(node)) return unit.fail(node, "TK1001", "a namespace", "use a module");
  return unit.fail(node, "TK1009");
}

function checkImport(unit: Unit, node: ts.ImportDeclaration): void {
  const clause = node.importClause;
  if (clause === undefined) return unit.fail(node, "TK5001", "an import for its side effects");
  if (clause.name !== undefined) return unit.fail(node, "TK5001", "a default import");
  if (clause.namedBindings !== undefined && ts.isNamespaceImport(clause.namedBindings))
    unit.fail(node, "TK5001", "'import *'");
}

function rejectModifiers(unit: Unit, node: ts.Statement): void {
  if (!ts.canHaveModifiers(node)) return;
  for (const modifier of ts.getModifiers(node) ?? []) {
    if (modifier.kind === ts.SyntaxKind.ExportKeyword) continue;
    if (modifier.kind === ts.SyntaxKind.DefaultKeyword) return unit.fail(modifier, "TK5002", "a default export");
    const isDeclare = modifier.kind === ts.SyntaxKind.DeclareKeyword;
    if (isDeclare && ts.isFunctionDeclaration(node)) continue;
    if (isDeclare) return unit.fail(node, "TK5007");
    unit.fail(modifier, "TK1013", modifier.getText());
  }
}

function lowerFunction(unit: Unit, node: ts.FunctionDeclaration): void {
  if (node.asteriskToken !== undefined) return unit.fail(node, "TK1001", "a generator", "write a loop");
  if (node.typeParameters === undefined) functionFor(unit, node, [], undefined, node);
}

function lowerClass(unit: Unit, node: ts.ClassDeclaration): void {
  for (const member of node.members) unit.attempt(() => checkMember(unit, member));
  checkClass(unit, node);
  if (node.typeParameters !== undefined) return;
  const type = structFor(unit, node, [], node);
  unit.attempt(() => layOut(unit, type, node));
  for (const member of node.members) {
    if (!ts.isMethodDeclaration(member) || member.typeParameters !== undefined) continue;
    unit.attempt(() => functionFor(unit, member, [], isStatic(member) ? undefined : type, member));
  }
}

function checkClass(unit: Unit, node: ts.ClassDeclaration): void {
  if (node.heritageClauses !== undefined) unit.report(node.heritageClauses[0] ?? node, "TK1008");
  for (const decorator of ts.getDecorators(node) ?? []) {
    const { expression } = decorator;
    const name = (ts.isCallExpression(expression) ? expression.expression : expression).getText();
    const form = ts.isCallExpression(expression) ? "aligned" : "packed";
    if (name !== form) unit.report(decorator, "TK1014");
  }
}

const MEMBER_ADVICE = new Map<ts.SyntaxKind, readonly [string, string]>([
  [ts.SyntaxKind.Constructor, ["a constructor", "initialise the fields, or write a method that sets them"]],
  [ts.SyntaxKind.GetAccessor, ["a getter", "write a method"]],
  [ts.SyntaxKind.SetAccessor, ["a setter", "write a method"]],
  [ts.SyntaxKind.IndexSignature, ["an index signature", "use a FixedArray field"]],
  [ts.SyntaxKind.ClassStaticBlockDeclaration, ["a static block", "use a module constant"]],
]);

function checkMember(unit: Unit, member: ts.ClassElement): void {
  const advice = MEMBER_ADVICE.get(member.kind);
  if (advice !== undefined) return unit.fail(member, "TK1007", ...advice);
  if (ts.isSemicolonClassElement(member) || member.name === undefined) return;
  if (ts.isPrivateIdentifier(member.name)) return unit.fail(member.name, "TK1007", "a #name", "use 'private'");
  if (!ts.isIdentifier(member.name)) return unit.fail(member.name, "TK1007", "a computed name", "use a plain name");
  for (const modifier of ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [])
    if (!MEMBER_MODIFIERS.has(modifier.kind)) unit.fail(modifier, "TK1013", modifier.getText());
  if (ts.isPropertyDeclaration(member)) checkProperty(unit, member);
}

const MEMBER_MODIFIERS = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.StaticKeyword,
]);

function checkProperty(unit: Unit, member: ts.PropertyDeclaration): void {
  if (member.questionToken !== undefined) unit.fail(member, "TK1007", "an optional field", "use: name: T | null");
  if (!isStatic(member)) return;
  const isReadonly = (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
  if (!isReadonly) unit.fail(member, "TK1007", "a static field that changes", "use a module variable");
  const symbol = unit.checker.getSymbolAtLocation(member.name);
  const type = member.type === undefined ? undefined : resolveStorage(unit, member.type, NO_TYPE_ARGUMENTS).type;
  if (symbol === undefined || member.initializer === undefined || (type !== undefined && !isScalarConstant(type)))
    return unit.fail(member, "TK3002", `the static field '${member.name.getText()}'`);
  if (evaluateConstant(unit, symbol, member.initializer, type) === undefined)
    unit.fail(member, "TK3002", `the static field '${member.name.getText()}'`);
}

function lowerVariables(unit: Unit, node: ts.VariableStatement): void {
  if ((node.declarationList.flags & ts.NodeFlags.BlockScoped) === 0) return unit.fail(node, "TK1012", "'var'");
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

function lowerExport(unit: Unit, node: ts.CallExpression): void {
  const [name, target] = node.arguments;
  if (name === undefined || target === undefined) return;
  if (!ts.isStringLiteral(name)) return unit.fail(name, "TK5009", "the C symbol");
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text))
    return unit.fail(name, "TK5005", name.text, "it has other characters");
  if (unit.cNames.has(name.text)) return unit.fail(name, "TK5005", name.text, "it is taken");
  const linked = linkedTarget(unit, target);
  if (linked.exported) return unit.fail(target, "TK5005", name.text, `it is exported already as '${linked.symbol}'`);
  unit.cNames.add(name.text);
  linked.symbol = name.text;
  linked.exported = true;
}

function linkedTarget(unit: Unit, node: ts.Expression): FunctionInfo | Global {
  const value = lowerExpression(constantScope(unit), node);
  if (value.kind === "function" && !value.target.external) return value.target;
  if (value.kind === "global" && value.global.storage) return value.global;
  return unit.fail(node, "TK5006", node.getText());
}

const bind =
  (handler: "panicHandler" | "logHandler", what: string) =>
  (unit: Unit, node: ts.CallExpression): void => {
    const [target] = node.arguments;
    const value = target === undefined ? undefined : lowerExpression(constantScope(unit), target);
    if (value?.kind !== "function") return unit.fail(target ?? node, "TK2023", "this");
    const known = unit[handler];
    if (known !== undefined) return unit.fail(node, "TK5004", what, `${known.place.file}:${known.place.line}`);
    unit[handler] = { info: value.target, place: unit.place(node) };
  };

const DIRECTIVES: Readonly<Record<string, (unit: Unit, node: ts.CallExpression) => void>> = {
  staticAssert: lowerStaticAssert,
  exportC: lowerExport,
  bindPanic: bind("panicHandler", "panic"),
  bindLog: bind("logHandler", "log"),
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
