// Constants with names: module constants, static readonly fields, enum members, array lengths. Each is evaluated
// once, by lowering its initialiser and looking whether a constant came out.

import ts from "typescript";

import { defaultType } from "../constants";
import type { ConstantExpression, Expression, TextExpression } from "../ir";
import { enumFor } from "../resolve";
import { integerBase, type EnumType, type Type } from "../types";
import { Rejected, type Unit } from "../unit";
import { coerce } from "./conversions";
import { lowerExpression } from "./expressions";
import { constantScope } from "./scope";

export type NamedConstant = ConstantExpression | TextExpression;

export const isNamedConstant = (expression: Expression): expression is NamedConstant =>
  expression.kind === "constant" || expression.kind === "text";

/** The type that a constant has by itself. */
export function settled(unit: Unit, expression: NamedConstant, node: ts.Node): NamedConstant {
  if (expression.kind !== "constant" || expression.type.kind !== "literal") return expression;
  const type = defaultType(expression.type, expression.value);
  return coerce(unit, expression, type, node) as NamedConstant;
}

/** Whether a declared type is one of those whose constants have no storage. */
export const isScalarConstant = (type: Type): boolean =>
  integerBase(type) !== undefined || type.kind === "bool" || type.kind === "string";

const BUSY = Symbol("being evaluated");
const FAILED = Symbol("rejected");

/** The value of `const NAME = initialiser`; undefined when it is not a constant but storage or an address. */
export function evaluateConstant(
  unit: Unit,
  symbol: ts.Symbol,
  initialiser: ts.Expression,
  type: Type | undefined,
): NamedConstant | undefined {
  if (unit.constants.has(symbol)) {
    const known = unit.constants.get(symbol);
    if (known === BUSY) return unit.fail(initialiser, "TK3003", symbol.name);
    if (known === FAILED) throw new Rejected(symbol.name);
    return known as NamedConstant | undefined;
  }
  unit.constants.set(symbol, BUSY);
  let value: NamedConstant | undefined;
  let outcome: unknown = FAILED;
  try {
    value = evaluate(unit, initialiser, type);
    outcome = value;
  } finally {
    unit.constants.set(symbol, outcome);
  }
  return value;
}

function evaluate(unit: Unit, initialiser: ts.Expression, type: Type | undefined): NamedConstant | undefined {
  const expression = lowerExpression(constantScope(unit), initialiser, type);
  const value = type === undefined ? expression : coerce(unit, expression, type, initialiser);
  if (!isNamedConstant(value)) return undefined;
  return settled(unit, value, initialiser);
}

/** The value of an expression that has to be a constant integer. */
export function constantInteger(unit: Unit, node: ts.Expression, what: string): bigint {
  const expression = lowerExpression(constantScope(unit), node);
  if (expression.kind !== "constant") return unit.fail(node, "TK3002", what);
  return expression.value;
}

/** N, where a type says `typeof N` or a decorator says `aligned(N)`. */
export function constantLength(unit: Unit, node: ts.Expression | ts.EntityName): bigint {
  return constantInteger(unit, node as ts.Expression, "a length");
}

/** The value of one enum member. Members before it may be used in it. */
export function enumValue(unit: Unit, member: ts.EnumMember, earlier: ReadonlyMap<string, bigint>): bigint {
  const { initializer } = member;
  if (initializer === undefined) return BigInt(earlier.size);
  const expression = lowerExpression(constantScope(unit), initializer);
  if (expression.kind !== "constant" || expression.type.kind === "bool")
    return unit.fail(member, "TK3007", member.name.getText());
  return expression.value;
}

/** `Kind.Usable`, or the bare name inside its own enum. */
export function enumMember(unit: Unit, symbol: ts.Symbol, node: ts.Node): ConstantExpression {
  const declaration = symbol.valueDeclaration;
  const parent = declaration?.parent;
  const owner = parent !== undefined && ts.isEnumDeclaration(parent) ? unit.symbolOf(parent.name) : undefined;
  if (owner === undefined) return unit.fail(node, "TK1018", node.getText());
  const type: EnumType = enumFor(unit, owner);
  const value = type.members.get(symbol.name);
  if (value !== undefined) return { kind: "constant", type, value };
  // Either its own value was rejected, or it is used before it has one.
  if (unit.diagnostics.length > 0) throw new Rejected(symbol.name);
  return unit.fail(node, "TK3003", node.getText());
}
