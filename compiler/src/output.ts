// What the command writes: the C files, the names, and what to say about a program.

import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Arguments } from "./arguments";
import { formatDiagnostic, type CompileResult, type Diagnostic } from "./compile";

/** Nobody reads more at a time. */
const MAX_SHOWN = 100;

export function diagnosticText(diagnostics: readonly Diagnostic[]): string {
  const shown = diagnostics.slice(0, MAX_SHOWN).map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`);
  const more = diagnostics.length - shown.length;
  return more === 0 ? shown.join("") : `${shown.join("")}and ${more} more\n`;
}

/**
 * Writes the files. Where there are units, a C file that would stay as it is is not written: what was made of it is not
 * out of date. The names come last, and are as old as the sources that were read: whoever looks at times sees that the
 * C files are newer, and that a source which was changed meanwhile is too.
 *
 * @throws Error with a message for the user, when a file cannot be written
 */
export function writeFiles({ compile, out, names }: Arguments, result: CompileResult, began: Date): void {
  const isSplit = compile.units.length > 0;
  for (const [path, text] of cFiles(out, result)) if (!isSplit || !holds(path, text)) write(path, text);
  if (names === undefined) return;
  write(names, `${JSON.stringify(result.names, null, 2)}\n`);
  utimesSync(names, began, began);
}

function cFiles(out: string, { c, units }: CompileResult): [path: string, text: string][] {
  const stem = out.replace(/\.c$/, "");
  return [[out, c], ...Object.entries(units).map(([name, text]): [string, string] => [`${stem}.${name}.c`, text])];
}

const holds = (path: string, text: string): boolean => existsSync(path) && readFileSync(path, "utf8") === text;

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new Error(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
