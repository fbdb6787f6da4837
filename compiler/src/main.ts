// The command line of the compiler.
//
//   main.ts [--target metal|host] [--checks full|bounds|none] --out FILE.c [--names FILE.json] ENTRY.ts
//
// Places and C names are relative to the project root: the nearest folder at or above the entry file that has a
// package.json, else the current directory.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { compile, formatDiagnostic, type Diagnostic } from "./compile";
import { CHECKS, type Checks } from "./unit";

const USAGE =
  "usage: main.ts [--target metal|host] [--checks full|bounds|none] --out FILE.c [--names FILE.json] ENTRY.ts\n";

interface Arguments {
  readonly target: "metal" | "host";
  readonly checks: Checks;
  readonly out: string;
  readonly names: string | undefined;
  readonly entry: string;
}

const OPTIONS = {
  target: { type: "string", default: "metal" },
  checks: { type: "string", default: "full" },
  out: { type: "string" },
  names: { type: "string" },
} as const;

/** The arguments, or what is wrong with them. */
function readArguments(): Arguments | string {
  const { values, positionals, tokens } = parseArgs({
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: OPTIONS,
  });
  for (const token of tokens)
    if (token.kind === "option" && !Object.hasOwn(OPTIONS, token.name)) return `unknown option '${token.rawName}'`;
  const { target, out, names } = values;
  const checks = CHECKS.find((known) => known === values.checks);
  if (target !== "metal" && target !== "host") return `unknown target '${String(target)}': metal or host`;
  if (checks === undefined) return `unknown checks '${String(values.checks)}': ${CHECKS.join(", ")}`;
  if (typeof out !== "string") return "no output file: --out FILE.c";
  if (names !== undefined && typeof names !== "string") return "no file behind --names";
  const [entry] = positionals;
  if (entry === undefined || positionals.length > 1) return "one entry file is needed";
  return { target, checks, out, names, entry };
}

function projectRoot(entry: string): string {
  for (let folder = dirname(resolve(entry)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new Error(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Nobody reads more at a time. */
const MAX_SHOWN = 100;

function diagnosticText(diagnostics: readonly Diagnostic[]): string {
  const shown = diagnostics.slice(0, MAX_SHOWN).map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`);
  const more = diagnostics.length - shown.length;
  return more === 0 ? shown.join("") : `${shown.join("")}and ${more} more\n`;
}

/** Compiles and writes the files; the result is what to say on stderr, empty when all went well. */
function run(options: Arguments): string {
  const { target, checks, out, names } = options;
  const entry = resolve(options.entry);
  const result = compile({ root: projectRoot(entry), entry, target, checks });
  if (result.diagnostics.length > 0) return diagnosticText(result.diagnostics);
  try {
    write(out, result.c);
    if (names !== undefined) write(names, `${JSON.stringify(result.names, null, 2)}\n`);
    return "";
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n`;
  }
}

function main(): number {
  const options = readArguments();
  const complaint = typeof options === "string" ? `${options}\n${USAGE}` : run(options);
  process.stderr.write(complaint);
  return complaint === "" ? 0 : 1;
}

process.exitCode = main();
