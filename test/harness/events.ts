/**
 * Structured serial lines: `@name key=value key="value with spaces"`, one per line, printed by the kernel when the word
 * `events` is on its command line.
 */

export interface KernelEvent {
  /** The word after `@`. */
  name: string;
  /** Every value as text, without its quotes. */
  values: Record<string, string>;
}

/** One serial line as an event, or null when it is none. Log prefixes before the `@` are not allowed. */
export function parseEvent(line: string): KernelEvent | null {
  const match = /^@([\w-]+)(?:\s+(.*))?$/.exec(line.trim());
  if (match === null) return null;
  const values: Record<string, string> = {};
  for (const [, key, quoted, bare] of (match[2] ?? "").matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S*))/g)) {
    if (key !== undefined) values[key] = quoted ?? bare ?? "";
  }
  return { name: match[1] ?? "", values };
}

/** Text without the colours and cursor movements that a terminal would act on, and without carriage returns. */
export function plainText(serial: string): string {
  return serial.replace(/\x1b(?:\[[0-9;?=]*[A-Za-z]|[()][A-Z0-9]|c)/g, "").replaceAll("\r", "");
}
