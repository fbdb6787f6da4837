// The JavaScript back end: the same front end, other printers.

import { analyse, type CompileOptions, type Diagnostic } from "./compile";
import { printProgram } from "./emit/js/program";
import { layoutOf } from "./layout";
import { proveProgram } from "./prove/program";
import { reachableProgram } from "./reach";
import { inline } from "./types";

export interface JsProgram {
  /** The body of a function of `$runtime` (compiler/machine/program.ts); empty when there are diagnostics. */
  readonly body: string;
  /** Bytes of static storage. */
  readonly dataBytes: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a host program for Node. */
export function compileToJs(options: Omit<CompileOptions, "target">): JsProgram {
  const analysis = analyse({ ...options, target: "host" });
  if (analysis.unit === undefined) return { body: "", dataBytes: 0, diagnostics: analysis.diagnostics };
  const live = proveProgram(reachableProgram(analysis.program));
  const sizes = live.globals.map(({ type }) => layoutOf(inline(type)));
  const dataBytes = sizes.reduce((sum, { size, align }) => sum + size + align, 0);
  return { body: printProgram(live), dataBytes, diagnostics: [] };
}
