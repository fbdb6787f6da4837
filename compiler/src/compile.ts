// One compilation from start to end:
//
//   sources --tsc--> syntax and symbols --subset--> allowed syntax --lower--> typed IR --reach--> live IR
//          --prove--> the same with fewer checks --emit--> C
//
// tsc and subset report together; a later stage runs only when those before it had nothing to complain about.

import { resolve } from "node:path";

import { formatDiagnostic, describe, sortDiagnostics, CODES, type Diagnostic } from "./diagnostics";
import { printProgram } from "./emit/c/program";
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
}

/** What a C symbol is in the source. */
export interface SourceName {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface CompileResult {
  /** Empty when there are diagnostics. */
  readonly c: string;
  readonly names: Readonly<Record<string, SourceName>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the front end makes of a program: everything lowered, or complaints. */
export type Analysis =
  | { readonly unit: Unit; readonly program: ProgramIR; readonly diagnostics: readonly [] }
  | { readonly unit: undefined; readonly diagnostics: readonly Diagnostic[] };

const failed = (diagnostics: readonly Diagnostic[]): Analysis => ({
  unit: undefined,
  diagnostics: sortDiagnostics(diagnostics),
});

function missingEntry({ root, entry }: CompileOptions): Analysis {
  const file = relativePath(root, resolve(root, entry));
  return failed([{ code: "TK5010", file, line: 1, column: 1, ...describe("TK5010", [file]) }]);
}

function namesOf(program: ProgramIR): Record<string, SourceName> {
  const names: Record<string, SourceName> = {};
  for (const { symbol, name, place, external } of program.functions) if (!external) names[symbol] = { name, ...place };
  return names;
}

/** The front end: what all back ends start from. */
export function analyse(options: CompileOptions): Analysis {
  let source: Source | undefined;
  try {
    source = loadProgram(options.root, options.entry);
    return source === undefined ? missingEntry(options) : analyseSource(source, options);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return failed([nestingComplaint(options, source)]);
  }
}

function analyseSource(source: Source, options: CompileOptions): Analysis {
  if (source.unreadable.length > 0) return failed(source.unreadable);
  const unit = new Unit(source, { target: options.target, checks: options.checks ?? "full" });
  checkSubset(unit);
  const early = [...typeScriptDiagnostics(source), ...unit.diagnostics];
  if (early.length > 0) return failed(early);
  const program = lowerProgram(unit);
  return unit.diagnostics.length > 0 ? failed(unit.diagnostics) : { unit, program, diagnostics: [] };
}

export function compile(options: CompileOptions): CompileResult {
  const analysis = analyse(options);
  if (analysis.unit === undefined) return { c: "", names: {}, diagnostics: analysis.diagnostics };
  try {
    const live = proveProgram(reachableProgram(analysis.program));
    return { c: printProgram(live, options.target), names: namesOf(live), diagnostics: [] };
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return { c: "", names: {}, diagnostics: [nestingComplaint(options, analysis.unit.source)] };
  }
}

export { CODES, formatDiagnostic };
export type { Diagnostic };
