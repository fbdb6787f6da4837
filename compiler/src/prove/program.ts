// The compiler proves it: run-time checks that can never fail are taken off. Between reach and emit, so that every back
// end gets the same program.
//
//   function --flow--> facts before each statement --checks--> the statement without what they make needless
//                 '--> the range of its results, for its callers
//
//   range, term, value   intervals; what has a name; what is known of one value
//   facts                what holds at one point: ranges of terms, and orders between them
//   evaluate, assume     from facts to values; from conditions to facts
//   changes, flow        loops; all other statements
//
// Sound before clever: nothing is taken from a type that the machine could contradict, from memory that a store or a
// call may have reached, or from an operation that may have wrapped. What is not proved stays checked.

import { forEachExpression } from "../callGraph";
import type { Expression, FunctionInfo, ProgramIR } from "../ir";
import { isFunction } from "../reach";
import { Facts } from "./facts";
import { Flow } from "./flow";
import { rangeOfType } from "./range";

/** Takes the needless checks off all bodies, in place: calls refer to the functions themselves. */
export function proveProgram(program: ProgramIR): ProgramIR {
  const begun = new Set<FunctionInfo>();
  for (const info of program.functions) proveWithCallees(info, begun);
  return program;
}

/** Callees first, so that their results are known; of a function that calls itself, nothing is by then. */
function proveWithCallees(info: FunctionInfo, begun: Set<FunctionInfo>): void {
  if (begun.has(info)) return;
  begun.add(info);
  const { callees, hasChecks } = surveyOf(info);
  for (const callee of callees) proveWithCallees(callee, begun);
  if (hasChecks || rangeOfType(info.result) !== undefined) proveFunction(info);
}

function proveFunction(info: FunctionInfo): void {
  if (info.body === undefined) return;
  const flow = new Flow();
  info.body = flow.block(info.body, Facts.none()).block;
  info.results = flow.results;
}

interface Survey {
  readonly callees: ReadonlySet<FunctionInfo>;
  readonly hasChecks: boolean;
}

function surveyOf({ body }: FunctionInfo): Survey {
  const callees = new Set<FunctionInfo>();
  let hasChecks = false;
  forEachExpression(body, (expression) => {
    hasChecks ||= isChecked(expression);
    if (expression.kind === "call" && isFunction(expression.target)) callees.add(expression.target);
  });
  return { callees, hasChecks };
}

const isChecked = (expression: Expression): boolean =>
  ("check" in expression && expression.check !== undefined) || ("checked" in expression && expression.checked);
