// One compilation from start to end:
//
//   sources --tsc--> syntax and symbols --subset--> allowed syntax --lower--> typed IR --reach--> live IR
//          --prove--> the same with fewer checks --emit--> C
//
// tsc and subset report together; what a later stage says counts only when those before it had nothing to complain
// about. `check` and `translate` are the halves before and after that line: parallel.ts runs them at the same time.

import { resolve } from "node:path";

import { formatDiagnostic, describe, sortDiagnostics, CODES, type Diagnostic } from "./diagnostics";
import { printUnits } from "./emit/c/program";
import { MAIN_UNIT, type UnitOption } from "./emit/c/units";
import type { ProgramIR } from "./ir";
import { lowerProgram } from "./lower/modules";
import { isStackOverflow, nestingComplaint } from "./nesting";
import { loadProgram, relativePath, typeScriptDiagnostics, type Source } from "./program";
import { proveProgram } from "./prove/program";
import { reachableProgram } from "./reach";
import { checkSubset } from "./subset";
import { Unit, type Checks } from "./unit";

export interface CompileOptions {
  /** The project root: places and C names are relative to it. */
  readonly root: string;
  /** The entry file, absolute or relative to the root. */
  readonly entry: string;
  readonly target: "host" | "metal";
  /** "full" when it is not said. */
  readonly checks?: Checks;
  /** C files beside the main one. */
  readonly units?: readonly UnitOption[];
}

/** What a C symbol is in the source. */
export interface SourceName {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface CompileResult {
  /** The main C file. Empty when there are diagnostics. */
  readonly c: string;
  /** The C files of `units`, by their names. */
  readonly units: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, SourceName>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the front end makes of a program: everything lowered, or complaints. */
export type Analysis =
  { readonly unit: Unit; readonly program: ProgramIR; readonly diagnostics: readonly [] } | Failure;

interface Failure {
  readonly unit: undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const failed = (diagnostics: readonly Diagnostic[]): Failure => ({
  unit: undefined,
  diagnostics: sortDiagnostics(diagnostics),
});

function missingEntry({ root, entry }: CompileOptions): Failure {
  const file = relativePath(root, resolve(root, entry));
  return failed([{ code: "TK5010", file, line: 1, column: 1, ...describe("TK5010", [file]) }]);
}

function namesOf(program: ProgramIR): Record<string, SourceName> {
  const names: Record<string, SourceName> = {};
  for (const { symbol, name, place, external } of program.functions) if (!external) names[symbol] = { name, ...place };
  return names;
}

/** Gives the sources to a stage. What cannot be read, or is nested too deep for it, is a complaint. */
function withSource<T>(options: CompileOptions, stage: (source: Source) => T, fail: (failure: Failure) => T): T {
  let source: Source | undefined;
  try {
    source = loadProgram(options.root, options.entry);
    if (source === undefined) return fail(missingEntry(options));
    return source.unreadable.length > 0 ? fail(failed(source.unreadable)) : stage(source);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return fail(failed([nestingComplaint(options, source)]));
  }
}

const unitOf = (source: Source, { target, checks = "full" }: CompileOptions): Unit =>
  new Unit(source, { target, checks });

/** What tsc and subset say. */
function complaints(source: Source, options: CompileOptions): Diagnostic[] {
  const unit = unitOf(source, options);
  checkSubset(unit);
  return sortDiagnostics([...typeScriptDiagnostics(source), ...unit.diagnostics]);
}

function lower(source: Source, options: CompileOptions): Analysis {
  const unit = unitOf(source, options);
  const program = lowerProgram(unit);
  return unit.diagnostics.length > 0 ? failed(unit.diagnostics) : { unit, program, diagnostics: [] };
}

function analyseSource(source: Source, options: CompileOptions): Analysis {
  const early = complaints(source, options);
  return early.length > 0 ? failed(early) : lower(source, options);
}

/** The front end: what all back ends start from. */
export const analyse = (options: CompileOptions): Analysis =>
  withSource<Analysis>(
    options,
    (source) => analyseSource(source, options),
    (failure) => failure,
  );

const nothing = (diagnostics: readonly Diagnostic[]): CompileResult => ({ c: "", units: {}, names: {}, diagnostics });

function print(analysis: Analysis, options: CompileOptions): CompileResult {
  if (analysis.unit === undefined) return nothing(analysis.diagnostics);
  const live = proveProgram(reachableProgram(analysis.program));
  const files = printUnits(live, options.target, options.units ?? []);
  const { [MAIN_UNIT]: c = "", ...units } = Object.fromEntries(files);
  return { c, units, names: namesOf(live), diagnostics: [] };
}

const compileWith = (options: CompileOptions, stage: (source: Source, options: CompileOptions) => Analysis) =>
  withSource(
    options,
    (source) => print(stage(source, options), options),
    ({ diagnostics }) => nothing(diagnostics),
  );

export const compile = (options: CompileOptions): CompileResult => compileWith(options, analyseSource);

/** What is wrong with a program as far as tsc and subset see it. */
export const check = (options: CompileOptions): readonly Diagnostic[] =>
  withSource(
    options,
    (source) => complaints(source, options),
    ({ diagnostics }) => diagnostics,
  );

/**
 * What a program becomes, if `check` has nothing against it. If it has, the result means nothing, and this may throw
 * anything.
 */
export const translate = (options: CompileOptions): CompileResult => compileWith(options, lower);

export { CODES, formatDiagnostic };
export type { Diagnostic };
