// Messages: a template literal becomes a list of parts, built where it is passed on. Nothing is formatted here; whoever
// reads the parts does that.

import ts from "typescript";

import { constant } from "../constants";
import type { Expression, MessagePartExpression } from "../ir";
import { I64, MESSAGE, STRING, U32, U64, U8, integerBase, type Type } from "../types";
import { isAmbient } from "../unit";
import { constantInteger } from "./constantValues";
import { adapt, coerce, describe } from "./conversions";
import { lowerExpression, lowerTo, lowerValue, ordered } from "./expressions";
import type { Scope } from "./scope";

/** MessagePartKind of kernel.d.ts. */
const TEXT = 0;
const UNSIGNED = 1;
const SIGNED = 2;
const HEX = 3;
const BOOL = 4;
const CHAR = 5;

/** Digits of an address that is printed without being asked how. */
const ADDRESS_DIGITS = 16;

/** What stands where a Message is wanted: a template literal, a string, or a Message that is passed on. */
export function lowerMessage(scope: Scope, node: ts.Expression): Expression {
  if (ts.isParenthesizedExpression(node)) return lowerMessage(scope, node.expression);
  if (ts.isNoSubstitutionTemplateLiteral(node)) return message(scope, [textPart(node.text)]);
  if (ts.isTemplateExpression(node)) return lowerTemplate(scope, node);
  return coerce(scope.unit, lowerExpression(scope, node, STRING), MESSAGE, node);
}

export const textMessage = (text: string): Expression => ({ kind: "message", type: MESSAGE, parts: [textPart(text)] });

const textPart = (text: string): MessagePartExpression => ({
  kind: TEXT,
  width: 0,
  alignRight: false,
  text: { kind: "text", type: STRING, text },
});

function lowerTemplate(scope: Scope, node: ts.TemplateExpression): Expression {
  const parts: MessagePartExpression[] = node.head.text === "" ? [] : [textPart(node.head.text)];
  for (const span of node.templateSpans) {
    parts.push(lowerPart(scope, span.expression));
    if (span.literal.text !== "") parts.push(textPart(span.literal.text));
  }
  return message(scope, parts);
}

/** The parts, with their values evaluated from left to right. */
function message(scope: Scope, parts: readonly MessagePartExpression[]): Expression {
  const values = parts.flatMap((part) => [part.text, part.value].filter((value) => value !== undefined));
  return ordered(scope, values, (operands) => {
    const next = (old: Expression | undefined): Expression | undefined =>
      old === undefined ? undefined : (operands.shift() ?? old);
    const rebuilt = parts.map((part) => {
      const text = next(part.text);
      const value = next(part.value);
      return { ...part, ...(text && { text }), ...(value && { value }) };
    });
    return { kind: "message", type: MESSAGE, parts: rebuilt };
  });
}

function lowerPart(scope: Scope, node: ts.Expression): MessagePartExpression {
  const format = ts.isCallExpression(node) ? formatOf(scope, node) : undefined;
  if (format === undefined) return plainPart(scope, node, lowerValue(scope, node));
  const [argument, size] = (node as ts.CallExpression).arguments;
  if (argument === undefined) return scope.fail(node, "TK2018", "nothing");
  if (format === "char") return part(CHAR, coerceTo64(scope, lowerTo(scope, argument, U8), argument));
  const width = size === undefined ? 0 : lowerWidth(scope, size);
  if (format === "hex") return { ...hexPart(scope, argument), width };
  const inner = lowerPart(scope, argument);
  if (inner.kind === HEX) return scope.fail(node, "TK2018", "an aligned hexadecimal value");
  return { ...inner, width, alignRight: format === "alignRight" };
}

/** A number of digits or columns: a constant up to 255. */
function lowerWidth(scope: Scope, node: ts.Expression): number {
  const value = constant(U32, constantInteger(scope.unit, node, "a width"));
  return Number(adapt(scope.unit, value, U8, node, U8).value);
}

const FORMATS = new Set(["hex", "char", "alignLeft", "alignRight"]);

/** The name of the format function that a call names, if it is one of kernel.d.ts. */
export function formatOf(scope: Scope, node: ts.CallExpression): string | undefined {
  if (!ts.isIdentifier(node.expression) || !FORMATS.has(node.expression.text)) return undefined;
  const symbol = scope.unit.symbolOf(node.expression);
  return symbol !== undefined && isAmbient(symbol) ? node.expression.text : undefined;
}

const part = (kind: number, value: Expression): MessagePartExpression => ({ kind, width: 0, alignRight: false, value });

function plainPart(scope: Scope, node: ts.Expression, value: Expression): MessagePartExpression {
  const { type } = value;
  switch (type.kind) {
    case "string":
      return { kind: TEXT, width: 0, alignRight: false, text: value };
    case "bool":
      return part(BOOL, { kind: "convert", type: U64, operand: value });
    case "enum":
      return enumPart(scope, value, type);
    case "newtype":
      if (type.base.bits === 64) return { ...part(HEX, coerceTo64(scope, value, node)), width: ADDRESS_DIGITS };
      return numberPart(scope, node, value, type.base.signed);
    case "integer":
      return numberPart(scope, node, value, type.signed);
    default:
      return scope.fail(node, "TK2018", describe(type));
  }
}

const numberPart = (scope: Scope, node: ts.Node, value: Expression, signed: boolean): MessagePartExpression =>
  part(signed ? SIGNED : UNSIGNED, coerceTo64(scope, value, node));

function hexPart(scope: Scope, node: ts.Expression): MessagePartExpression {
  const value = lowerValue(scope, node);
  if (integerBase(value.type) === undefined) return scope.fail(node, "TK2018", describe(value.type));
  return part(HEX, zeroExtended(value));
}

/** The bits of a value at its own width, as 64 of them. */
function zeroExtended(value: Expression): Expression {
  const base = integerBase(value.type);
  if (base === undefined || !base.signed || base.bits === 64) return { kind: "convert", type: U64, operand: value };
  const unsigned = { ...U32, key: `u${base.bits}`, bits: base.bits };
  return { kind: "convert", type: U64, operand: { kind: "convert", type: unsigned, operand: value } };
}

function coerceTo64(scope: Scope, value: Expression, node: ts.Node): Expression {
  const base = integerBase(value.type);
  if (base === undefined) return scope.fail(node, "TK2018", describe(value.type));
  if (value.kind === "constant") return constant(U64, BigInt.asUintN(64, value.value));
  const wide: Expression = base.signed ? { kind: "convert", type: I64, operand: value } : value;
  return { kind: "convert", type: U64, operand: wide };
}

function enumPart(scope: Scope, value: Expression, type: Type & { kind: "enum" }): MessagePartExpression {
  const local = value.kind === "constant" || value.kind === "local" ? undefined : scope.temporary(type);
  const operand: Expression = local === undefined ? value : { kind: "local", type, local };
  const name: Expression = { kind: "enumName", type: STRING, enumeration: type, operand };
  if (local === undefined) return { kind: TEXT, width: 0, alignRight: false, text: name };
  const text: Expression = { kind: "sequence", type: STRING, temporaries: [[local, value]], result: name };
  return { kind: TEXT, width: 0, alignRight: false, text };
}
