// The command line of the compiler:
//
//   main.ts [--target metal|host] [--checks full|bounds|none] [--unit NAME=PATH,PATH...]...
//           [--cold-unit NAME=PATH,PATH...]... --out FILE.c [--names FILE.json] [--watch] [--then COMMAND] ENTRY.ts
//
// --unit        a C file of its own, FILE.NAME.c, for the modules in these folders or files
// --cold-unit   the same for what runs seldom: nothing is repeated there to be inlined
// --names       what the C names are in the source
// --watch       compiles again whenever a source changes, until it is interrupted
// --then        a shell command to run after each success
//
// Places and C names are relative to the project root: the nearest folder at or above the entry file that has a
// package.json, else the current directory.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

import type { CompileOptions } from "./compile";
import type { UnitOption } from "./emit/c/units";
import { CHECKS } from "./unit";

export const USAGE =
  "usage: main.ts [--target metal|host] [--checks full|bounds|none] [--unit NAME=PATH,PATH...]... " +
  "[--cold-unit NAME=PATH,PATH...]... --out FILE.c [--names FILE.json] [--watch] [--then COMMAND] ENTRY.ts\n";

export interface Arguments {
  readonly compile: CompileOptions & { readonly units: readonly UnitOption[] };
  readonly out: string;
  readonly names: string | undefined;
  readonly watch: boolean;
  readonly command: string | undefined;
}

const OPTIONS = {
  target: { type: "string", default: "metal" },
  checks: { type: "string", default: "full" },
  unit: { type: "string", multiple: true },
  "cold-unit": { type: "string", multiple: true },
  out: { type: "string" },
  names: { type: "string" },
  watch: { type: "boolean", default: false },
  then: { type: "string" },
} as const;

/** The arguments, or what is wrong with them. */
export function readArguments(): Arguments | string {
  const { values, positionals, tokens } = parseArgs({
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: OPTIONS,
  });
  for (const token of tokens)
    if (token.kind === "option" && !Object.hasOwn(OPTIONS, token.name)) return `unknown option '${token.rawName}'`;
  const { target, out, names, then: command } = values;
  const checks = CHECKS.find((known) => known === values.checks);
  if (target !== "metal" && target !== "host") return `unknown target '${String(target)}': metal or host`;
  if (checks === undefined) return `unknown checks '${String(values.checks)}': ${CHECKS.join(", ")}`;
  const units = readUnits(values.unit, values["cold-unit"]);
  if (typeof units === "string") return units;
  if (typeof out !== "string") return "no output file: --out FILE.c";
  if (names !== undefined && typeof names !== "string") return "no file behind --names";
  if (command !== undefined && typeof command !== "string") return "no command behind --then";
  const [entry] = positionals.map((path) => resolve(path));
  if (entry === undefined || positionals.length > 1) return "one entry file is needed";
  const compile = { root: projectRoot(entry), entry, target, checks, units } as const;
  return { compile, out, names, watch: values.watch === true, command };
}

/** `memory=arch,kernel/mm`: its name becomes part of the name of a file. */
function readUnits(hot: readonly (string | boolean)[] = [], cold: typeof hot = []): UnitOption[] | string {
  const units: UnitOption[] = [];
  for (const text of [...hot, ...cold]) {
    const [, name = "", paths = ""] = /^([a-z][A-Za-z0-9-]*)=(.+)$/.exec(String(text)) ?? [];
    if (name === "" || paths.split(",").includes("")) return `not a unit: '${String(text)}': NAME=PATH,PATH`;
    if (units.some((unit) => unit.name === name)) return `two units '${name}'`;
    units.push({ name, paths: paths.split(","), isCold: units.length >= hot.length });
  }
  return units;
}

function projectRoot(entry: string): string {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}
