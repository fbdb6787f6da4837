// Integer arithmetic in JavaScript: numbers up to 32 bits, bigints for 64, every result at the width of its type.

import type { Expression } from "../../ir";
import { contains } from "../../constants";
import { integerBase, type IntegerType, type Type } from "../../types";

/** A helper of the runtime and its arguments. */
export type Call = readonly [helper: string, ...args: string[]];

/** The value as JavaScript writes it. */
export function printConstant(type: Type, value: bigint): string {
  if (type.kind === "bool") return value === 0n ? "false" : "true";
  const suffix = isWide(type) ? "n" : "";
  if (value < 0n) return `(${value}${suffix})`;
  return `${value > 0xffffn ? `0x${value.toString(16)}` : String(value)}${suffix}`;
}

/** 64 bits: a bigint. A literal without a width is one when it was written as one. */
export const isWide = (type: Type): boolean => (type.kind === "literal" ? type.wide : integerBase(type)?.bits === 64);

/** The low bits of a result, read as the type reads them. `text` must be an operand. */
export function narrow(type: Type, text: string): string {
  const base = integerBase(type);
  if (base === undefined) return text;
  if (base.bits === 64) return `BigInt.${base.signed ? "asIntN" : "asUintN"}(64, ${text})`;
  if (base.bits === 32) return base.signed ? `(${text} | 0)` : `(${text} >>> 0)`;
  const shift = 32 - base.bits;
  return base.signed ? `(${text} << ${shift} >> ${shift})` : `(${text} & ${base.bits === 16 ? "0xffff" : "0xff"})`;
}

/** Bitwise operators keep bigints and narrow operands in range; only 32 unsigned bits come out with a sign. */
export function arithmetic(type: Type, left: string, operator: string, right: string): string {
  const base = integerBase(type);
  const isBitwise = operator === "&" || operator === "|" || operator === "^";
  if (isBitwise)
    return base?.key === "u32" ? `((${left} ${operator} ${right}) >>> 0)` : `(${left} ${operator} ${right})`;
  if (operator === "*" && base?.bits === 32) return narrow(type, `Math.imul(${left}, ${right})`);
  return narrow(type, `(${left} ${operator} ${right})`);
}

/** An operation whose result has to fit: the runtime looks at the exact one. `place` is printed already. */
export function checkedArithmetic(type: Type, left: string, operator: string, right: string, place: string): Call {
  return [`result_${integerBase(type)?.key}`, `${left} ${operator} ${right}`, `"${operator}"`, place];
}

/** A conversion whose value has to fit; to fewer than 64 bits also the kind of number may change. */
export function checkedConversion(from: Type, to: Type, text: string, place: string): Call {
  const key = integerBase(to)?.key;
  if (!isWide(to)) return [`${isWide(from) ? "narrow" : "fit"}_${key}`, text, place];
  return [`fit_${key}`, isWide(from) ? text : `BigInt(${text})`, place];
}

/** A conversion between integers, or from a bool. */
export function convert(from: Type, to: Type, text: string): string {
  const target = integerBase(to);
  if (target === undefined || to.kind === "bool") return text;
  if (from.kind === "bool") return target.bits === 64 ? `BigInt(${text})` : `Number(${text})`;
  const source = integerBase(from);
  if (source === undefined || contains(target, source)) {
    return source !== undefined && target.bits === 64 && source.bits < 64 ? `BigInt(${text})` : text;
  }
  if (target.bits === 64) return source.bits === 64 ? narrow(target, text) : narrow(target, `BigInt(${text})`);
  if (source.bits < 64) return narrow(target, text);
  return `Number(BigInt.${target.signed ? "asIntN" : "asUintN"}(${target.bits}, ${text}))`;
}

/** A shift whose count is a constant below the width. */
export function plainShift(type: IntegerType, left: string, operator: "<<" | ">>", count: bigint): string {
  const amount = type.bits === 64 ? `${count}n` : String(count);
  if (operator === "<<") return narrow(type, `(${left} << ${amount})`);
  return type.key === "u32" ? `(${left} >>> ${amount})` : `(${left} >> ${amount})`;
}

/** Counts reach the runtime as numbers. */
export function shiftCount(count: Expression, text: string): string {
  return isWide(count.type) ? `Number(${text})` : text;
}
