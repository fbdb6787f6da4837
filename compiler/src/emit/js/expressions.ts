// Expressions in JavaScript. Pointers are numbers (the signed address), so class instances, arrays and functions are
// too; strings and slices are spans (address and length); an optional value is itself or null.

import type { Expression, FunctionInfo, IndexExpression, MessagePartExpression } from "../../ir";
import { layoutOf } from "../../layout";
import { integerBase, isAggregate, type IntegerType, type Storage, type Type } from "../../types";
import type { ModuleContext } from "./context";
import type { Frame } from "./frame";
import { arithmetic, checkedArithmetic, checkedConversion, convert, narrow } from "./integers";
import { plainShift, printConstant, shiftCount } from "./integers";
import { isOptional, load, valueStorage } from "./memory";
import { localName, quote } from "./names";

/** sizeof and alignof MessagePart. */
const PART_SIZE = 40;
const PART_ALIGN = 8;

type Of<Kind extends Expression["kind"]> = Expression & { kind: Kind };

export class ExpressionPrinter {
  constructor(
    private readonly context: ModuleContext,
    private readonly frame: Frame,
  ) {}

  /** A call of a helper of the runtime. */
  private helper(name: string, ...args: readonly string[]): string {
    return `${this.context.helper(name)}(${args.join(", ")})`;
  }

