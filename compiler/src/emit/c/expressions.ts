// Expressions in C. What stands for an address in the IR prints as `&place`, or as the place itself where C wants that.

import { asciiName, safeName } from "../../cNames";
import type { Expression, FunctionInfo, Global, Initialiser, MessagePartExpression } from "../../ir";
import { integerBase, isAggregate, type EnumType, type IntegerType, type Type } from "../../types";
import { declaration, isNullPointer, type TypePrinter } from "./types";

/** What the printed code needs from elsewhere in the file. */
export interface Needs {
  readonly types: TypePrinter;
  readonly enums: Set<EnumType>;
  /** Linker symbols whose address is taken. */
  readonly symbols: Set<string>;
  /** What the file itself defines under an external name. */
  readonly defined: ReadonlyMap<string, FunctionInfo | Global>;
}

/** Whether an unsigned value is smaller than `bound` whatever happens: a constant, or masked by one. */
function isBelow(value: Expression, bound: bigint): boolean {
  if (value.kind === "constant") return value.value < bound;
  if (value.kind === "convert")
    return integerBase(value.operand.type)?.signed === false && isBelow(value.operand, bound);
  if (value.kind !== "arithmetic" || value.operator !== "&") return false;
  return isBelow(value.left, bound) || isBelow(value.right, bound);
}

export class ExpressionPrinter {
  constructor(readonly needs: Needs) {}

  /** An expression as an operand: in parentheses unless it cannot be torn apart. */
  private operand(expression: Expression): string {
    const text = this.print(expression);
    return this.isClosed(expression) ? text : `(${text})`;
  }

  /** It prints as a name, a literal, a call or what hangs off one. */
  private isClosed(expression: Expression): boolean {
    switch (expression.kind) {
      case "local":
      case "global":
      case "field":
      case "index":
        return !this.isInline(expression);
      case "isNull":
        return expression.negated && isOptional(expression.operand.type);
      case "wrap":
        return isOptional(expression.type) || this.isClosed(expression.operand);
      case "unwrap":
        return isOptional(expression.operand.type) || this.isClosed(expression.operand);
      case "convert":
        return (
          expression.check !== undefined ||
          expression.operand.type.kind === "never" ||
          (this.sameInC(expression.type, expression.operand.type) && this.isClosed(expression.operand))
        );
      case "compare":
        return expression.operator === "===" && expression.left.type.kind === "string";
      case "arithmetic":
      case "negate":
        return expression.check !== undefined;
      default:
        return CLOSED.has(expression.kind);
    }
  }

  print(expression: Expression): string {
    switch (expression.kind) {
      case "local":
      case "global":
      case "field":
      case "index":
        return this.isInline(expression) ? `&${this.place(expression)}` : this.place(expression);
      case "constant":
      case "text":
      case "null":
      case "function":
        return this.printLeaf(expression);
      case "arithmetic":
      case "compare":
      case "logical":
      case "divide":
      case "shift":
      case "negate":
      case "complement":
      case "not":
      case "convert":
      case "conditional":
        return this.printOperator(expression);
      case "call":
        return this.printCall(expression);
      case "intrinsic":
        return this.printIntrinsic(expression);
      case "wrap":
      case "unwrap":
        return this.printNullable(expression.kind, expression.type, expression.operand);
      case "isNull":
        return this.printIsNull(expression.operand, expression.negated);
      case "message":
        return this.printMessage(expression.parts);
      case "enumName":
        return this.printEnumName(expression.enumeration, expression.operand);
      case "sequence":
        return this.printSequence(expression);
      default:
        return this.printMemory(expression);
    }
  }

  private printLeaf(expression: Expression & { kind: "constant" | "text" | "null" | "function" }): string {
    switch (expression.kind) {
      case "constant":
        return printConstant(expression.type, expression.value);
      case "text":
        return `TS_TEXT(${quote(expression.text)})`;
      case "null":
        return this.printNull(expression.type);
      case "function":
        return expression.target.symbol;
    }
  }

