// Changes to a source that a person, an editor or a broken disk might make: on tokens, on lines, and on bytes.

import type { Random } from "../differential/random";

/** Together they cover any text. */
const TOKEN_PARTS = [
  /\s+|\/\/.*|\/\*[^]*?\*\//,
  /"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/,
  /[A-Za-z_$][\w$]*|\d[\w.]*/,
  /[=!]==|[<>]{1,3}=?|&&|\|\||\?\?|\+\+|--|=>|[-+*/%&|^]=|[^]/,
];
const TOKEN = new RegExp(TOKEN_PARTS.map(({ source }) => source).join("|"), "g");
const WORD = /^[A-Za-z_$][\w$]*$/;
const LITERAL = /^(?:\d|")/;
const OPERATOR = /^[-+*/%&|^<>=!?:.,;]+$/;

const TYPES =
  "u8 u16 u32 u64 i8 i16 i32 i64 usize bool string Message number bigint void never null any Point Function object".split(
    " ",
  );
const LITERALS = (
  "0 1 2 7 8 31 32 63 64 127 128 255 256 65535 65536 2147483647 2147483648 4294967295 4294967296 1e3 1e400 0.5 0xff " +
  "0b11 0o17 9007199254740993 0n 1n 63n 64n 65n 255n 4294967296n 9223372036854775807n 9223372036854775808n " +
  '18446744073709551615n 18446744073709551616n -1 -128 -1n "" "x" "\\0" "\\u{1F600}" "%s%n" true false null `` `${1}`'
).split(" ");
const OPERATORS =
  "+ - * / % & | ^ << >> >>> < <= > >= === !== == && || ?? ? : = += -= *= <<= >>>= ++ -- ! ~ . , ; => ** ?. ...".split(
    " ",
  );
const WORDS = (
  "if else for of in while do switch case default break continue return let const var function class static readonly " +
  "private export import type enum new this as void typeof async await try throw yield declare extends interface " +
  "namespace overlay addressOf addressOfSymbol copyStruct zeroStruct sizeOf alignOf offsetOf staticAssert placed " +
  "exportC packed aligned messageParts hex char alignRight alignLeft byteLength bytesOf stringOver panic assert log " +
  "bindPanic bindLog trailingZeros popCount wrappingAdd wrappingMul subslice emptySlice sliceOf Slice Many FixedArray " +
  "Ref Volatile Newtype u8.wrap u64.MAX i32.MIN in8 out8 readCr3 cpuid peek64 poke8 copyMemory undefined Symbol Object"
).split(" ");

/** How many changes: what has few of them often gets past tsc. */
const TIMES = [
  [6, 1],
  [2, 2],
  [1, 3],
  [1, 4],
] as const;

/** What tsc takes one for the other: changes among them get to the later stages. */
const FAMILIES: readonly (readonly string[])[] = [
  ["u8", "u16", "u32", "i8", "i16", "i32"],
  ["u64", "i64", "usize"],
  ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"],
  ["<", "<=", ">", ">=", "===", "!=="],
  ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>="],
  ["&&", "||"],
  ["const", "let"],
  ["break", "continue", "return"],
  ["true", "false"],
  ["wrappingAdd", "wrappingSub", "wrappingMul"],
  ["trailingZeros", "leadingZeros", "popCount"],
  ["sizeOf", "alignOf"],
  ["hex", "alignLeft", "alignRight"],
  LITERALS.filter((literal) => /^-?\d[^n.]*$/.test(literal)),
  LITERALS.filter((literal) => /^-?\d+n$/.test(literal)),
];

type Mutation = (text: string, random: Random, other: string) => string;

/** A source after one to four changes. `other` gives the pieces that are spliced in. */
export function mutate(text: string, random: Random, other: string): string {
  let result = text;
  const times = random.weighted(TIMES);
  for (let left = times; left > 0; left -= 1) result = random.weighted(MUTATIONS)(result, random, other);
  return result;
}

export const tokensOf = (text: string): string[] => text.match(TOKEN) ?? [];

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** A piece of the list, of up to `limit` elements. */
function range(list: readonly string[], random: Random, limit: number): [number, number] {
  const start = random.below(list.length + 1);
  return [start, Math.min(list.length, start + random.between(1, limit))];
}

function withoutPiece(list: readonly string[], random: Random): string {
  const [start, end] = range(list, random, 3);
  return [...list.slice(0, start), ...list.slice(end)].join("");
}

function withPieceTwice(list: readonly string[], random: Random): string {
  const [start, end] = range(list, random, 6);
  return [...list.slice(0, end), ...list.slice(start)].join("");
}

function withTwoSwapped(list: readonly string[], random: Random): string {
  const [left, right] = [random.below(list.length + 1), random.below(list.length + 1)];
  return list.map((each, at) => (at === left ? list[right] : at === right ? list[left] : each) ?? "").join("");
}

function spliced(list: readonly string[], random: Random, other: readonly string[]): string {
  const [start, end] = range(other, random, 8);
  const at = random.below(list.length + 1);
  return [...list.slice(0, at), ...other.slice(start, end), ...list.slice(at)].join("");
}

/** One of the tokens that match becomes one of the choices. */
const replaced =
  (pattern: RegExp, choices: readonly string[]): Mutation =>
  (text, random) => {
    const tokens = tokensOf(text);
    const places = tokens.flatMap((token, at) => (pattern.test(token) ? [at] : []));
    if (places.length > 0) tokens[random.pick(places)] = random.pick(choices);
    return tokens.join("");
  };

/** A token becomes another of its family. */
const related: Mutation = (text, random) => {
  const tokens = tokensOf(text);
  const places = tokens.flatMap((token, at) => {
    const family = FAMILIES.find((each) => each.includes(token) || (/^\d/.test(token) && alike(each, token)));
    return family === undefined ? [] : [{ at, family }];
  });
  if (places.length === 0) return text;
  const { at, family } = random.pick(places);
  return [...tokens.slice(0, at), random.pick(family), ...tokens.slice(at + 1)].join("");
};

/** A family of numbers, to which this one belongs too. */
const alike = ([first = ""]: readonly string[], token: string): boolean =>
  /^\d/.test(first) && first.endsWith("n") === token.endsWith("n");

/** One word of the source becomes another of it. */
const renamed: Mutation = (text, random) => {
  const words = tokensOf(text).filter((token) => WORD.test(token));
  return words.length === 0 ? text : replaced(WORD, words)(text, random, "");
};

const retyped: Mutation = (text, random) => {
  const places = [...text.matchAll(/(?<=[:<] ?)[A-Za-z]\w*|(?<=\b)u(?:8|16|32|64)\b/g)];
  if (places.length === 0) return text;
  const { index, 0: word } = random.pick(places);
  return text.slice(0, index) + random.pick(TYPES) + text.slice(index + word.length);
};

const truncated: Mutation = (text, random) => text.slice(0, random.below(text.length + 1));

const withTail: Mutation = (text, random, other) =>
  text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));

