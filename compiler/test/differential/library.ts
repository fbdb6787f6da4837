// What random programs stand on: one module that all programs of a batch import from, so that it is checked once.
// A program that is shown to somebody holds what it uses itself (`standalone`).

import { INTEGERS, type IntegerType } from "./types";

/** Loop rounds and calls that a program may spend. */
const FUEL = 250;

const COMMON = [
  "let checksum: u64 = 0xcbf29ce484222325n;",
  `let fuel: u32 = ${FUEL};`,
  "let ticks: u32 = 0;",
  "function note(value: u64): void {\nchecksum = wrappingMul(checksum ^ value, 0x100000001b3n);\n}",
  "function spend(): bool {\nif (fuel === 0) return false;\nfuel -= 1;\nreturn true;\n}",
  "function tick(): u32 {\nticks = wrappingAdd(ticks, 1);\nnote(u64(ticks));\nreturn ticks;\n}",
  "function progress(): void {\nlog.info(`${hex(checksum, 16)}`);\n}",
  `function byteAt(text: string, index: u32): u8 {
return byteLength(text) === 0 ? 0 : bytesOf(text)[index % byteLength(text)];
}`,
  "function keepText(text: string): string {\nreturn text;\n}",
  "function copied(text: string): string {\nreturn stringOver(bytesOf(text));\n}",
  "function endOf(text: string, start: u32): string {\n" +
    "return stringOver(subslice(bytesOf(text), start % (byteLength(text) + 1), byteLength(text)));\n}",
  "function pick<T>(first: T, second: T, isFirst: bool): T {\nreturn isFirst ? first : second;\n}",
  "function some<T>(value: T, isSome: bool): T | null {\nreturn isSome ? value : null;\n}",
  "function keep<T>(value: T | null): T | null {\nreturn value;\n}",
  "function isNone<T>(value: T | null): bool {\nreturn value === null;\n}",
  "function last<T>(values: Slice<T>, none: T): T {\nreturn values.length === 0 ? none : values[values.length - 1];\n}",
  `function weigh(message: Message): u64 {
let weight: u64 = 0n;
for (const part of messageParts(message)) {
note(u64(part.kind) ^ part.value);
weight = wrappingAdd(weight, u64(part.width) + u64(byteLength(part.text)) + (part.alignRight ? 64n : 128n));
}
return weight;
}`,
  `function say(weight: u32, message: Message): void {
note(u64(weight) ^ weigh(message));
log.info(message);
}`,
  `class Ring<T, N extends number> {
items: FixedArray<T, N>;
start: u32;
used: u32;
push(item: T): bool {
if (this.used === u32(this.items.length)) return false;
this.items[(this.start + this.used) % u32(this.items.length)] = item;
this.used += 1;
return true;
}
shift(): T | null {
if (this.used === 0) return null;
const item = this.items[this.start];
this.start = (this.start + 1) % u32(this.items.length);
this.used -= 1;
return item;
}
}`,
  `class Pair<A, B> {
first: A;
second: B;
exchange(first: A, second: B): A {
const old = this.first;
this.first = first;
this.second = second;
return old;
}
}`,
  `class Shelf<T, N extends number> {
label: u8;
items: FixedArray<T, N>;
spare: T;
at(index: u32): T {
note(u64(index));
return index % 3 === 0 ? this.spare : this.items[index % u32(this.items.length)];
}
}`,
];

/** What the integers have, and bits and texts too; the rest of a program's types have it in the program itself. */
const named = [...INTEGERS.map(({ name }) => name), "bool", "string"];

/**
 * Functions that are generic at heart, for one type: tsc's parser takes `a < f<T>(b)` for something else now and then.
 */
export const helpersOf = (type: string, digest: string): string[] => [
  `function pick_${type}(first: ${type}, second: ${type}, isFirst: bool): ${type} {\nreturn pick<${type}>(first, second, isFirst);\n}`,
  `function keep_${type}(value: ${type} | null): ${type} | null {\nreturn keep<${type}>(value);\n}`,
  `function some_${type}(value: ${type}, isSome: bool): ${type} | null {\nreturn some<${type}>(value, isSome);\n}`,
  `function digest_${type}(value: ${type} | null): u64 {\nreturn value === null ? 3n : ${digest};\n}`,
];

const forInteger = ({ name }: IntegerType): string[] => [
  `function last_${name}(values: Slice<${name}>, none: ${name}): ${name} {\nreturn last<${name}>(values, none);\n}`,
  `function look_${name}(values: Slice<${name}>): void {\nfor (const value of values) note(u64.wrap(value));\n}`,
];

const digestOf = (name: string): string =>
  name === "bool" ? "value ? 1n : 2n" : name === "string" ? "u64(byteLength(value))" : "u64.wrap(value)";

const DECLARATIONS = [
  ...COMMON,
  ...named.flatMap((name) => helpersOf(name, digestOf(name))),
  ...INTEGERS.flatMap(forInteger),
].map((line) => `export ${line}`);

export const LIBRARY = DECLARATIONS.map((line) => `${line}\n`).join("");

/** The declarations that a text uses, directly or through each other. */
export function usedOf(text: string): string {
  const kept = new Set<string>();
  let used = text;
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const line of DECLARATIONS) {
      const name = /^export (?:function|let|class) (\w+)/.exec(line)?.[1] ?? "";
      if (kept.has(line) || !new RegExp(`\\b${name}\\b`).test(used)) continue;
      kept.add(line);
      used += line;
    }
  }
  return DECLARATIONS.filter((line) => kept.has(line))
    .map((line) => `${line}\n`)
    .join("");
}