  private printEnumName(type: EnumType, operand: Expression): string {
    this.needs.enums.add(type);
    return `ts_nameOf_${enumSymbol(type)}(${this.print(operand)})`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Places.

  /** The expression names inline storage: its value is the address of that. */
  private isInline(expression: Expression): boolean {
    if (!isAggregate(expression.type)) return false;
    switch (expression.kind) {
      case "local":
        return expression.local.storage;
      case "global":
        return expression.global.storage;
      case "field":
        return !expression.field.storage.ref;
      case "index":
        return "element" in expression.base.type && !expression.base.type.element.ref;
      default:
        return false;
    }
  }

  /** What can be read, written, or have its address taken. */
  place(expression: Expression): string {
    switch (expression.kind) {
      case "local":
        return expression.local.name;
      case "global":
        return expression.global.symbol;
      case "field":
        return this.member(expression.object, safeName(expression.field.name));
      case "index":
        return this.element(expression);
      default:
        return this.operand(expression);
    }
  }

  /** A member of the object that an expression is the address of. */
  private member(object: Expression, name: string): string {
    return this.isInline(object) ? `${this.place(object)}.${name}` : `${this.operand(object)}->${name}`;
  }

  /** The object that an expression is the address of. */
  private object(expression: Expression): string {
    return this.isInline(expression) ? this.place(expression) : `*${this.operand(expression)}`;
  }

  private element(expression: Expression & { kind: "index" }): string {
    const { base, temporary } = expression;
    if (temporary === undefined) return `${this.items(base)}[${this.index(expression, base)}]`;
    const local: Expression = { kind: "local", type: base.type, local: temporary };
    const slice = `${declaration(this.needs.types.value(base.type), temporary.name)} = ${this.print(base)};`;
    return `(*({ ${slice} &${this.items(local)}[${this.index(expression, local)}]; }))`;
  }

  /** The C array or pointer behind an array, slice or Many. */
  private items(base: Expression): string {
    if (base.type.kind === "array") return this.member(base, "items");
    return base.type.kind === "slice" ? `${this.operand(base)}.items` : this.operand(base);
  }

  private index(expression: Expression & { kind: "index" }, base: Expression): string {
    const index = this.print(expression.index);
    if (!expression.checked) return index;
    const length = base.type.kind === "array" ? `${base.type.length}u` : `${this.operand(base)}.length`;
    return `ts_at(${index}, ${length}, ${printPlace(expression.place)})`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Operators.

  private printOperator(expression: Expression): string {
    switch (expression.kind) {
      case "arithmetic":
        return this.printArithmetic(expression);
      case "compare":
        return this.printCompare(expression);
      case "logical":
        return this.infix(expression.left, expression.operator, expression.right);
      case "divide":
        return this.printDivide(expression);
      case "shift":
        return this.printShift(expression);
      case "negate":
        return this.printNegate(expression);
      case "complement":
        return this.narrow(expression.type, `~${this.operand(expression.operand)}`);
      case "not":
        return `!${this.operand(expression.operand)}`;
      case "convert":
        return this.printConvert(expression);
      case "conditional":
        return [
          `${this.operand(expression.condition)} ? ${this.operand(expression.whenTrue)}`,
          `: ${this.operand(expression.whenFalse)}`,
        ].join(" ");
      default:
        throw new Error(`not an operator: ${expression.kind}`);
    }
  }

  private printArithmetic(expression: Expression & { kind: "arithmetic" }): string {
    const { type, operator, left, right, check } = expression;
    if (check === undefined) return this.narrow(type, this.infix(left, operator, right));
    const name = operator === "+" ? "add" : operator === "-" ? "sub" : "mul";
    return `ts_${name}_${integerBase(type)?.key}(${this.print(left)}, ${this.print(right)}, ${printPlace(check)})`;
  }

  private printNegate(expression: Expression & { kind: "negate" }): string {
    const { type, operand, check } = expression;
    if (check === undefined) return this.narrow(type, `-${this.operand(operand)}`);
    return `ts_neg_${integerBase(type)?.key}(${this.print(operand)}, ${printPlace(check)})`;
  }

  private infix(left: Expression, operator: string, right: Expression): string {
    return `${this.operand(left)} ${operator} ${this.operand(right)}`;
  }

  /** C computes in at least 32 bits; narrower results come back to their width. */
  private narrow(type: Type, text: string): string {
    const base = integerBase(type);
    return base !== undefined && base.bits < 32 ? `(${base.key})(${text})` : text;
  }

  private printCompare(expression: Expression & { kind: "compare" }): string {
    const { operator, left, right } = expression;
    if (left.type.kind === "string") {
      const equal = `ts_stringEqual(${this.print(left)}, ${this.print(right)})`;
      return operator === "===" ? equal : `!${equal}`;
    }
    return this.infix(left, operator === "===" ? "==" : operator === "!==" ? "!=" : operator, right);
  }

  private printDivide(expression: Expression & { kind: "divide" }): string {
    const { type, operator, left, right } = expression;
    const isPlain = right.kind === "constant" && right.value !== -1n;
    if (isPlain) return this.narrow(type, this.infix(left, operator, right));
    const name = operator === "/" ? "div" : "rem";
    return `ts_${name}_${type.key}(${this.print(left)}, ${this.print(right)}, ${printPlace(expression.place)})`;
  }

  private printShift(expression: Expression & { kind: "shift" }): string {
    const { type, operator, left, right } = expression;
    const base = integerBase(type) as IntegerType;
    if (!isBelow(right, BigInt(base.bits)))
      return `ts_${operator === "<<" ? "shl" : "shr"}_${base.key}(${this.print(left)}, ${this.print(right)})`;
    const count = right.kind === "constant" ? String(right.value) : this.operand(right);
    if (operator === ">>") return this.narrow(type, `${this.operand(left)} >> ${count}`);
    if (!base.signed) return this.narrow(type, `${this.operand(left)} << ${count}`);
    return `(${base.key})((u${base.bits})${this.operand(left)} << ${count})`;
  }

  private printConvert(expression: Expression & { kind: "convert" }): string {
    const { type, operand, check } = expression;
    const target = this.needs.types.value(type);
    if (operand.type.kind === "never") return `({ ${this.print(operand)}; (${target}){0}; })`;
    if (this.sameInC(type, operand.type)) return this.print(operand);
    if (check === undefined) return `(${target})${this.operand(operand)}`;
    const from = integerBase(operand.type)?.signed === true ? "Signed" : "Unsigned";
    return `ts_fit${from}_${target}(${this.print(operand)}, ${printPlace(check)})`;
  }

  private sameInC(left: Type, right: Type): boolean {
    return this.needs.types.value(left) === this.needs.types.value(right);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Calls and memory.

  private args(args: readonly Expression[]): string {
    return args.map((arg) => this.print(arg)).join(", ");
  }

  private printCall(expression: Expression & { kind: "call" }): string {
    const { target } = expression;
    const name = "symbol" in target ? target.symbol : this.operand(target);
    return `${name}(${this.args(expression.args)})`;
  }

  private printIntrinsic(expression: Expression & { kind: "intrinsic" }): string {
    const [first] = expression.args;
    if (expression.name === "messageParts" && first !== undefined) return this.print(first);
    return `ts_${expression.name}(${this.args(expression.args)})`;
  }

  private printMemory(expression: Expression): string {
    switch (expression.kind) {
      case "length":
        return `${this.operand(expression.slice)}.length`;
      case "overlay":
        return `(${this.needs.types.value(expression.type)})${this.operand(expression.address)}`;
      case "addressOf":
        return `(u64)${this.addressable(expression.operand)}`;
      case "symbolAddress":
        return this.symbolAddress(expression.name);
      case "copy":
        return `${this.object(expression.target)} = ${this.object(expression.source)}`;
      case "zero":
        return this.printZero(expression.target);
      case "makeSlice":
        return `(${this.needs.types.value(expression.type)}){ ${this.sliceMembers(expression)} }`;
      case "subslice":
        return this.printSubslice(expression);
      default:
        throw new Error(`unknown expression: ${expression.kind}`);
    }
  }

  private addressable(operand: Expression): string {
    if (operand.type.kind === "slice") return `${this.operand(operand)}.items`;
    if (operand.type.kind === "string") return `${this.operand(operand)}.bytes`;
    return this.operand(operand);
  }

  private symbolAddress(name: string): string {
    const defined = this.needs.defined.get(name);
    if (defined !== undefined) return "section" in defined ? `(u64)&${name}` : `(u64)${name}`;
    this.needs.symbols.add(name);
    return `(u64)${name}`;
  }

  private printZero(target: Expression): string {
    const type = this.needs.types.storage({ type: target.type, ref: false, volatile: false });
    return `__builtin_memset(${this.print(target)}, 0, sizeof(${type}))`;
  }

  private sliceMembers(expression: Expression & { kind: "makeSlice" }): string {
    const { elements } = expression;
    const items = elements.type.kind === "array" ? this.member(elements, "items") : this.print(elements);
    return `${items}, ${this.print(expression.length)}`;
  }

  private printSubslice(expression: Expression & { kind: "subslice" }): string {
    const type = this.needs.types.value(expression.type);
    const check = `ts_range(ts_start, ts_end, ts_slice.length, ${printPlace(expression.place)}); `;
    return [
      `({ ${type} ts_slice = ${this.print(expression.slice)};`,
      `u32 ts_start = ${this.print(expression.start)};`,
      `u32 ts_end = ${this.print(expression.end)};`,
      `${expression.checked ? check : ""}(${type}){ ts_slice.items + ts_start, ts_end - ts_start }; })`,
    ].join(" ");
  }

  private printSequence(expression: Expression & { kind: "sequence" }): string {
    const temporaries = expression.temporaries.map(
      ([local, value]) => `${declaration(this.needs.types.value(local.type), local.name)} = ${this.print(value)}; `,
    );
    return `({ ${temporaries.join("")}${this.print(expression.result)}; })`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Null and messages.

  private printNull(type: Type): string {
    return !isOptional(type) ? "NULL" : `(${this.needs.types.value(type)}){ .present = false }`;
  }

  private printNullable(kind: "wrap" | "unwrap", type: Type, operand: Expression): string {
    const optional = kind === "wrap" ? type : operand.type;
    if (!isOptional(optional)) return this.print(operand);
    if (kind === "unwrap") return `${this.operand(operand)}.value`;
    return `(${this.needs.types.value(type)}){ .value = ${this.print(operand)}, .present = true }`;
  }

  private printIsNull(operand: Expression, negated: boolean): string {
    if (!isOptional(operand.type)) return `${this.operand(operand)} ${negated ? "!=" : "=="} NULL`;
    return `${negated ? "" : "!"}${this.operand(operand)}.present`;
  }

  private printMessage(parts: readonly MessagePartExpression[]): string {
    const [only] = parts;
    if (parts.length === 1 && only?.text?.kind === "text" && only.width === 0)
      return `TS_TEXT_MESSAGE(${quote(only.text.text)})`;
    const list = parts.map((part) => this.printPart(part)).join(", ");
    return `(Message){ (struct MessagePart[]){ ${list} }, ${parts.length} }`;
  }

  private printPart(part: MessagePartExpression): string {
    const members = [
      part.kind === 0 ? "" : `.kind = ${PART_KINDS[part.kind]}`,
      part.width === 0 ? "" : `.width = ${part.width}`,
      part.alignRight ? ".alignRight = true" : "",
      part.text === undefined ? "" : `.text = ${this.print(part.text)}`,
      part.value === undefined ? "" : `.value = ${this.print(part.value)}`,
    ];
    return `{ ${members.filter((member) => member !== "").join(", ")} }`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Initial values of storage. The linker fills these in, so they are braces, not expressions.

  initialiser(initialiser: Initialiser | undefined): string {
    if (initialiser === undefined) return "{}";
    switch (initialiser.kind) {
      case "value":
        return this.staticValue(initialiser.value);
      case "struct":
        return braces(
          initialiser.fields.map(([field, value]) => `.${safeName(field.name)} = ${this.initialiser(value)}`),
        );
      case "array":
        return `{ ${this.arrayElements(initialiser.elements)} }`;
      case "repeat":
        return `{ { [0 ... ${initialiser.length - 1}] = ${this.initialiser(initialiser.element)} } }`;
    }
  }

  private arrayElements(elements: readonly (Initialiser | undefined)[]): string {
    return braces(elements.map((element, index) => `[${index}] = ${this.initialiser(element)}`));
  }

  private staticValue(value: Expression): string {
    switch (value.kind) {
      case "text":
        return `{ (const u8 *)${quote(value.text)}, ${byteLength(value.text)} }`;
      case "null":
        return isOptional(value.type) ? "{}" : "NULL";
      case "wrap":
        return isOptional(value.type)
          ? `{ ${this.staticValue(value.operand)}, true }`
          : this.staticValue(value.operand);
      case "makeSlice":
        return `{ ${this.sliceMembers(value)} }`;
      default:
        return this.print(value);
    }
  }
}

const braces = (members: readonly string[]): string => (members.length === 0 ? "{}" : `{ ${members.join(", ")} }`);

const PART_KINDS = [
  "TS_PART_TEXT",
  "TS_PART_UNSIGNED",
  "TS_PART_SIGNED",
  "TS_PART_HEX",
  "TS_PART_BOOL",
  "TS_PART_CHAR",
];

export const enumSymbol = (type: EnumType): string => asciiName(type.key);

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

export const printPlace = (place: { readonly file: string; readonly line: number }): string =>
  quote(`${place.file}:${place.line}`);

/**
 * A C string literal. Octal escapes have three digits at most, so no digit that follows can join them. A question mark
 * behind another is escaped, as both could begin a trigraph.
 */
export function quote(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  const escape = (byte: number): string => `\\${byte.toString(8).padStart(3, "0")}`;
  const isTrigraph = (byte: number, index: number): boolean => byte === 0x3f && bytes[index - 1] === 0x3f;
  const print = (byte: number, index: number): string =>
    isPlain(byte) && !isTrigraph(byte, index) ? String.fromCharCode(byte) : escape(byte);
  return `"${bytes.map(print).join("")}"`;
}

/** A nullable type that is a struct of a value and a flag. */
const isOptional = (type: Type): boolean => type.kind === "nullable" && !isNullPointer(type);

/** Kinds that always print as one operand. */
const CLOSED = new Set<Expression["kind"]>([
  "constant",
  "text",
  "null",
  "function",
  "call",
  "intrinsic",
  "enumName",
  "length",
  "sequence",
  "subslice",
]);

function printConstant(type: Type, value: bigint): string {
  if (type.kind === "bool") return value === 0n ? "false" : "true";
  const base = integerBase(type);
  if (base === undefined) return String(value);
  const suffix = `${base.signed || base.bits < 32 ? "" : "u"}${base.bits === 64 ? "l" : ""}`;
  if (value < 0n) {
    const isMinimum = value === -(1n << BigInt(base.bits - 1));
    return isMinimum ? `(${value + 1n}${suffix} - 1)` : `(${value}${suffix})`;
  }
  return `${value > 0xffffn ? `0x${value.toString(16)}` : String(value)}${suffix}`;
}