const bytes: Mutation = (text, random) => {
  const noise = String.fromCharCode(...Array.from({ length: random.between(1, 6) }, () => random.below(0x1_0000)));
  const at = random.below(text.length + 1);
  return text.slice(0, at) + noise + text.slice(at);
};

/** The same brackets or operators again and again around one token. */
const nested: Mutation = (text, random) => {
  const tokens = tokensOf(text);
  const at = random.below(tokens.length);
  const [open, close] = random.pick([
    ["(", ")"],
    ["{", "}"],
    ["[", "]"],
    ["- ", ""],
    ["!", ""],
  ]);
  const depth = random.pick([1, 2, 60, 3000]);
  return tokens
    .map((token, index) => (index === at ? open.repeat(depth) + token + close.repeat(depth) : token))
    .join("");
};

const MUTATIONS: readonly (readonly [number, Mutation])[] = [
  [4, (text, random) => withoutPiece(tokensOf(text), random)],
  [4, (text, random) => withPieceTwice(tokensOf(text), random)],
  [4, (text, random) => withTwoSwapped(tokensOf(text), random)],
  [4, (text, random, other) => spliced(tokensOf(text), random, tokensOf(other))],
  [4, (text, random) => withoutPiece(linesOf(text), random)],
  [4, (text, random) => withPieceTwice(linesOf(text), random)],
  [3, (text, random) => withTwoSwapped(linesOf(text), random)],
  [4, (text, random, other) => spliced(linesOf(text), random, linesOf(other))],
  [50, related],
  [8, replaced(LITERAL, LITERALS)],
  [6, replaced(OPERATOR, OPERATORS)],
  [12, renamed],
  [6, replaced(WORD, WORDS)],
  [10, retyped],
  [2, truncated],
  [2, withTail],
  [2, bytes],
  [1, nested],
];
