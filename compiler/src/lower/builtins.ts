// The functions of kernel.d.ts. Those that need the compiler's help have an entry in the table; every other one is a C
// function of runtime.h with the same name behind `ts_`, called with the types that its declaration states.

import ts from "typescript";

import { constant, contains, fits, wrap } from "../constants";
import type { Effect, Expression, Statement } from "../ir";
import { layOut, resolveStorage, resolveType, sizeAndAlign } from "../resolve";
import {
  INTEGERS,
  NEVER,
  STRING,
  U32,
  U64,
  VOID,
  integerBase,
  isAggregate,
  manyOf,
  sameType,
  sliceOf,
  type IntegerType,
  type Storage,
  type Type,
} from "../types";
import { NO_TYPE_ARGUMENTS } from "../unit";
import { adapt, coerce, commonPair, describe, withWidth } from "./conversions";
import { lowerCondition, lowerExpression, lowerTo, ordered } from "./expressions";
import { lowerIndex } from "./access";
import { isInConstantTable } from "./assignments";
import { lowerMessage, textMessage } from "./messages";
import { arithmetic, not } from "./operators";
import { subsystemOf } from "./subsystem";
import type { Scope } from "./scope";

type Builtin = (scope: Scope, node: ts.CallExpression, expected: Type | undefined) => Expression;

/** A call of a word of the language. */
export function lowerBuiltin(
  scope: Scope,
  node: ts.CallExpression,
  symbol: ts.Symbol,
  expected: Type | undefined,
): Expression {
  const name = qualifiedName(node.expression);
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (builtin !== undefined) return builtin(scope, node, expected);
  const [owner, member] = name.split(".");
  const integer = INTEGERS.get(owner ?? "");
  if (integer !== undefined)
    return member === "wrap" ? convertWrapping(scope, node, integer) : convertTo(scope, node, integer);
  return lowerIntrinsic(scope, node, symbol);
}

function qualifiedName(node: ts.Expression): string {
  if (ts.isParenthesizedExpression(node)) return qualifiedName(node.expression);
  return ts.isPropertyAccessExpression(node) ? `${qualifiedName(node.expression)}.${node.name.text}` : node.getText();
}

function argument(scope: Scope, node: ts.CallExpression, index: number): ts.Expression {
  return node.arguments[index] ?? scope.fail(node, "TK2012", "an argument", "nothing", "pass all arguments");
}

/** Intrinsics that only look at their arguments. */
const PURE = new Set([
  "trailingZeros",
  "leadingZeros",
  "popCount",
  "byteLength",
  "bytesOf",
  "stringOver",
  "messageParts",
]);

function lowerIntrinsic(scope: Scope, node: ts.CallExpression, symbol: ts.Symbol): Expression {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isFunctionDeclaration(declaration) || declaration.type === undefined)
    return scope.fail(node, "TK1018", node.expression.getText());
  const { name } = symbol;
  const type = resolveType(scope.unit, declaration.type, NO_TYPE_ARGUMENTS);
  const args = declaration.parameters.map((parameter, index) => {
    if (parameter.type === undefined) return scope.fail(node, "TK1018", name);
    return lowerTo(scope, argument(scope, node, index), resolveType(scope.unit, parameter.type, NO_TYPE_ARGUMENTS));
  });
  const folded = foldBits(name, args);
  if (folded !== undefined) return folded;
  if (scope.isConstant) return scope.fail(node, "TK3002", "an initialiser");
  const effect: Effect = PURE.has(name) ? 0 : 2;
  return ordered(scope, args, (operands) => ({ kind: "intrinsic", type, name, args: operands, effect }));
}

/** Bit counts and lengths of constants. */
function foldBits(name: string, args: readonly Expression[]): Expression | undefined {
  const [value] = args;
  if (name === "byteLength" && value?.kind === "text")
    return constant(U32, BigInt(new TextEncoder().encode(value.text).length));
  if (value?.kind !== "constant") return undefined;
  const bits = value.value.toString(2).padStart(64, "0");
  if (name === "leadingZeros") return constant(U32, BigInt(value.value === 0n ? 64 : bits.indexOf("1")));
  if (name === "trailingZeros") return constant(U32, BigInt(value.value === 0n ? 64 : 63 - bits.lastIndexOf("1")));
  return name === "popCount" ? constant(U32, BigInt(bits.replaceAll("0", "").length)) : undefined;
}

