/**
 * What programs of user/ may not say, because Porffor 0.0.0-alpha.7 gets it wrong or does not have it.
 *
 * A rule looks at one node of the syntax tree. Why each is here is in test/programs/ruleCases.ts: a piece of program
 * that gives something else than on Node, and what to write instead, which does not. All of these are run by a test.
 */
import ts from "typescript";

export interface Rule {
  message: string;
  suggestion: string;
  /** The node that the complaint is about; null when there is nothing to complain about. */
  find: (node: ts.Node, checker: ts.TypeChecker) => ts.Node | null;
}

/** The only file with inline C. */
const DOOR = /(?:^|\/)user\/lib\/machine\.ts$/;

export const RULES: Record<string, Rule> = {
  TP1001: {
    message: "finally is skipped when its try block is left early",
    suggestion: "do what has to be done before each way out",
    find: (node) => (ts.isTryStatement(node) ? (node.finallyBlock ?? null) : null),
  },
  TP1002: {
    message: "an error of a class of one's own has no message",
    suggestion: "write `this.message = message;` behind super(message)",
    find: errorWithoutMessage,
  },
  TP1003: {
    message: "an error keeps no cause",
    suggestion: "give the class a field for it",
    find: errorWithCause,
  },
  TP1004: {
    message: "a method that is called through super has another this",
    suggestion: "give what both do a method of another name, and call that through this",
    find: (node) => (node.kind === ts.SyntaxKind.SuperKeyword && !ts.isCallExpression(node.parent) ? node : null),
  },
  TP1005: {
    message: "for...of does not call [Symbol.iterator]",
    suggestion: "return an array, or write a generator function",
    find: (node) => (ts.isComputedPropertyName(node) && node.getText().includes("Symbol.iterator") ? node : null),
  },
  TP1006: {
    message: "a parameter that is taken apart is empty when a plain one follows",
    suggestion: "put it last",
    find: patternBeforePlain,
  },
  TP1007: {
    message: "a default that is not the last case of its switch goes wrong",
    suggestion: "put it last",
    find: (node) => (ts.isDefaultClause(node) && node.parent.clauses.at(-1) !== node ? node : null),
  },
  TP1008: {
    message: "what is asynchronous runs in another order",
    suggestion: "call functions that wait: sleep, inputWithin, readLine",
    find: asynchronous,
  },
  TP1009: {
    message: "large integers are not exact",
    suggestion: "use numbers, which are exact up to 2 ** 53",
    find: (node, checker) => (ts.isBigIntLiteral(node) || isGlobal(node, ["BigInt"], checker) ? node : null),
  },
  TP1010: {
    message: "text + true, null or undefined is sometimes a number",
    suggestion: "write a template: `${text}${value}`",
    find: textPlusOther,
  },
  TP1011: {
    message: 'text[index] beyond the end is "" and not undefined',
    suggestion: 'use charAt(index), which is "" there everywhere',
    find: (node, checker) =>
      ts.isElementAccessExpression(node) && isText(checker.getTypeAtLocation(node.expression)) ? node : null,
  },
  TP1012: {
    message: "text is taken apart into UTF-16 units, not characters",
    suggestion: "count through it with charAt or charCodeAt, or codePointAt of lib/bytes",
    find: textTakenApart,
  },
  TP1013: {
    message: "changing an element of a typed array in place does not wrap, or does nothing",
    suggestion: "assign the new value: `a[i] = (a[i] + 1) & 0xff`",
    find: typedElementChanged,
  },
  TP1014: {
    message: "a typed array has no text",
    suggestion: "make an array of it first: `Array.from(a).join()`",
    find: typedArrayAsText,
  },
  TP1015: {
    message: "arrays have no iterators",
    suggestion: "use forEach((value, index) => ...), or count",
    find: arrayIterator,
  },
  TP1016: {
    message: "only arrays and sets can be copied or taken apart like this",
    suggestion: "spread it into an array first: `[...map.keys()]`",
    find: iteratorTakenApart,
  },
  TP1017: {
    message: "this method gives other results than elsewhere, or is missing",
    suggestion: "see user/lib: fixed and hex for numbers, slice for parts of text, Math.floor(x + 0.5) for rounding",
    find: unreliableMethod,
  },
  TP1018: {
    message: "this does not exist in a program",
    suggestion: "see user/lib for what there is",
    find: (node, checker) => (isGlobal(node, MISSING, checker) ? node : null),
  },
  TP1019: {
    message: "inline C stands in user/lib/machine.ts only",
    suggestion: "call systemCall, peek, poke or execute",
    find: (node, checker) =>
      isGlobal(node, ["Porffor"], checker) && !DOOR.test(node.getSourceFile().fileName) ? node : null,
  },
};

const MISSING = [
  ...[
    "Proxy",
    "Reflect",
    "Intl",
    "Atomics",
    "SharedArrayBuffer",
    "WeakRef",
    "FinalizationRegistry",
    "eval",
    "Function",
  ],
  ...[
    "console",
    "process",
    "globalThis",
    "structuredClone",
    "queueMicrotask",
    "setTimeout",
    "TextEncoder",
    "TextDecoder",
  ],
];

/** Owner of a method, as its type is called, and methods of it. */
const UNRELIABLE: Record<string, string[]> = {
  Math: ["round"],
  JSON: ["stringify"],
  String: ["substring", "normalize", "toLocaleUpperCase", "toLocaleLowerCase"],
  Number: ["toFixed", "toPrecision", "toExponential", "toLocaleString"],
  Date: ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"],
};

