// The compiler proves it: run-time checks that can never fail are taken off. Between reach and emit, so that every back
// end gets the same program.
//
//   function --flow--> facts before each statement --checks--> the statement without what they make needless
//
//   range, term, value   intervals; what has a name; what is known of one value
//   facts                what holds at one point: ranges of terms, and orders between them
//   evaluate, assume     from facts to values; from conditions to facts
//   changes, flow        loops; all other statements
//
// Sound before clever: nothing is taken from a type that the machine could contradict, from memory that a store or a
// call may have reached, or from an operation that may have wrapped. What is not proved stays checked.

import type { FunctionInfo, ProgramIR } from "../ir";
import { Facts } from "./facts";
import { Flow } from "./flow";

/** Takes the needless checks off all bodies, in place: calls refer to the functions themselves. */
export function proveProgram(program: ProgramIR): ProgramIR {
  for (const info of program.functions) proveFunction(info);
  return program;
}

function proveFunction(info: FunctionInfo): void {
  if (info.body !== undefined) info.body = new Flow().block(info.body, Facts.none()).block;
}
