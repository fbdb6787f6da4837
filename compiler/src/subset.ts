// Syntax, before any meaning: what is not in the allow-table is a diagnostic, whatever tsc thinks of it, and so are
// forms of allowed kinds that the language leaves out. Nothing is lowered as long as there is one of these.

import ts from "typescript";

import { ADVICE, ALLOWED } from "./allowedSyntax";
import type { Unit } from "./unit";

const K = ts.SyntaxKind;

/** Reports every construct outside the language, in every file of the program. */
export function checkSubset(unit: Unit): void {
  for (const file of unit.source.files) {
    checkComments(unit, file);
    if (file.isDeclarationFile) unit.reportAt(file, 0, 0, "TK5007");
    else checkNode(unit, file);
  }
}

/** What tsc notes of comments that silence it. */
interface Silenced {
  readonly commentDirectives?: readonly { readonly range: ts.TextRange }[];
  readonly checkJsDirective?: { readonly enabled: boolean; readonly pos: number };
}

/** Nobody silences tsc: the later stages rely on what it has checked. */
function checkComments(unit: Unit, file: ts.SourceFile): void {
  const { commentDirectives = [], checkJsDirective } = file as Silenced;
  const places = commentDirectives.map(({ range }) => range.pos);
  if (checkJsDirective?.enabled === false) places.push(checkJsDirective.pos);
  for (const place of places)
    unit.reportAt(file, place, 0, "TK1001", "a comment that silences tsc", "mend what it says");
}

/** A complaint about a node ends the walk there: its parts would only repeat it. */
function checkNode(unit: Unit, node: ts.Node): void {
  if (!ALLOWED.has(node.kind) && !isOperator(node)) return reject(unit, node);
  const rule = RULES.get(node.kind);
  const before = unit.diagnostics.length;
  rule?.(unit, node);
  if (unit.diagnostics.length > before) return;
  ts.forEachChild(node, (child) => checkNode(unit, child));
}

/** Operator tokens are judged with their expression. */
const isOperator = (node: ts.Node): boolean => ts.isBinaryExpression(node.parent) && node.parent.operatorToken === node;

function reject(unit: Unit, node: ts.Node): void {
  const [what, advice] = ADVICE.get(node.kind) ?? [`this (${K[node.kind]})`, "see compiler/LANGUAGE.md"];
  unit.report(node, "TK1001", what, advice);
}

type Rule = (unit: Unit, node: ts.Node) => void;

/** An entry of the table, with its node type known. */
const when = <Node extends ts.Node>(
  kind: ts.SyntaxKind,
  rule: (unit: Unit, node: Node) => void,
): [ts.SyntaxKind, Rule] => [kind, rule as unknown as Rule];

const always =
  (what: string, advice: string): Rule =>
  (unit, node) =>
    unit.report(node, "TK1001", what, advice);

const captures =
  (what: string): Rule =>
  (unit, node) =>
    unit.report(node, "TK1005", what);

const member =
  (what: string, advice: string): Rule =>
  (unit, node) =>
    unit.report(node, "TK1007", what, advice);

const destructuring: Rule = (unit, node) => unit.report(node, "TK1011");

function checkImport(unit: Unit, node: ts.ImportDeclaration): void {
  const clause = node.importClause;
  if (clause === undefined) unit.report(node, "TK5001", "an import for its side effects");
  else if (clause.name !== undefined) unit.report(node, "TK5001", "a default import");
  else if (clause.namedBindings !== undefined && ts.isNamespaceImport(clause.namedBindings))
    unit.report(node, "TK5001", "'import *'");
}

function checkParameter(unit: Unit, node: ts.ParameterDeclaration): void {
  if (node.dotDotDotToken !== undefined) unit.report(node, "TK1006", "a rest parameter");
  else if (node.questionToken !== undefined) unit.report(node, "TK1006", "an optional parameter");
  else if (node.name.getText() === "this") unit.report(node, "TK1006", "a parameter for 'this'");
}

/** `let` and `const` only: not `var`, not `using`. */
function checkVariables(unit: Unit, node: ts.VariableDeclarationList): void {
  const form: number = node.flags & ts.NodeFlags.BlockScoped;
  const [letForm, constForm]: readonly number[] = [ts.NodeFlags.Let, ts.NodeFlags.Const];
  if (form !== letForm && form !== constForm) unit.report(node, "TK1012", form === 0 ? "'var'" : "'using'");
}

function checkClass(unit: Unit, node: ts.ClassDeclaration): void {
  const [clause] = node.heritageClauses ?? [];
  if (clause !== undefined) unit.report(clause, "TK1008");
  for (const decorator of ts.getDecorators(node) ?? []) {
    const { expression } = decorator;
    const name = (ts.isCallExpression(expression) ? expression.expression : expression).getText();
    if (name !== (ts.isCallExpression(expression) ? "aligned" : "packed")) unit.report(decorator, "TK1014");
  }
  checkModifiers(unit, node, [K.ExportKeyword, K.DefaultKeyword]);
}

