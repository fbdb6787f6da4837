/**
 * Gives the variables of a JavaScript file names that C does not have.
 *
 * Porffor keeps the names of variables in the C that it writes, where many are taken: by keywords (`register`), by macros
 * of the headers (`S_IFMT`, `SIGINT`), by functions of the C library (`time`). So each name that the file declares gets
 * an underscore behind it, everywhere. What stays: names of properties, what the language itself has, and names that
 * begin with `raw`, which inline C uses.
 */
import ts from "typescript";

export function renameForC(text: string): string {
  const source = ts.createSourceFile("program.js", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const declared = declaredNames(source);
  const edits: { end: number; insert: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && declared.has(node.text)) {
      if (isShorthand(node)) edits.push({ end: node.end, insert: `: ${node.text}_` });
      else if (isVariable(node)) edits.push({ end: node.end, insert: "_" });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edits.reduceRight((result, { end, insert }) => result.slice(0, end) + insert + result.slice(end), text);
}

/** Names of variables, parameters, functions and classes. */
function declaredNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node);
    if (declares && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Set([...names].filter((name) => !name.startsWith("raw") && !(name in globalThis)));
}

/** `{ name }`, which stands for the property and for the variable. */
function isShorthand(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === node;
  return (
    ts.isBindingElement(parent) &&
    ts.isObjectBindingPattern(parent.parent) &&
    parent.name === node &&
    parent.propertyName === undefined &&
    parent.dotDotDotToken === undefined
  );
}

function isVariable(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent)) return false;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent);
  return !named || parent.name !== node;
}
