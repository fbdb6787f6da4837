// Names of the source as JavaScript has them. They are the C names, except that an external C symbol is known only
// to who exports it: a module's own name for a function must not depend on that.

import type { FunctionInfo, Global, Local } from "../../ir";

/** What the printed code itself means by these words. */
const RESERVED = new Set([
  "BigInt",
  "Number",
  "Math",
  "undefined",
  "NaN",
  "Infinity",
  "arguments",
  "eval",
  "await",
  "Error",
]);

/** `kernel_mm_frameAllocator` for kernel/mm/frameAllocator.ts. */
function modulePrefix(file: string): string {
  const name = file.replace(/\.ts$/, "").replace(/[^A-Za-z0-9_]/g, "_");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

export function itemName(item: FunctionInfo | Global): string {
  if (!item.exported) return item.symbol;
  const name = "name" in item ? item.name.replace(/[^A-Za-z0-9_]/g, "_") : item.symbol;
  return `${modulePrefix(item.place.file)}__${name}$`;
}

export const localName = (local: Local): string => (RESERVED.has(local.name) ? `${local.name}$` : local.name);

/** A JavaScript string literal, which is also one in a source of any encoding. */
export const quote = (text: string): string =>
  JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