// ---------------------------------------------------------------------------------------------------------------------
// Integers.

function convertTo(scope: Scope, node: ts.CallExpression, target: IntegerType): Expression {
  const operand = convertible(scope, node, target.key);
  if (operand.kind === "constant") return adapt(scope.unit, operand, target, node, target);
  if (sameType(operand.type, target)) return operand;
  const base = integerBase(operand.type);
  const check = base !== undefined && contains(target, base) ? undefined : scope.overflowCheck(node);
  return { kind: "convert", type: target, operand, ...(check && { check }) };
}

function convertWrapping(scope: Scope, node: ts.CallExpression, target: IntegerType): Expression {
  const operand = convertible(scope, node, `${target.key}.wrap`);
  if (operand.kind === "constant") return constant(target, wrap(operand.value, target));
  return sameType(operand.type, target) ? operand : { kind: "convert", type: target, operand };
}

function convertible(scope: Scope, node: ts.CallExpression, word: string): Expression {
  const operand = lowerExpression(scope, argument(scope, node, 0));
  const { type } = operand;
  if (type.kind === "literal" || integerBase(type) !== undefined) return operand;
  const advice = type.kind === "nullable" ? "test it against null first" : "give it an integer";
  return scope.fail(node, "TK2015", word, describe(type), advice);
}

const wrapping =
  (operator: "+" | "-" | "*"): Builtin =>
  (scope, node) => {
    const left = lowerExpression(scope, argument(scope, node, 0));
    const right = lowerExpression(scope, argument(scope, node, 1));
    const pair = commonPair(scope.unit, left, right, node.expression.getText(), node);
    const [first, second] = [withWidth(scope.unit, pair.left, node), withWidth(scope.unit, pair.right, node)];
    if (first.kind === "constant" && second.kind === "constant") return foldWrapping(operator, first, second);
    return arithmetic(scope, node, operator, { left: first, right: second, type: first.type });
  };

function foldWrapping(
  operator: "+" | "-" | "*",
  left: Expression & { kind: "constant" },
  right: Expression & { kind: "constant" },
): Expression {
  const [a, b] = [left.value, right.value];
  const exact = operator === "+" ? a + b : operator === "-" ? a - b : a * b;
  const base = integerBase(left.type) ?? U64;
  return constant(base, fits(exact, base) ? exact : wrap(exact, base));
}

// ---------------------------------------------------------------------------------------------------------------------
// Memory.

function typeArgument(scope: Scope, node: ts.CallExpression): Storage {
  const [argumentNode] = node.typeArguments ?? [];
  if (argumentNode === undefined) return scope.fail(node, "TK2016", "T", node.expression.getText());
  return resolveStorage(scope.unit, argumentNode, scope.typeArguments);
}

const overlay: Builtin = (scope, node, expected) => {
  const type = node.typeArguments === undefined && expected !== undefined ? expected : typeArgument(scope, node).type;
  if (type.kind !== "struct" && type.kind !== "many" && type.kind !== "array")
    return scope.fail(node, "TK4010", type.key);
  if (type.kind === "array") sizeAndAlign(scope.unit, { type, ref: false, volatile: false }, node);
  if (type.kind === "struct") layOut(scope.unit, type, node);
  const address = lowerTo(scope, argument(scope, node, 0), U64);
  return { kind: "overlay", type, address };
};

const addressOf: Builtin = (scope, node) => {
  const operand = lowerExpression(scope, argument(scope, node, 0));
  const { kind } = operand.type;
  const hasAddress = isAggregate(operand.type) || ["slice", "many", "string", "function"].includes(kind);
  if (!hasAddress) return scope.fail(node, "TK4012", describe(operand.type));
  return { kind: "addressOf", type: U64, operand };
};