const TYPED_ARRAY = /^(?:Big)?(?:Uint|Int|Float)\d+(?:Clamped)?Array$/;
const COPIED = new Set(["Array", "ReadonlyArray", "Set", "ReadonlySet"]);

/** A use of a name that the language or a .d.ts declares, not a source. */
function isGlobal(node: ts.Node, names: string[], checker: ts.TypeChecker): boolean {
  if (!ts.isIdentifier(node) || !names.includes(node.text)) return false;
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
  return !isMember && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}

function typeName(type: ts.Type): string {
  return type.getSymbol()?.name ?? "";
}

function isText(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => (part.flags & ts.TypeFlags.StringLike) !== 0);
}

function isTypedArray(type: ts.Type): boolean {
  return TYPED_ARRAY.test(typeName(type));
}

function isErrorClass(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): boolean {
  const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return base !== undefined && /^[A-Z][a-z]*Error$|^Error$/.test(typeName(checker.getTypeAtLocation(base)));
}

function errorWithoutMessage(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  if (!ts.isClassLike(node) || !isErrorClass(node, checker)) return null;
  const constructor = node.members.find(ts.isConstructorDeclaration);
  return constructor?.body?.getText().includes("this.message =") ? null : (node.name ?? node);
}

function errorWithCause(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  if (!ts.isNewExpression(node) || node.arguments?.length !== 2) return null;
  const signature = checker.getResolvedSignature(node)?.declaration;
  const isBuiltIn = signature !== undefined && signature.getSourceFile().isDeclarationFile;
  return isBuiltIn && /Error$/.test(node.expression.getText()) ? (node.arguments[1] ?? null) : null;
}

function patternBeforePlain(node: ts.Node): ts.Node | null {
  if (!ts.isParameter(node) || ts.isIdentifier(node.name)) return null;
  const { parameters } = node.parent;
  const next = parameters.slice(parameters.indexOf(node) + 1);
  return next.some(({ name }) => ts.isIdentifier(name)) ? node.name : null;
}

function asynchronous(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) return node;
  return isGlobal(node, ["Promise"], checker) ? node : null;
}

const NOT_TEXT =
  ts.TypeFlags.BooleanLike | ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Object | ts.TypeFlags.Unknown;

function textPlusOther(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  if (!ts.isBinaryExpression(node)) return null;
  const { kind } = node.operatorToken;
  if (kind !== ts.SyntaxKind.PlusToken && kind !== ts.SyntaxKind.PlusEqualsToken) return null;
  return [node.left, node.right].find((side) => canBeOther(checker.getTypeAtLocation(side))) ?? null;
}

function canBeOther(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & NOT_TEXT) !== 0);
}

/** for...of, spread, Array.from and array patterns over text. */
function textTakenApart(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  const source = takenApart(node);
  return source !== null && isText(checker.getTypeAtLocation(source)) ? source : null;
}

function takenApart(node: ts.Node): ts.Expression | null {
  if (ts.isForOfStatement(node) || ts.isSpreadElement(node)) return node.expression;
  return copied(node);
}

/** What Array.from or an array pattern takes apart. */
function copied(node: ts.Node): ts.Expression | null {
  if (ts.isCallExpression(node) && node.expression.getText() === "Array.from") return node.arguments[0] ?? null;
  if (ts.isVariableDeclaration(node) && ts.isArrayBindingPattern(node.name)) return node.initializer ?? null;
  return null;
}

function iteratorTakenApart(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  const source = copied(node);
  if (source === null) return null;
  const type = checker.getTypeAtLocation(source);
  const isLength = !type.getProperties().some(({ name }) => name.startsWith("__@iterator"));
  return isLength || isText(type) || isCopied(type, checker) ? null : source;
}

function isCopied(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isUnion()) return type.types.every((part) => isCopied(part, checker));
  return checker.isArrayType(type) || checker.isTupleType(type) || COPIED.has(typeName(type)) || isTypedArray(type);
}

/** `a[i] += x`, `a[i]++` and the like. */
function typedElementChanged(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  const changed = changedInPlace(node);
  const target = changed !== null && ts.isNonNullExpression(changed) ? changed.expression : changed;
  if (target === null || !ts.isElementAccessExpression(target)) return null;
  return isTypedArray(checker.getTypeAtLocation(target.expression)) ? node : null;
}

function changedInPlace(node: ts.Node): ts.Expression | null {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isCompound = kind > ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return isCompound ? node.left : null;
  }
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return null;
  const changes = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return changes ? node.operand : null;
}

function typedArrayAsText(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  if (ts.isTemplateSpan(node)) return isTypedArray(checker.getTypeAtLocation(node.expression)) ? node.expression : null;
  return methodOf(node, ["join", "toString"], (owner) => isTypedArray(owner), checker);
}

function arrayIterator(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  const isArray = (owner: ts.Type): boolean => checker.isArrayType(owner) || isTypedArray(owner);
  return methodOf(node, ["entries", "keys", "values"], isArray, checker);
}

/** The name of the method, when it is one of these and its owner is such a type. */
function methodOf(
  node: ts.Node,
  names: string[],
  isOwner: (type: ts.Type) => boolean,
  checker: ts.TypeChecker,
): ts.Node | null {
  if (!ts.isPropertyAccessExpression(node) || !names.includes(node.name.text)) return null;
  return isOwner(checker.getTypeAtLocation(node.expression)) ? node.name : null;
}

function unreliableMethod(node: ts.Node, checker: ts.TypeChecker): ts.Node | null {
  if (!ts.isPropertyAccessExpression(node)) return null;
  const owner = checker.getApparentType(checker.getTypeAtLocation(node.expression));
  return UNRELIABLE[typeName(owner)]?.includes(node.name.text) ? node.name : null;
}