const MEMBER_MODIFIERS = [K.PrivateKeyword, K.PublicKeyword, K.ReadonlyKeyword, K.StaticKeyword];

function checkMethod(unit: Unit, node: ts.MethodDeclaration): void {
  if (node.asteriskToken !== undefined) unit.report(node, "TK1001", "a generator", "write a loop");
  if (node.questionToken !== undefined) unit.report(node, "TK1007", "an optional method", "write the method");
  checkModifiers(unit, node, MEMBER_MODIFIERS);
}

function checkField(unit: Unit, node: ts.PropertyDeclaration): void {
  const kinds = (ts.getModifiers(node) ?? []).map(({ kind }) => kind);
  if (node.questionToken !== undefined) unit.report(node, "TK1007", "an optional field", "use: name: T | null");
  if (kinds.includes(K.StaticKeyword) && !kinds.includes(K.ReadonlyKeyword))
    unit.report(node, "TK1007", "a static field that changes", "use a module variable");
  checkModifiers(unit, node, MEMBER_MODIFIERS);
}

/** A name is written as it is: one spelling only, so that it means the same to everybody who reads it. */
function checkIdentifier(unit: Unit, node: ts.Identifier): void {
  if (node.getText() !== node.text) unit.report(node, "TK1001", "an escape in a name", "write the letter itself");
}

/** Strings and numbers name no members. */
function checkMemberName(unit: Unit, node: ts.StringLiteral | ts.NumericLiteral | ts.BigIntLiteral): void {
  const { parent } = node;
  const isName =
    (ts.isClassElement(parent) || ts.isEnumMember(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
  if (isName) unit.report(node, "TK1007", "a name in quotes or digits", "use a plain name");
}

/** Members have plain names. */
function checkComputedName(unit: Unit, node: ts.ComputedPropertyName): void {
  unit.report(node, "TK1007", "a computed name", "use a plain name");
}

function checkFunction(unit: Unit, node: ts.FunctionDeclaration): void {
  if (node.asteriskToken !== undefined) unit.report(node, "TK1001", "a generator", "write a loop");
  checkModifiers(unit, node, [K.ExportKeyword, K.DefaultKeyword, K.DeclareKeyword]);
}

/** Declarations that are exported, or not. */
function checkDeclaration(unit: Unit, node: ts.Node & { modifiers?: ts.NodeArray<ts.ModifierLike> }): void {
  const isDeclared = node.modifiers?.some(({ kind }) => kind === K.DeclareKeyword) ?? false;
  if (isDeclared) unit.report(node, "TK5007");
  else checkModifiers(unit, node, [K.ExportKeyword]);
}

function checkModifiers(
  unit: Unit,
  node: ts.Node & { modifiers?: ts.NodeArray<ts.ModifierLike> },
  allowed: readonly ts.SyntaxKind[],
): void {
  for (const modifier of node.modifiers ?? []) {
    if (ts.isDecorator(modifier)) continue;
    if (modifier.kind === K.DefaultKeyword) unit.report(modifier, "TK5002", "a default export");
    else if (modifier.kind === K.DeclareKeyword && ts.isClassDeclaration(node)) unit.report(node, "TK5007");
    else if (!allowed.includes(modifier.kind)) unit.report(modifier, "TK1013", modifier.getText());
  }
}

const RULES = new Map<ts.SyntaxKind, Rule>([
  [K.ArrowFunction, captures("an arrow function")],
  [K.FunctionExpression, captures("a function expression")],
  [K.InterfaceDeclaration, always("an interface", "declare a class")],
  [K.ModuleDeclaration, always("a namespace", "use a module")],
  [K.ObjectBindingPattern, destructuring],
  [K.ArrayBindingPattern, destructuring],
  [K.Constructor, member("a constructor", "initialise the fields, or write a method that sets them")],
  [K.GetAccessor, member("a getter", "write a method")],
  [K.SetAccessor, member("a setter", "write a method")],
  [K.IndexSignature, member("an index signature", "use a FixedArray field")],
  [K.ClassStaticBlockDeclaration, member("a static block", "use a module constant")],
  [K.PrivateIdentifier, member("a #name", "use 'private'")],
  [K.ExportDeclaration, (unit, node) => unit.report(node, "TK5002", "a list of exports")],
  [K.ExportAssignment, (unit, node) => unit.report(node, "TK5002", "a default export")],
  when(K.Identifier, checkIdentifier),
  when(K.StringLiteral, checkMemberName),
  when(K.NumericLiteral, checkMemberName),
  when(K.BigIntLiteral, checkMemberName),
  when(K.ComputedPropertyName, checkComputedName),
  when(K.ImportDeclaration, checkImport),
  when(K.Parameter, checkParameter),
  when(K.VariableDeclarationList, checkVariables),
  when(K.ClassDeclaration, checkClass),
  when(K.MethodDeclaration, checkMethod),
  when(K.PropertyDeclaration, checkField),
  when(K.FunctionDeclaration, checkFunction),
  when(K.EnumDeclaration, checkDeclaration),
  when(K.TypeAliasDeclaration, checkDeclaration),
  when(K.VariableStatement, checkDeclaration),
]);