  print(expression: Expression): string {
    switch (expression.kind) {
      case "local":
        return localName(expression.local);
      case "global":
      case "field":
      case "index":
        return this.read(expression);
      case "constant":
        return printConstant(expression.type, expression.value);
      case "text":
        return this.context.text(expression.text);
      case "null":
        return isOptional(expression.type) ? "null" : "0";
      case "function":
        return this.functionAddress(expression.target);
      case "call":
        return this.printCall(expression);
      case "intrinsic":
        return this.printIntrinsic(expression);
      case "message":
        return this.printMessage(expression.parts);
      case "enumName":
        return this.helper("enumName", this.context.enumNames(expression.enumeration), this.print(expression.operand));
      case "sequence":
        return this.printSequence(expression);
      case "conditional":
        return `(${this.print(expression.condition)} ? ${this.print(expression.whenTrue)} : ${this.print(expression.whenFalse)})`;
      case "wrap":
      case "unwrap":
        return this.print(expression.operand);
      case "isNull":
        return this.printIsNull(expression);
      default:
        return this.printOperator(expression);
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Places.

  /** What a place holds; the place itself when it holds a class instance or an array. */
  private read(expression: Of<"global" | "field" | "index">): string {
    const storage = placeStorage(expression);
    const address = this.address(expression);
    return isAggregate(storage.type) && !storage.ref ? address : load(this.context, storage, address);
  }

  /** Where a global, a field or an element stands. */
  address(expression: Of<"global" | "field" | "index">): string {
    switch (expression.kind) {
      case "global":
        return this.context.reference(expression.global);
      case "field": {
        const { offset } = expression.field;
        const object = this.print(expression.object);
        return offset === 0 ? object : `(${object} + ${offset})`;
      }
      case "index":
        return this.elementAddress(expression);
    }
  }

  private elementAddress(expression: IndexExpression): string {
    const { base, index, checked } = expression;
    const { type } = base;
    if (!("element" in type)) throw new Error(`no elements: ${type.key}`);
    const size = String(layoutOf(type.element).size);
    const items = this.print(base);
    const at = this.print(index);
    if (checked && type.kind === "slice") return this.helper("element", items, at, size, printPlace(expression.place));
    if (checked && type.kind === "array")
      return `(${items} + ${this.helper("at", at, String(type.length), printPlace(expression.place))} * ${size})`;
    const start = type.kind === "slice" ? `${items}.address` : items;
    return `(${start} + ${at} * ${size})`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Operators.

  private printOperator(expression: Expression): string {
    switch (expression.kind) {
      case "arithmetic":
        return this.printArithmetic(expression);
      case "divide":
        return this.printDivide(expression);
      case "shift":
        return this.printShift(expression);
      case "compare":
        return this.printCompare(expression);
      case "logical":
        return `(${this.print(expression.left)} ${expression.operator} ${this.print(expression.right)})`;
      case "not":
        return `!${this.print(expression.operand)}`;
      case "negate":
        return this.printNegate(expression);
      case "complement":
        return narrow(expression.type, `(~${this.print(expression.operand)})`);
      case "convert":
        return this.printConvert(expression);
      default:
        return this.printMemory(expression);
    }
  }

  private printArithmetic(expression: Of<"arithmetic">): string {
    const { type, operator, check } = expression;
    const [left, right] = [this.print(expression.left), this.print(expression.right)];
    if (check === undefined) return arithmetic(type, left, operator, right);
    return this.helper(...checkedArithmetic(type, left, operator, right, printPlace(check)));
  }

  private printNegate(expression: Of<"negate">): string {
    const { type, check } = expression;
    const operand = this.print(expression.operand);
    if (check === undefined) return narrow(type, `(-${operand})`);
    return this.helper(...checkedArithmetic(type, "", "-", operand, printPlace(check)));
  }

  private printConvert(expression: Of<"convert">): string {
    const { type, operand, check } = expression;
    const value = this.print(operand);
    if (check === undefined) return convert(operand.type, type, value);
    return this.helper(...checkedConversion(operand.type, type, value, printPlace(check)));
  }

  private printDivide(expression: Of<"divide">): string {
    const { type, operator, left, right } = expression;
    const base = integerBase(type) as IntegerType;
    const name = `${operator === "/" ? "div" : "rem"}${base.bits === 64 ? "Wide" : ""}`;
    const quotient = this.helper(name, this.print(left), this.print(right), printPlace(expression.place));
    return narrow(type, quotient);
  }

  private printShift(expression: Of<"shift">): string {
    const { type, operator, left, right } = expression;
    const base = integerBase(type) as IntegerType;
    const value = this.print(left);
    if (right.kind === "constant" && right.value < BigInt(base.bits))
      return plainShift(base, value, operator, right.value);
    const wide = base.bits === 64 ? "Wide" : "";
    const count = shiftCount(right, this.print(right));
    const name = operator === "<<" ? "shl" : base.signed ? "sar" : "shr";
    const shifted = this.helper(`${name}${wide}`, value, count, String(base.bits));
    return operator === "<<" ? narrow(type, shifted) : shifted;
  }

  private printCompare(expression: Of<"compare">): string {
    const { operator, left, right } = expression;
    const [first, second] = [this.print(left), this.print(right)];
    if (left.type.kind !== "string") return `(${first} ${operator} ${second})`;
    const equal = this.helper("stringEqual", first, second);
    return operator === "===" ? equal : `!${equal}`;
  }

  private printIsNull(expression: Of<"isNull">): string {
    const { operand, negated } = expression;
    const nothing = isOptional(operand.type) ? "null" : "0";
    return `(${this.print(operand)} ${negated ? "!==" : "==="} ${nothing})`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Calls.

  private args(args: readonly Expression[]): string[] {
    return args.map((arg) => this.print(arg));
  }

  private printCall(expression: Of<"call">): string {
    const { target } = expression;
    if (!("symbol" in target)) return `${this.helper("functionAt", this.print(target))}(${this.list(expression.args)})`;
    if (target.external)
      return `${this.helper("externalFunction", quote(target.symbol))}(${this.list(expression.args)})`;
    return `${this.context.reference(target)}(${this.list(expression.args)})`;
  }

  private list(args: readonly Expression[]): string {
    return this.args(args).join(", ");
  }

  private functionAddress(target: FunctionInfo): string {
    if (target.external) return this.helper("externalAddress", quote(target.symbol));
    return this.helper("functionAddress", this.context.reference(target));
  }

  private printIntrinsic(expression: Of<"intrinsic">): string {
    const [first] = expression.args;
    if (PASSED_THROUGH.has(expression.name) && first !== undefined) return this.print(first);
    return this.helper(expression.name, ...this.args(expression.args));
  }

  private printSequence(expression: Of<"sequence">): string {
    const steps = expression.temporaries.map(([local, value]) => {
      const text = this.print(value);
      return `${this.frame.hoist(local)} = ${text}`;
    });
    return `(${[...steps, this.print(expression.result)].join(", ")})`;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Memory.

  private printMemory(expression: Expression): string {
    switch (expression.kind) {
      case "length":
        return `${this.print(expression.slice)}.length`;
      case "overlay":
        return this.helper("pointer", this.print(expression.address));
      case "addressOf":
        return this.printAddressOf(expression.operand);
      case "symbolAddress":
        return this.helper("symbolAddress", quote(expression.name));
      case "copy":
        return this.helper(
          "copy",
          this.print(expression.target),
          this.print(expression.source),
          inlineSize(expression.target.type),
        );
      case "zero":
        return this.helper("zero", this.print(expression.target), inlineSize(expression.target.type));
      case "makeSlice":
        return this.helper("span", this.print(expression.elements), this.print(expression.length));
      case "subslice":
        return this.printSubslice(expression);
      default:
        throw new Error(`unknown expression: ${expression.kind}`);
    }
  }

  private printAddressOf(operand: Expression): string {
    const hasLength = operand.type.kind === "slice" || operand.type.kind === "string";
    return this.helper("address", `${this.print(operand)}${hasLength ? ".address" : ""}`);
  }

  private printSubslice(expression: Of<"subslice">): string {
    const { element } = expression.type;
    const args = this.args([expression.slice, expression.start, expression.end]);
    const place = expression.checked ? [printPlace(expression.place)] : [];
    return this.helper("subslice", ...args, String(layoutOf(element).size), ...place);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Messages.

  private printMessage(parts: readonly MessagePartExpression[]): string {
    const [only] = parts;
    if (parts.length === 1 && only?.text?.kind === "text" && only.width === 0)
      return this.context.textMessage(only.text.text);
    const address = this.frame.reserve(PART_SIZE * parts.length, PART_ALIGN);
    const list = parts.map((part) => this.printPart(part)).join(", ");
    return this.helper("message", address, `[${list}]`);
  }

  private printPart(part: MessagePartExpression): string {
    const text = part.text === undefined ? this.context.helper("emptySpan") : this.print(part.text);
    const value = part.value === undefined ? "0n" : this.print(part.value);
    return `[${part.kind}, ${part.width}, ${part.alignRight}, ${text}, ${value}]`;
  }
}

/** Intrinsics that only look at a value in another way. */
const PASSED_THROUGH = new Set(["messageParts", "bytesOf", "stringOver"]);

/** The storage that a place is. */
export function placeStorage(expression: Of<"global" | "field" | "index">): Storage {
  switch (expression.kind) {
    case "global":
      return expression.global.storage ? inlineStorage(expression.type) : valueStorage(expression.type);
    case "field":
      return expression.field.storage;
    case "index": {
      const { type } = expression.base;
      if (!("element" in type)) throw new Error(`no elements: ${type.key}`);
      return type.element;
    }
  }
}

const inlineStorage = (type: Type): Storage => ({ type, ref: false, volatile: false });

const inlineSize = (type: Type): string => String(layoutOf(inlineStorage(type)).size);

export const printPlace = (place: { readonly file: string; readonly line: number }): string =>
  quote(`${place.file}:${place.line}`);
