// Random expressions. Each has exactly the type that is asked for; a narrower one only where a value flows into place
// (`flow`). No operation has two constant operands: those fold, and complain when they do not fit.

import { isScalar, type Context, type Path } from "./context";
import { constantExpression, expression, joined, print, text, type Tree } from "./tree";
import {
  BOOL,
  INTEGERS,
  STRING,
  U32,
  U64,
  U8,
  maximum,
  minimum,
  sameType,
  spell,
  spellLiteral,
  widens,
  wrap,
  type ClassType,
  type IntegerType,
  type OptionalInner,
  type Signature,
  type Type,
} from "./types";

export const TEXTS: readonly string[] = ["", "a", "tile", "grüße", "0123456789 abcdef"];
const COMPARISONS: readonly string[] = ["<", "<=", ">", ">=", "===", "!=="];

/** A value for a place of this type: it may be of a narrower type that widens by itself. */
export function flow(context: Context, type: Type, depth: number): Tree {
  const { random } = context;
  if (type.kind !== "integer" || !random.chance(15)) return value(context, type, depth);
  const narrow = INTEGERS.filter((candidate) => widens(candidate, type));
  return narrow.length === 0 ? value(context, type, depth) : integer(context, random.pick(narrow), depth);
}

export function value(context: Context, type: Type, depth: number): Tree {
  switch (type.kind) {
    case "integer":
      return integer(context, type, depth);
    case "bool":
      return condition(context, depth);
    case "newtype":
      return newtype(context, type, depth);
    case "enum":
      return fallback(context, type, depth, () => expression(type.name)`keep${type.name}(${path(context, type)})`);
    case "optional":
      return optional(context, type.inner, depth);
    case "string":
      return string(context, depth);
    case "class":
      return object(context, type, depth);
    default:
      return path(context, type);
  }
}

/** A call, a choice of two, or the plain form. */
function fallback(context: Context, type: OptionalInner, depth: number, plain: () => Tree): Tree {
  const { random } = context;
  const kind = depth <= 0 ? 9 : random.below(10);
  if (kind < 2) return callOf(context, type, depth) ?? plain();
  if (kind < 3) return conditional(context, type, depth);
  if (kind < 4) return picked(context, type, depth);
  if (kind < 5) return nullish(context, type, depth);
  return plain();
}

const conditional = (context: Context, type: Type, depth: number): Tree =>
  expression(
    spell(type),
  )`(${condition(context, depth - 1)} ? ${variable(context, type, depth - 1)} : ${value(context, type, depth - 1)})`;

