/** Small questions about text that needs no memory of its own. */

/** Whether two texts are the same, byte for byte. */
export function sameText(left: string, right: string): bool {
  const leftBytes = bytesOf(left);
  const rightBytes = bytesOf(right);
  if (leftBytes.length !== rightBytes.length) return false;
  for (let index: u32 = 0; index < leftBytes.length; index += 1) {
    if (leftBytes[index] !== rightBytes[index]) return false;
  }
  return true;
}

/** Bytes `start` up to, not including, `end`. */
export function textBetween(text: string, start: u32, end: u32): string {
  return stringOver(subslice(bytesOf(text), start, end));
}

/** Position of the first `byte`, or the length of the text when there is none. */
export function indexOfByte(text: string, byte: u8): u32 {
  const bytes = bytesOf(text);
  for (let index: u32 = 0; index < bytes.length; index += 1) {
    if (bytes[index] === byte) return index;
  }
  return bytes.length;
}

/** What a hexadecimal digit is worth. Null: it is none. */
export function hexDigit(byte: u8): u32 | null {
  if (byte >= 0x30 && byte <= 0x39) return u32(byte - 0x30);
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? u32(lower - 0x61 + 10) : null;
}

/** The number that a text of one to nine decimal digits stands for. Null: it is no such text. */
export function decimalOf(text: string): u32 | null {
  const bytes = bytesOf(text);
  if (bytes.length === 0 || bytes.length > 9) return null;
  let value: u32 = 0;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) return null;
    value = value * 10 + u32(byte - 0x30);
  }
  return value;
}