const addressOfSymbol: Builtin = (scope, node) => {
  const name = argument(scope, node, 0);
  if (!ts.isStringLiteral(name)) return scope.fail(name, "TK5009", "the symbol");
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text))
    return scope.fail(name, "TK5005", name.text, "it has other characters");
  return { kind: "symbolAddress", type: U64, name: name.text };
};

/** The class or array that copyStruct and zeroStruct write to. */
function writable(scope: Scope, node: ts.Expression): Expression {
  const target = aggregate(scope, node);
  return isInConstantTable(target) ? scope.fail(node, "TK4015", node.getText()) : target;
}

/** The class or array that copyStruct and zeroStruct work on. */
function aggregate(scope: Scope, node: ts.Expression): Expression {
  const value = lowerExpression(scope, node);
  if (isAggregate(value.type)) return value;
  return scope.fail(
    node,
    "TK2012",
    "a class instance or FixedArray",
    describe(value.type),
    "assign other values with =",
  );
}

const copyStruct: Builtin = (scope, node) => {
  const target = writable(scope, argument(scope, node, 0));
  const source = coerce(scope.unit, aggregate(scope, argument(scope, node, 1)), target.type, node);
  return ordered(scope, [target, source], ([first, second]) => ({
    kind: "copy",
    type: VOID,
    target: first ?? target,
    source: second ?? source,
  }));
};

const zeroStruct: Builtin = (scope, node) => ({
  kind: "zero",
  type: VOID,
  target: writable(scope, argument(scope, node, 0)),
});

const sizeOf: Builtin = (scope, node) =>
  constant(U64, BigInt(sizeAndAlign(scope.unit, typeArgument(scope, node), node).size));

const alignOf: Builtin = (scope, node) =>
  constant(U64, BigInt(sizeAndAlign(scope.unit, typeArgument(scope, node), node).align));

const offsetOf: Builtin = (scope, node) => {
  const { type } = typeArgument(scope, node);
  const name = argument(scope, node, 0);
  if (!ts.isStringLiteral(name)) return scope.fail(name, "TK5009", "the field");
  if (type.kind !== "struct") return scope.fail(node, "TK4008", type.key, name.text);
  const { info } = layOut(scope.unit, type, node).type;
  const field = info.fields.find((candidate) => candidate.name === name.text);
  return field === undefined ? scope.fail(name, "TK4008", info.name, name.text) : constant(U64, BigInt(field.offset));
};

// ---------------------------------------------------------------------------------------------------------------------
// Slices and strings.

const subslice: Builtin = (scope, node) => {
  const slice = sliceArgument(scope, argument(scope, node, 0));
  const start = lowerIndex(scope, argument(scope, node, 1));
  const end = lowerIndex(scope, argument(scope, node, 2));
  const checked = scope.unit.options.checks !== "none";
  const place = scope.place(node);
  return ordered(scope, [slice.value, start, end], ([first, second, third]) => ({
    kind: "subslice",
    type: slice.type,
    slice: first ?? slice.value,
    start: second ?? start,
    end: third ?? end,
    checked,
    place,
  }));
};

type SliceType = Type & { kind: "slice" | "many" };

function sliceArgument(scope: Scope, node: ts.Expression): { value: Expression; type: SliceType } {
  const value = lowerExpression(scope, node);
  if (value.type.kind === "slice") return { value, type: value.type };
  if (value.type.kind !== "array")
    return scope.fail(node, "TK2012", "a slice", describe(value.type), "give a Slice or FixedArray");
  const type = sliceOf(value.type.element);
  return { value: coerce(scope.unit, value, type, node), type };
}

const emptySlice: Builtin = (scope, node, expected) => {
  const implied = expected?.kind === "nullable" ? expected.inner : expected;
  const type =
    node.typeArguments === undefined && implied?.kind === "slice" ? implied : sliceOf(typeArgument(scope, node));
  const elements: Expression = { kind: "null", type: manyOf(type.element) };
  return { kind: "makeSlice", type, elements, length: constant(U32, 0n) };
};