function picked(context: Context, type: Type, depth: number): Tree {
  const [first, second] = [value(context, type, depth - 1), value(context, type, depth - 1)];
  return expression(spell(type))`pick_${spell(type)}(${first}, ${second}, ${condition(context, depth - 1)})`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Places.

/** Something of a type that has a name; every scalar type has a module variable at least. */
export function path(context: Context, type: Type): Tree {
  const paths = context.paths(type, false, (array) => index(context, array));
  return context.random.pick(paths).make();
}

/** A place to assign to. */
export function target(context: Context, type: Type): Tree {
  const paths = context.paths(type, true, (array) => index(context, array));
  return context.random.pick(paths).make();
}

/** An index that fits, but for a few; some count what is evaluated how often and when. */
function index(context: Context, { type, make }: Path): Tree {
  const { random } = context;
  if (type.kind === "slice") return expression("u32")`${value(context, U32, 0)} % ${plainName(make())}.length`;
  if (type.kind !== "array" && type.kind !== "many") throw new Error("no elements");
  if (type.kind === "array" && context.isRisky("index")) return variable(context, U32, 1);
  if (random.chance(10)) return expression("u32")`tick() % ${type.length}`;
  if (random.chance(30)) return expression("u32")`${random.below(type.length)}`;
  const unsigned = random.pick([U8, U32]);
  return expression(unsigned.name)`${variable(context, unsigned, random.below(2))} % ${type.length}`;
}

const plainName = (tree: Tree): string => print(tree);

export function object(context: Context, type: ClassType, depth: number): Tree {
  const { random } = context;
  const plain = (): Tree => path(context, type);
  if (depth <= 0 || !random.chance(35)) return plain();
  const hasReference = type.fields.some((field) => field.type.kind === "reference");
  if (hasReference && random.chance(40)) return expression(type.name)`next${type.name}(${plain()})`;
  if (type.isBytes && random.chance(60)) return overBytes(context, type);
  if (random.chance(20)) return callOf(context, type, depth) ?? plain();
  if (random.chance(25)) return expression(type.name)`overlay<${type.name}>(addressOf(${plain()}))`;
  if (random.chance(30)) return expression(type.name)`(${maybeObject(context, type, depth)} ?? ${plain()})`;
  return expression(type.name)`choose${type.name}(${plain()}, ${value(context, U32, depth - 1)})`;
}

/** An object, or null. */
export const maybeObject = (context: Context, type: ClassType, depth: number): Tree =>
  expression(`${type.name} | null`)`some${type.name}(${object(context, type, depth - 1)}, ${condition(context, 1)})`;

/** Bytes seen as an object, wherever it lies in them. */
const overBytes = (context: Context, type: ClassType): Tree =>
  expression(type.name)`overlay<${type.name}>(addressOf(BYTES) + u64(${value(context, U8, 0)} % ${ROOM}))`;

/** The length of the module's array BYTES, and what is left of it beside an object. */
export const BYTES = 64;
const ROOM = 24;

// ---------------------------------------------------------------------------------------------------------------------
// Integers.

export function literal(context: Context, type: IntegerType): Tree {
  const { random } = context;
  const max = maximum(type);
  const edges = [0n, 1n, 2n, max, max - 1n, (max >> 1n) + 1n, minimum(type), BigInt(type.bits), 10n];
  const chosen = random.chance(70) ? random.pick(edges) : random.bits64() >> BigInt(random.below(64));
  return constantExpression(type.name)`${spellLiteral(type, wrap(type, chosen))}`;
}

export function integer(context: Context, type: IntegerType, depth: number): Tree {
  const { random, constants } = context;
  if (!random.chance(depth <= 0 ? 35 : 8)) return variable(context, type, depth);
  const named = constants.filter((constant) => constant.type === type);
  if (named.length > 0 && random.chance(40)) return constantExpression(type.name)`${random.pick(named).name}`;
  return literal(context, type);
}

type Production = (context: Context, type: IntegerType, depth: number) => Tree | undefined;

const PRODUCTIONS: readonly (readonly [number, Production])[] = [
  [8, (context, type) => path(context, type)],
  [14, arithmetic],
  [6, bitwise],
  [5, wrapping],
  [6, division],
  [6, shift],
  [4, unary],
  [3, conditional],
  [2, picked],
  [9, callOf],
  [8, conversion],
  [4, nullish],
  [4, fromOthers],
  [3, throughTable],
];

/** Anything but a constant. */
export function variable(context: Context, type: Type, depth: number): Tree {
  if (type.kind !== "integer") return value(context, type, depth);
  if (depth <= 0) return path(context, type);
  const made = context.random.weighted(PRODUCTIONS)(context, type, depth);
  return made ?? path(context, type);
}

/** A left operand of exactly the type, and a right one that does not change it; sometimes the other way round. */
function operands(context: Context, type: IntegerType, depth: number): readonly [Tree, Tree] {
  const { random } = context;
  const left = leftOperand(context, type, depth - 1);
  const narrow = INTEGERS.filter((candidate) => widens(candidate, type));
  const right =
    narrow.length > 0 && random.chance(20)
      ? variable(context, random.pick(narrow), depth - 1)
      : integer(context, type, depth - 1);
  return random.chance(50) ? [left, right] : [right, left];
}

function leftOperand(context: Context, type: IntegerType, depth: number): Tree {
  const over = context.newtypes.filter(({ base }) => base === type);
  if (over.length > 0 && context.random.chance(15))
    return expression(type.name)`${type.name}(${value(context, context.random.pick(over), depth - 1)})`;
  return variable(context, type, depth);
}

function infix(context: Context, type: IntegerType, depth: number, operator: string): Tree {
  const [left, right] = operands(context, type, depth);
  return expression(type.name)`(${left} ${operator} ${right})`;
}

function arithmetic(context: Context, type: IntegerType, depth: number): Tree {
  if (context.isChecked && !context.isRisky("result")) return fitting(context, type, depth);
  if (!context.random.chance(70)) return wrapping(context, type, depth);
  return infix(context, type, depth, context.random.pick(["+", "-", "*"]));
}

/** Plain + - * with a result that fits: of small operands, or up to the very edge of the type. */
function fitting(context: Context, type: IntegerType, depth: number): Tree {
  const { random } = context;
  const edge = expression(type.name)`(${variable(context, type, depth - 1)} & ${spellLiteral(type, 7n)})`;
  if (random.chance(10)) return expression(type.name)`(${edge} + ${spellLiteral(type, maximum(type) - 7n)})`;
  if (random.chance(10)) return expression(type.name)`(${spellLiteral(type, minimum(type) + 7n)} - ${edge})`;
  const operator = random.pick(["+", "-", "*"]);
  const left = variable(context, type, depth - 1);
  if (operator === "-" && !type.signed)
    return expression(type.name)`((${left} | ${spellLiteral(type, 16n)}) - ${small(context, type, depth, 11n)})`;
  const limit = random.pick(SQUARES[type.bits] ?? [11n]);
  return expression(
    type.name,
  )`((${left} % ${spellLiteral(type, limit)}) ${operator} ${small(context, type, depth, limit)})`;
}

/** One more than what can be multiplied by itself at a width. */
const SQUARES: Readonly<Record<number, readonly bigint[]>> = {
  8: [11n, 12n],
  16: [11n, 182n],
  32: [11n, 1000n, 46_341n],
  64: [11n, 46_341n, 3_000_000_000n],
};

/** Nearer to zero than the limit. */
export const small = (context: Context, type: IntegerType, depth: number, limit: bigint): Tree =>
  expression(type.name)`(${variable(context, type, depth - 1)} % ${spellLiteral(type, limit)})`;

function bitwise(context: Context, type: IntegerType, depth: number): Tree {
  return infix(context, type, depth, context.random.pick(["&", "|", "^"]));
}

function wrapping(context: Context, type: IntegerType, depth: number): Tree {
  const name = context.random.pick(["wrappingAdd", "wrappingSub", "wrappingMul"]);
  const left = variable(context, type, depth - 1);
  return expression(type.name)`${name}(${left}, ${integer(context, type, depth - 1)})`;
}

function division(context: Context, type: IntegerType, depth: number): Tree {
  const operator = context.random.pick(["/", "%"]);
  const left = integer(context, type, depth - 1);
  const right = variable(context, type, depth - 1);
  const one = type.bits === 64 ? "1n" : "1";
  if (context.isRisky("divisor")) return expression(type.name)`(${left} ${operator} ${right})`;
  return expression(type.name)`(${left} ${operator} (${right} | ${one}))`;
}

function shift(context: Context, type: IntegerType, depth: number): Tree {
  const { random } = context;
  const isLogical = !type.signed && type.bits < 64 && random.chance(20);
  const operator = isLogical ? ">>>" : random.pick(["<<", ">>"]);
  const left = variable(context, type, depth - 1);
  return expression(type.name)`(${left} ${operator} ${closed(shiftCount(context, type, depth - 1))})`;
}

/** Without a bracket at its start: tsc's parser takes `a << (((b > c) ? ...` for the start of type arguments. */
const closed = (count: Tree): Tree =>
  print(count).startsWith("(") ? expression(count.type)`${count.type}.wrap(${count})` : count;

/** Of the same family as what is shifted; mostly around its width. */
export function shiftCount(context: Context, type: IntegerType, depth: number): Tree {
  const { random } = context;
  const suffix = type.bits === 64 ? "n" : "";
  if (random.chance(40)) return constantExpression(type.name)`${random.below(type.bits + 3)}${suffix}`;
  const count = type.bits === 64 ? U64 : random.pick([U8, U32]);
  const wide = variable(context, count, depth);
  return random.chance(30) ? wide : expression(count.name)`(${wide} % ${type.bits + 2}${suffix})`;
}

function unary(context: Context, type: IntegerType, depth: number): Tree {
  const isFree = !context.isChecked || context.isRisky("result");
  const operator = isFree || type.signed ? context.random.pick(["-", "~"]) : "~";
  if (operator === "-" && !isFree) return expression(type.name)`(-${small(context, type, depth, 100n)})`;
  return expression(type.name)`(${operator}${variable(context, type, depth - 1)})`;
}

function conversion(context: Context, type: IntegerType, depth: number): Tree {
  const { random } = context;
  const from = random.pick(INTEGERS);
  const source = variable(context, from, depth - 1);
  if (!random.chance(40)) return expression(type.name)`${type.name}.wrap(${source})`;
  if (!context.isChecked || context.isRisky("conversion")) return expression(type.name)`${type.name}(${source})`;
  return expression(type.name)`${type.name}(${source} & ${spellLiteral(from, 127n)})`;
}

function nullish(context: Context, type: OptionalInner, depth: number): Tree {
  const maybe = optional(context, type, depth - 1);
  return expression(spell(type))`(${maybe} ?? ${value(context, type, depth - 1)})`;
}

/** From bits, texts, enums. */
function fromOthers(context: Context, type: IntegerType, depth: number): Tree | undefined {
  const { random } = context;
  if (type === U8) return expression("u8")`byteAt(${string(context, depth - 1)}, ${value(context, U32, depth - 1)})`;
  if (type !== U32) return undefined;
  const kind = random.below(4);
  if (kind === 3) return expression("u32")`tick()`;
  if (kind === 0) return expression("u32")`byteLength(${string(context, depth - 1)})`;
  if (kind === 1) return expression("u32")`u32(${value(context, random.pick(context.enums), depth - 1)})`;
  const name = random.pick(["trailingZeros", "leadingZeros", "popCount"]);
  return expression("u32")`${name}(${variable(context, U64, depth - 1)})`;
}

/** Through a table of function references. */
function throughTable(context: Context, type: IntegerType, depth: number): Tree | undefined {
  const length = context.tables.get(type.name);
  if (length === undefined) return undefined;
  const at = expression("u32")`${variable(context, U32, depth - 1)} % ${length}`;
  const first = integer(context, type, depth - 1);
  if (context.isRisky("index"))
    return expression(type.name)`TABLE_${type.name}[${variable(context, U8, 1)}](${first}, ${first})`;
  return expression(type.name)`TABLE_${type.name}[${at}](${first}, ${integer(context, type, depth - 1)})`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Other types.

export function condition(context: Context, depth: number): Tree {
  const { random } = context;
  const kind = depth <= 0 ? random.below(2) : random.below(10);
  if (kind === 0) return path(context, BOOL);
  if (kind <= 3) return comparison(context, depth);
  if (kind === 4) return expression("bool")`!${condition(context, depth - 1)}`;
  if (kind === 5) return callOf(context, BOOL, depth) ?? path(context, BOOL);
  if (kind === 6) return equality(context, depth);
  if (kind === 7) return random.chance(50) ? nullish(context, BOOL, depth) : picked(context, BOOL, depth);
  const operator = random.pick(["&&", "||"]);
  return expression("bool")`(${condition(context, depth - 1)} ${operator} ${condition(context, depth - 1)})`;
}

function comparison(context: Context, depth: number): Tree {
  const type = context.random.pick(INTEGERS);
  const [left, right] = operands(context, type, depth);
  const operator = context.random.pick(COMPARISONS);
  return expression("bool")`(${operator === "<" ? below(left, right) : text`${left} ${operator} (${right})`})`;
}

/** tsc's parser takes `a < ((b > (c)` for type arguments: the other way round then. */
export const below = (left: Tree | string, right: Tree): Tree =>
  print(right).includes(">") ? text`(${right}) > ${left}` : text`${left} < (${right})`;

/** Of enums, texts, objects, optional values; tsc narrows none of these operands. */
function equality(context: Context, depth: number): Tree {
  const { random } = context;
  const operator = random.pick(["===", "!=="]);
  const kind = random.below(5);
  if (kind === 0)
    return expression("bool")`(${optional(context, context.optionalInner(), depth - 1)} ${operator} null)`;
  const owner = random.pick(context.classes);
  if (kind === 4) return expression("bool")`(${maybeObject(context, owner, depth)} ${operator} null)`;
  const type = kind === 1 ? random.pick(context.enums) : kind === 2 ? STRING : owner;
  return expression("bool")`(${value(context, type, depth - 1)} ${operator} ${value(context, type, depth - 1)})`;
}

const newtype = (context: Context, type: Type & { kind: "newtype" }, depth: number): Tree =>
  fallback(context, type, depth, () =>
    depth > 0 && context.module === 0 && context.random.chance(40)
      ? expression(type.name)`(${variable(context, type.base, depth - 1)} as ${type.name})`
      : path(context, type),
  );

/** Never a bare variable: tsc would narrow it to null where that is all it can be. */
function optional(context: Context, inner: OptionalInner, depth: number): Tree {
  const type: Type = { kind: "optional", inner };
  const name = spell(inner);
  const called = depth > 0 && context.random.chance(30) ? callOf(context, type, depth) : undefined;
  if (called !== undefined) return called;
  const isVariable = context.optionals.includes(inner) && !(depth > 0 && context.random.chance(40));
  if (isVariable) return expression(spell(type))`keep_${name}(${path(context, type)})`;
  return expression(spell(type))`some_${name}(${flow(context, inner, depth - 1)}, ${condition(context, depth - 1)})`;
}

function string(context: Context, depth: number): Tree {
  const { random } = context;
  return fallback(context, STRING, depth, () => {
    if (random.chance(30)) return expression("string")`keepText(${JSON.stringify(random.pick(TEXTS))})`;
    if (depth <= 0 || random.chance(60)) return path(context, STRING);
    const whole = string(context, depth - 1);
    if (random.chance(50)) return expression("string")`copied(${whole})`;
    return expression("string")`endOf(${whole}, ${value(context, U32, depth - 1)})`;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Calls.

/** A call of some function or method with this result; undefined when there is none. */
export function callOf(context: Context, type: Type, depth: number): Tree | undefined {
  const calls: (() => Tree)[] = [];
  for (const signature of context.functions)
    if (signature.result !== undefined && sameType(signature.result, type))
      calls.push(() => call(context, signature.name, signature, depth));
  for (const owner of context.classes)
    for (const method of owner.methods)
      if (method.result !== undefined && sameType(method.result, type))
        calls.push(() => methodCall(context, owner, method, depth));
  return calls.length === 0 ? undefined : context.random.pick(calls)();
}

export const methodCall = (context: Context, owner: ClassType, method: Signature, depth: number): Tree =>
  call(context, expression("")`${object(context, owner, depth - 1)}.${method.name}`, method, depth);

export function call(context: Context, callee: string | Tree, signature: Signature, depth: number): Tree {
  const { parameters, hasDefault, result } = signature;
  const given = hasDefault && context.random.chance(50) ? parameters.slice(0, -1) : parameters;
  const args = given.map(({ type }) => argument(context, type, depth - 1));
  return expression(result === undefined ? "" : spell(result))`${callee}(${joined(args, ", ")})`;
}

/** Arrays become slices by themselves. */
function argument(context: Context, type: Type, depth: number): Tree {
  if (type.kind !== "slice") return flow(context, type, depth);
  return slice(context, type.element, depth);
}

/** A slice of at least one element, all of an array or slice or the end of it; few may panic. */
export function slice(context: Context, element: Type, depth: number): Tree {
  const { random } = context;
  const source = random.pick(elementsOf(context, element));
  const made = source.make();
  const { type } = source;
  const length = type.kind === "slice" ? `${print(made)}.length` : type.kind === "array" ? `${type.length}` : "1";
  const spelling = `Slice<${spell(element)}>`;
  if (random.chance(5))
    return expression(spelling)`sliceOf(overlay<Many<${spell(element)}>>(addressOf(${made})), ${length})`;
  if (!random.chance(40)) return made;
  const start = variable(context, U32, depth - 1);
  if (context.isRisky("range"))
    return expression(spelling)`subslice(${made}, ${start}, ${variable(context, U32, depth - 1)})`;
  return expression(spelling)`subslice(${made}, ${start} % ${length}, ${length})`;
}

/** Arrays and slices that can be written. */
export function elementsOf(context: Context, element: Type): Path[] {
  const all = [...context.allPaths((array) => index(context, array)).values()].flat();
  return all.filter(
    ({ type, writable }) =>
      writable && (type.kind === "array" || type.kind === "slice") && sameType(type.element, element),
  );
}

/** A value as 64 bits, for the checksum; undefined for types that are looked at in parts. */
export function digest(type: Type, tree: Tree | string): Tree | undefined {
  if (!isScalar(type)) return undefined;
  switch (type.kind) {
    case "bool":
      return expression("u64")`(${tree} ? 1n : 2n)`;
    case "string":
      return expression("u64")`u64(byteLength(${tree}))`;
    case "optional":
      return expression("u64")`digest_${spell(type.inner)}(${tree})`;
    case "enum":
      return expression("u64")`u64(u32(${tree}))`;
    default:
      return expression("u64")`u64.wrap(${tree})`;
  }
}
