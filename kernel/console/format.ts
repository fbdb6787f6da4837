/**
 * Messages as bytes of UTF-8, handed one by one to a sink: no buffer, no allocation, nothing that can fail.
 */

/** Takes the bytes of a text in order. */
export type ByteSink = (byte: u8) => void;

const SPACE: u8 = 0x20;
const MINUS: u8 = 0x2d;
const DIGIT_ZERO: u8 = 0x30;
const LETTER_A: u8 = 0x61;

/** Writes all parts of a message. */
export function writeMessage(sink: ByteSink, message: Message): void {
  for (const part of messageParts(message)) writePart(sink, part);
}

export function writeText(sink: ByteSink, text: string): void {
  for (const byte of bytesOf(text)) sink(byte);
}

const MAX_DECIMAL_DIGITS: u32 = 20;

/** In decimal, with leading zeros up to `minimumDigits` (at most 20, the digits of the largest u64); one at least. */
export function writeDecimal(sink: ByteSink, value: u64, minimumDigits: u32): void {
  const digits = new FixedArray<u8, typeof MAX_DECIMAL_DIGITS>();
  const padded = MAX_DECIMAL_DIGITS - minimumDigits;
  let first = MAX_DECIMAL_DIGITS;
  let rest = value;
  do {
    first -= 1;
    digits[first] = DIGIT_ZERO + u8(rest % 10n);
    rest /= 10n;
  } while (rest !== 0n || first > padded);
  for (const digit of subslice(digits, first, MAX_DECIMAL_DIGITS)) sink(digit);
}

/** `0x` and at least `minimumDigits` digits, more when the value needs them. */
export function writeHex(sink: ByteSink, value: u64, minimumDigits: u32): void {
  writeText(sink, "0x");
  let digit = larger(hexDigits(value), minimumDigits);
  while (digit > 0) {
    digit -= 1;
    const nibble = u8((value >> (u64(digit) << 2n)) & 0xfn);
    if (nibble < 10) sink(DIGIT_ZERO + nibble);
    else sink(LETTER_A + nibble - 10);
  }
}

function writePart(sink: ByteSink, part: MessagePart): void {
  if (part.kind === MessagePartKind.Hex) {
    writeHex(sink, part.value, part.width);
    return;
  }
  const length = columns(part);
  const padding = length < part.width ? part.width - length : 0;
  if (part.alignRight) writeSpaces(sink, padding);
  writeUnpadded(sink, part);
  if (!part.alignRight) writeSpaces(sink, padding);
}

function writeUnpadded(sink: ByteSink, part: MessagePart): void {
  switch (part.kind) {
    case MessagePartKind.Unsigned:
      writeDecimal(sink, part.value, 1);
      break;
    case MessagePartKind.Signed:
      if (isNegative(part.value)) sink(MINUS);
      writeDecimal(sink, magnitude(part.value), 1);
      break;
    case MessagePartKind.Bool:
      writeText(sink, boolText(part.value));
      break;
    case MessagePartKind.Char:
      sink(u8.wrap(part.value));
      break;
    default:
      writeText(sink, part.text);
      break;
  }
}

/** How many columns a part takes without padding. */
function columns(part: MessagePart): u32 {
  switch (part.kind) {
    case MessagePartKind.Unsigned:
      return decimalDigits(part.value);
    case MessagePartKind.Signed:
      return decimalDigits(magnitude(part.value)) + (isNegative(part.value) ? 1 : 0);
    case MessagePartKind.Bool:
      return byteLength(boolText(part.value));
    case MessagePartKind.Char:
      return 1;
    default:
      return characters(part.text);
  }
}

/** Characters of a UTF-8 text: all bytes but the continuation bytes (binary 10xxxxxx). */
function characters(text: string): u32 {
  let count: u32 = 0;
  for (const byte of bytesOf(text)) {
    if ((byte & 0xc0) !== 0x80) count += 1;
  }
  return count;
}

function decimalDigits(value: u64): u32 {
  let digits: u32 = 1;
  for (let rest = value / 10n; rest !== 0n; rest /= 10n) digits += 1;
  return digits;
}

function hexDigits(value: u64): u32 {
  return value === 0n ? 1 : (67 - leadingZeros(value)) / 4;
}

function isNegative(bits: u64): bool {
  return bits >> 63n !== 0n;
}

function magnitude(bits: u64): u64 {
  return isNegative(bits) ? wrappingSub<u64>(0n, bits) : bits;
}

function boolText(value: u64): string {
  return value !== 0n ? "true" : "false";
}

function larger(left: u32, right: u32): u32 {
  return left > right ? left : right;
}

function writeSpaces(sink: ByteSink, count: u32): void {
  for (let written: u32 = 0; written < count; written += 1) sink(SPACE);
}
