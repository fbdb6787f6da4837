// Quick fixes: for a diagnostic and the node it is about, the edits that make it go away. Only where the right edit
// follows from the rule; everything else is left to the suggestion in the message.

import ts from "typescript";

export interface Fix {
  readonly description: string;
  readonly changes: readonly ts.TextChange[];
}

type Fixer = (node: ts.Node, checker: ts.TypeChecker, message: string) => readonly Fix[];

const replace = (node: ts.Node, newText: string): ts.TextChange => ({
  span: { start: node.getStart(), length: node.getEnd() - node.getStart() },
  newText,
});

const replaceWith =
  (...texts: readonly string[]): Fixer =>
  (node) =>
    texts.map((text) => ({ description: `Replace with '${text}'`, changes: [replace(node, text)] }));

const wrapIn = (name: string, node: ts.Node): Fix => ({
  description: `Convert '${node.getText()}' with ${name}(...)`,
  changes: [replace(node, `${name}(${node.getText()})`)],
});

/** `==` and `!=` to their strict forms. */
const strictEquality: Fixer = (node) => {
  const comparison = ts.isBinaryExpression(node) ? node : node.parent;
  if (!ts.isBinaryExpression(comparison)) return [];
  const strict = `${comparison.operatorToken.getText()}=`;
  return [{ description: `Use '${strict}'`, changes: [replace(comparison.operatorToken, strict)] }];
};

/** `if (x & FLAG)` to `if ((x & FLAG) !== 0n)`, `if (entry)` to `if (entry !== null)`. */
const comparison: Fixer = (node, checker) => {
  const type = checker.getTypeAtLocation(node);
  const isOne = (flags: ts.TypeFlags): boolean =>
    (type.isIntersection() ? type.types : [type]).some((part) => (part.flags & flags) !== 0);
  const nothing = isOne(ts.TypeFlags.BigIntLike) ? "0n" : isOne(ts.TypeFlags.NumberLike) ? "0" : "null";
  const operand = ts.isBinaryExpression(node) ? `(${node.getText()})` : node.getText();
  const text = `${operand} !== ${nothing}`;
  return [{ description: `Compare: ${text}`, changes: [replace(node, text)] }];
};

const discard: Fixer = (node) => [
  {
    description: "Discard the result on purpose with 'void'",
    changes: [{ span: { start: node.getStart(), length: 0 }, newText: "void " }],
  },
];

/** As it is declared: the alias, such as u32, where there is one. */
const typeName = (node: ts.Node, checker: ts.TypeChecker): string =>
  checker.typeToString(checker.getTypeAtLocation(node));

/** The conversion that the message suggests, around the sides of the operator that are not of that type already. */
const convertOneSide: Fixer = (node, checker, message) => {
  const name = /([ui](?:8|16|32|64))\(x\)/.exec(message)?.[1];
  if (name === undefined || !ts.isBinaryExpression(node)) return [];
  const sides = [node.left, node.right].filter((side) => typeName(side, checker) !== name);
  return sides.map((side) => wrapIn(name, side));
};

/** The conversion that the message suggests, around the whole expression. */
const convert: Fixer = (node, _checker, message) => {
  const name = /\b([ui](?:8|16|32|64))\(/.exec(message)?.[1];
  return name === undefined || !ts.isExpression(node) ? [] : [wrapIn(name, node)];
};

/** A shift is reported whole; its count is what needs the conversion. */
const convertCount: Fixer = (node, checker, message) =>
  convert(ts.isBinaryExpression(node) ? node.right : node, checker, message);

const withWidth: Fixer = (node, checker, message) => {
  const texts = node.kind === ts.SyntaxKind.BigIntKeyword ? ["u64", "i64"] : ["u32", "u16", "u8", "i32"];
  return ts.isTypeNode(node) ? replaceWith(...texts)(node, checker, message) : [];
};

const FIXERS: Readonly<Record<string, Fixer>> = {
  TK1002: strictEquality,
  TK2001: withWidth,
  TK2003: convertOneSide,
  TK2005: comparison,
  TK2010: discard,
  TK2012: convert,
  TK2021: convert,
  TK2025: convertOneSide,
  TK2028: convertCount,
};

/** `message` is the whole text of the diagnostic, suggestion included. */
export function fixesFor(code: string, node: ts.Node, checker: ts.TypeChecker, message: string): readonly Fix[] {
  const fixer = Object.hasOwn(FIXERS, code) ? FIXERS[code] : undefined;
  return fixer === undefined ? [] : fixer(node, checker, message);
}

/** The outermost node that spans exactly these characters. */
export function nodeSpanning(file: ts.SourceFile, start: number, length: number): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (node.getStart(file) === start && node.getEnd() === start + length) return node;
    if (node.getFullStart() > start || node.getEnd() < start + length) return undefined;
    return ts.forEachChild(node, find);
  };
  return find(file);
}
