// Strings and messages. Strings are UTF-8 in memory; those of the source lie in rodata, each once. A message is a
// slice of MessagePart in memory, so that handlers written in kernel TypeScript can read it.
//
//   MessagePart   0 kind   4 width   8 alignRight   16 text (address, length)   32 value   40

import type { Machine } from "../machine";
import type { MemoryHelpers } from "./access";
import type { BlockHelpers } from "./blocks";
import { Span, emptySpan } from "./span";

export const PART_SIZE = 40;
const WIDTH = 4;
const ALIGN_RIGHT = 8;
const TEXT = 16;
const VALUE = 32;

/** MessagePartKind of kernel.d.ts. */
const KIND_TEXT = 0;
const KIND_UNSIGNED = 1;
const KIND_SIGNED = 2;
const KIND_HEX = 3;
const KIND_BOOL = 4;
const KIND_CHAR = 5;

/** What an enum prints when no member has its number. */
const UNNAMED = "(unnamed)";

/** kind, width, alignRight, text, value. */
export type Part = readonly [number, number, boolean, Span, bigint];

export function textHelpers(machine: Machine, memory: MemoryHelpers, blocks: BlockHelpers) {
  const makers = textMakers(machine, memory);
  const readers = textReaders(memory, blocks);
  return {
    ...makers,
    ...readers,
    byteLength: (span: Span) => span.length,
    /** While the program loads: rodata is written once, so the text for other numbers is made with the names. */
    enumNames: (members: readonly (readonly [number, string])[]) => {
      makers.text(UNNAMED);
      return new Map(members.map(([value, name]) => [value, makers.text(name)]));
    },
    enumName: (names: ReadonlyMap<number, Span>, value: number) => names.get(value) ?? makers.text(UNNAMED),
  };
}

function textMakers({ image }: Machine, memory: MemoryHelpers) {
  const texts = new Map<string, Span>();
  const messages = new Map<string, Span>();

  /** A string of the program: its bytes in rodata. */
  function text(value: string): Span {
    const known = texts.get(value);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(value);
    const span = new Span(image.allocate(bytes.length, 1, "rodata"), bytes.length);
    image.initialise(() => bytes.forEach((byte, index) => memory.store8(span.address + index, byte)));
    texts.set(value, span);
    return span;
  }

  function textMessage(value: string): Span {
    const known = messages.get(value);
    if (known !== undefined) return known;
    const part = image.allocate(PART_SIZE, 8, "rodata");
    const content = text(value);
    image.initialise(() => memory.storeSpan(part + TEXT, content));
    const span = new Span(part, 1);
    messages.set(value, span);
    return span;
  }

  /** Writes parts into memory on the stack. */
  function message(address: number, parts: readonly Part[]): Span {
    for (const [index, [kind, width, alignRight, content, value]] of parts.entries()) {
      const part = address + index * PART_SIZE;
      memory.store32(part, kind);
      memory.store32(part + WIDTH, width);
      memory.storeBool(part + ALIGN_RIGHT, alignRight);
      memory.storeSpan(part + TEXT, content);
      memory.store64(part + VALUE, value);
    }
    return new Span(address, parts.length);
  }

  return { text, textMessage, message };
}

function textReaders(memory: MemoryHelpers, blocks: BlockHelpers) {
  const bytesOfSpan = (span: Span): Uint8Array => blocks.readBytes(span.address, span.length);

  function readPart(part: number): Uint8Array {
    const kind = memory.load32(part);
    const width = memory.load32(part + WIDTH);
    const value = memory.load64(part + VALUE);
    const content = kind === KIND_TEXT ? bytesOfSpan(memory.loadSpan(part + TEXT)) : bytesOf(kind, width, value);
    const padding = kind === KIND_HEX ? 0 : Math.max(0, width - content.length);
    const spaces = new Uint8Array(padding).fill(0x20);
    return Buffer.concat(memory.loadBool(part + ALIGN_RIGHT) ? [spaces, content] : [content, spaces]);
  }

  return {
    read: (span: Span) => new TextDecoder().decode(bytesOfSpan(span)),
    /** A message as a terminal would show it. */
    readMessage(span: Span): string {
      const parts = Array.from({ length: span.length }, (_, index) => readPart(span.address + index * PART_SIZE));
      return new TextDecoder().decode(Buffer.concat(parts));
    },
    stringEqual: (left: Span, right: Span) =>
      left.length === right.length && Buffer.compare(bytesOfSpan(left), bytesOfSpan(right)) === 0,
  };
}

/** A text or a number as a part of a message. */
export const messagePart = (texts: TextHelpers, part: string | number | bigint): Part =>
  typeof part === "string"
    ? [KIND_TEXT, 0, false, texts.text(part), 0n]
    : [part < 0 ? KIND_SIGNED : KIND_UNSIGNED, 0, false, emptySpan, BigInt.asUintN(64, BigInt(part))];

/** A value without its padding. */
function bytesOf(kind: number, width: number, value: bigint): Uint8Array {
  if (kind === KIND_CHAR) return Uint8Array.of(Number(value & 0xffn));
  return new TextEncoder().encode(format(kind, width, value));
}

function format(kind: number, width: number, value: bigint): string {
  switch (kind) {
    case KIND_SIGNED:
      return String(BigInt.asIntN(64, value));
    case KIND_HEX:
      return `0x${value.toString(16).padStart(width, "0")}`;
    case KIND_BOOL:
      return value === 0n ? "false" : "true";
    default:
      return String(value);
  }
}

export type TextHelpers = ReturnType<typeof textHelpers>;