const sliceOfMany: Builtin = (scope, node) => {
  const elements = lowerExpression(scope, argument(scope, node, 0));
  if (elements.type.kind !== "many")
    return scope.fail(node, "TK2012", "Many<...>", describe(elements.type), "overlay<Many<...>>(address)");
  const type = sliceOf(elements.type.element);
  const length = lowerTo(scope, argument(scope, node, 1), U32);
  return ordered(scope, [elements, length], ([first, second]) => ({
    kind: "makeSlice",
    type,
    elements: first ?? elements,
    length: second ?? length,
  }));
};

// ---------------------------------------------------------------------------------------------------------------------
// Panics and logging.

const placeText = (scope: Scope, node: ts.Node): Expression => {
  const { file, line } = scope.place(node);
  return { kind: "text", type: STRING, text: `${file}:${line}` };
};

function panicWith(scope: Scope, node: ts.Node, message: Expression): Expression {
  return ordered(scope, [message, placeText(scope, node)], (args) => ({
    kind: "intrinsic",
    type: NEVER,
    name: "panic",
    args,
    effect: 2,
  }));
}

const panic: Builtin = (scope, node) => panicWith(scope, node, lowerMessage(scope, argument(scope, node, 0)));

/** `assert(condition, message)` as the statement it has to be; undefined for every other call. */
export function lowerAssert(scope: Scope, node: ts.CallExpression): Statement | undefined {
  if (qualifiedName(node.expression) !== "assert") return undefined;
  const symbol = scope.unit.symbolOf(node.expression);
  if (symbol?.valueDeclaration?.getSourceFile().isDeclarationFile !== true) return undefined;
  const condition = argument(scope, node, 0);
  const test = lowerCondition(scope, condition);
  const [, text] = node.arguments;
  const what = condition.getText().replace(/\s+/g, " ");
  const message = text === undefined ? textMessage(`assertion failed: ${what}`) : lowerMessage(scope, text);
  return { kind: "fail", place: scope.place(node), condition: not(test), failure: panicWith(scope, node, message) };
}

const LEVELS = ["debug", "info", "warn", "error"];

const log =
  (level: string): Builtin =>
  (scope, node) => {
    const message = lowerMessage(scope, argument(scope, node, 0));
    const subsystem: Expression = { kind: "text", type: STRING, text: subsystemOf(scope.place(node).file) };
    const number = constant(U32, BigInt(LEVELS.indexOf(level)));
    return ordered(scope, [number, subsystem, message], (args) => {
      const made: Expression = { kind: "intrinsic", type: VOID, name: "log", args, effect: 2 };
      scope.unit.callNodes.set(made, node);
      return made;
    });
  };

const outsideMessage: Builtin = (scope, node) => scope.fail(node, "TK1019", node.expression.getText());

const topLevelOnly: Builtin = (scope, node) => scope.fail(node, "TK1021", node.expression.getText());

const notDecorating: Builtin = (scope, node) => scope.fail(node, "TK1014");

const BUILTINS: Readonly<Record<string, Builtin>> = {
  wrappingAdd: wrapping("+"),
  wrappingSub: wrapping("-"),
  wrappingMul: wrapping("*"),
  overlay,
  addressOf,
  addressOfSymbol,
  copyStruct,
  zeroStruct,
  sizeOf,
  alignOf,
  offsetOf,
  subslice,
  emptySlice,
  sliceOf: sliceOfMany,
  panic,
  assert: (scope, node) => scope.fail(node, "TK1023", "assert"),
  "log.debug": log("debug"),
  "log.info": log("info"),
  "log.warn": log("warn"),
  "log.error": log("error"),
  hex: outsideMessage,
  char: outsideMessage,
  alignLeft: outsideMessage,
  alignRight: outsideMessage,
  staticAssert: topLevelOnly,
  exportC: topLevelOnly,
  exportTrap: topLevelOnly,
  calledRarely: topLevelOnly,
  bindPanic: topLevelOnly,
  bindLog: topLevelOnly,
  placed: topLevelOnly,
  packed: notDecorating,
  aligned: notDecorating,
};
