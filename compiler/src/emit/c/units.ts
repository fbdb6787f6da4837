// A large program as several C files: gcc makes them at the same time, and again only those that have changed.
//
// Each file is complete in itself. It defines the functions and the storage of its modules and declares what else it
// uses; what no other file uses is static there, so that gcc knows all that is done with it. Those that gcc is to
// make fast repeat the smallest functions of others, which are worth more inlined than called.

import { forEachExpression } from "../../callGraph";
import type { FunctionInfo, Global, ProgramIR } from "../../ir";
import { referencesOf } from "../../reach";

export type Item = FunctionInfo | Global;

/** A C file beside the main one, and the folders or files, relative to the project root, whose modules are in it. */
export interface UnitOption {
  readonly name: string;
  readonly paths: readonly string[];
  /** It runs seldom, like the main file, and repeats nothing. */
  readonly isCold?: boolean;
}

/** The part of a program that one C file holds, in the order of the program. */
export interface CUnit {
  /** What it defines, declares or repeats. */
  readonly functions: readonly FunctionInfo[];
  readonly globals: readonly Global[];
  /** What runtime.h calls, in every file. */
  readonly panicHandler: FunctionInfo | undefined;
  readonly logHandler: FunctionInfo | undefined;
  /** It has what a program has once. */
  readonly isMain: boolean;
  /** The host program's `main`, for the main file. */
  readonly main: FunctionInfo | undefined;
  readonly defines: (item: Item) => boolean;
  /** Whether it has the body of another file's function, for itself. */
  readonly repeats: (item: Item) => boolean;
  /** Whether other files use what it defines. */
  readonly isShared: (item: Item) => boolean;
}

/** The name of the file for modules that no option names. */
export const MAIN_UNIT = "";

/** Functions of up to so many expressions are repeated: reading a field, passing arguments on. */
const MAX_REPEATED_EXPRESSIONS = 18;

export const wholeProgram = (program: ProgramIR): CUnit => ({
  ...program,
  isMain: true,
  defines: () => true,
  repeats: () => false,
  isShared: () => false,
});

/** The files by their names, the main one first: each with what is in its modules. */
export function splitProgram(program: ProgramIR, options: readonly UnitOption[]): Map<string, CUnit> {
  if (options.length === 0) return new Map([[MAIN_UNIT, wholeProgram(program)]]);
  const all = [{ name: MAIN_UNIT, isCold: true }, ...options];
  return splitInto(all, program, ({ place }) => unitOfFile(place.file, options));
}

/** The same for any division: `homeOf` tells the file of a function or a global. */
export function splitInto(
  files: readonly Pick<UnitOption, "name" | "isCold">[],
  program: ProgramIR,
  homeOf: (item: Item) => string,
): Map<string, CUnit> {
  const items: readonly Item[] = [...program.functions, ...program.globals];
  const homes = new Map(items.map((item) => [item, homeOf(item)]));
  const references = new Map(items.map((item) => [item, referencesOf(item)]));
  const parts = new Map(files.map((file) => [file.name, partOf(file, homes, references)]));
  const shared = new Set(
    [...parts].flatMap(([name, { mentioned }]) => [...mentioned].filter((item) => homes.get(item) !== name)),
  );
  const { panicHandler, logHandler, main } = program;
  const everywhere = new Set<Item>([panicHandler, logHandler, main].filter((info) => info !== undefined));
  const unit = (name: string, { mentioned, repeated }: Part): CUnit => {
    const isThere = (item: Item): boolean => mentioned.has(item) || everywhere.has(item);
    const isMain = name === MAIN_UNIT;
    return {
      functions: program.functions.filter(isThere),
      globals: program.globals.filter(isThere),
      panicHandler,
      logHandler,
      isMain,
      main: isMain ? main : undefined,
      defines: (item) => homes.get(item) === name,
      repeats: (item) => repeated.has(item),
      isShared: (item) => shared.has(item) || everywhere.has(item),
    };
  };
  return new Map([...parts].map(([name, part]) => [name, unit(name, part)]));
}

/** The first option that names the file or a folder above it. */
function unitOfFile(file: string, options: readonly UnitOption[]): string {
  const isIn = (path: string): boolean => file === path || file.startsWith(`${path}/`);
  return options.find(({ paths }) => paths.some(isIn))?.name ?? MAIN_UNIT;
}

interface Part {
  readonly mentioned: ReadonlySet<Item>;
  readonly repeated: ReadonlySet<Item>;
}

type References = ReadonlyMap<Item, readonly Item[]>;

/** What the code of one file mentions. What it repeats mentions more. */
function partOf(
  { name, isCold = false }: Pick<UnitOption, "name" | "isCold">,
  homes: ReadonlyMap<Item, string>,
  references: References,
): Part {
  const own = [...homes].filter(([, home]) => home === name).map(([item]) => item);
  const mentioned = new Set<Item>(own);
  const repeated = new Set<Item>();
  const bodies = new Set<Item>(own);
  for (const body of bodies)
    for (const item of references.get(body) ?? []) {
      if (mentioned.has(item)) continue;
      mentioned.add(item);
      if (isCold || !isWorthRepeating(item)) continue;
      repeated.add(item);
      bodies.add(item);
    }
  return { mentioned, repeated };
}

function isWorthRepeating(item: Item): boolean {
  if (!("body" in item) || item.external || item.rare || item.result.kind === "never") return false;
  let expressions = 0;
  forEachExpression(item.body, () => (expressions += 1));
  return expressions <= MAX_REPEATED_EXPRESSIONS;
}
