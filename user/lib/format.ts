/**
 * Numbers as text and back, the same on each system: what the language itself prints beyond 15 digits is not.
 */

const TWO_32 = 2 ** 32;
const HEX_DIGITS = "0123456789abcdef";

/** 0x and at least `digits` digits. Negative numbers have 64 bits, as addresses of the kernel half. */
export function hex(value: number, digits = 1): string {
  const high = Math.floor(value / TWO_32);
  const low = value - high * TWO_32;
  const text =
    high === 0 ? hexDigits(low) : hexDigits(high < 0 ? high + TWO_32 : high) + padStart(hexDigits(low), 8, "0");
  return `0x${padStart(text, digits, "0")}`;
}

function hexDigits(value: number): string {
  let text = "";
  let rest = value;
  do {
    text = HEX_DIGITS.charAt(rest % 16) + text;
    rest = Math.floor(rest / 16);
  } while (rest > 0);
  return text;
}

/** The address that 0x... or plain hexadecimal digits stand for, canonical or not; null when it is none. */
export function parseAddress(text: string): number | null {
  const digits = text.startsWith("0x") ? text.slice(2) : text;
  if (digits.length === 0 || digits.length > 16) return null;
  let high = 0;
  let low = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = HEX_DIGITS.indexOf(digits.charAt(at).toLowerCase());
    if (digit < 0) return null;
    high = (high * 16 + Math.floor((low * 16) / TWO_32)) % TWO_32;
    low = (low * 16 + digit) % TWO_32;
  }
  return (high >= TWO_32 / 2 ? high - TWO_32 : high) * TWO_32 + low;
}

/** The whole number that decimal digits stand for; null when there is anything else. */
export function parseWhole(text: string): number | null {
  if (text.length === 0 || text.length > 15) return null;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}

/** A number with `digits` decimals, the last one rounded half up. */
export function fixed(value: number, digits: number): string {
  const scale = 10 ** digits;
  const scaled = Math.floor(Math.abs(value) * scale + 0.5);
  const sign = value < 0 && scaled > 0 ? "-" : "";
  const whole = Math.floor(scaled / scale);
  if (digits === 0) return `${sign}${whole}`;
  return `${sign}${whole}.${padStart(`${scaled - whole * scale}`, digits, "0")}`;
}

export function padStart(text: string, width: number, fill = " "): string {
  return text.length < width ? fill.repeat(width - text.length) + text : text;
}

export function padEnd(text: string, width: number, fill = " "): string {
  return text.length < width ? text + fill.repeat(width - text.length) : text;
}

/** Rows of cells as lines, each column as wide as its widest cell. Columns in `right` are aligned to the right. */
export function table(rows: string[][], right: number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? padStart(cell, widths[column] ?? 0) : padEnd(cell, widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}
