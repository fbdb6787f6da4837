// Which parameters a function keeps: those that it, or a function it calls, stores in memory. A reference to storage on
// the stack must not be passed to one of them. A call through a function reference is taken to keep nothing.

import { forEachExpression } from "../callGraph";
import type { Expression, FunctionInfo, Local } from "../ir";
import { canPointToStack } from "../types";
import type { Unit } from "../unit";
import { refersTo } from "./escape";

interface Call {
  readonly target: FunctionInfo;
  readonly args: readonly Expression[];
}

/** What a body does with references: gives them to variables, stores them, passes them on. */
interface Flows {
  readonly variables: (readonly [Local, Expression])[];
  readonly stored: Expression[];
  readonly calls: Call[];
}

/** Complains about every stack reference that was passed to a parameter that is kept. */
export function rejectKeptStackReferences(unit: Unit): void {
  const kept = keptParameters([...unit.functions.values()].map(({ info }) => info));
  for (const { node, target, index } of unit.stackArguments) {
    const parameter = target.parameters[index];
    if (parameter !== undefined && kept.has(parameter)) unit.report(node, "TK4003");
  }
}

/** A parameter that could be kept, and the variables that may refer to the same storage. */
interface Candidate {
  readonly parameter: Local;
  readonly names: ReadonlySet<Local>;
  readonly flows: Flows;
}

/** Grows the set until nothing is added: functions may call each other in a circle. */
function keptParameters(functions: readonly FunctionInfo[]): ReadonlySet<Local> {
  const kept = new Set<Local>();
  let open = functions.flatMap(candidatesOf);
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const candidate of open) if (isKept(candidate, kept)) kept.add(candidate.parameter);
    open = open.filter(({ parameter }) => !kept.has(parameter));
  }
  return kept;
}

function candidatesOf(info: FunctionInfo): Candidate[] {
  const parameters = info.parameters.filter(({ type }) => canPointToStack(type));
  if (parameters.length === 0) return [];
  const flows = flowsOf(info);
  return parameters.map((parameter) => ({ parameter, names: namesOf(parameter, flows), flows }));
}

function isKept({ names, flows }: Candidate, kept: ReadonlySet<Local>): boolean {
  const isSame = (value: Expression): boolean => refersTo(value, (local) => names.has(local));
  const isPassed = ({ target, args }: Call): boolean =>
    args.some((value, index) => isIn(kept, target.parameters[index]) && isSame(value));
  return flows.stored.some(isSame) || flows.calls.some(isPassed);
}

const isIn = (kept: ReadonlySet<Local>, local: Local | undefined): boolean => local !== undefined && kept.has(local);

/** The parameter, and the variables that may refer to the same storage. */
function namesOf(parameter: Local, flows: Flows): ReadonlySet<Local> {
  const names = new Set([parameter]);
  for (let before = 0; before !== names.size;) {
    before = names.size;
    for (const [local, value] of flows.variables) if (refersTo(value, (each) => names.has(each))) names.add(local);
  }
  return names;
}

function flowsOf(info: FunctionInfo): Flows {
  const flows: Flows = { variables: [], stored: [], calls: [] };
  forEachExpression(info.body, (node) => note(node as Noted, flows));
  return flows;
}

type Noted = { readonly kind?: string } & Partial<{
  local: Local;
  value: Expression;
  target: Expression | FunctionInfo;
  temporaries: readonly (readonly [Local, Expression])[];
  args: readonly Expression[];
}>;

function note({ kind, local, value, target, temporaries = [], args = [] }: Noted, flows: Flows): void {
  if (kind === "sequence") flows.variables.push(...temporaries);
  if (kind === "declare" && local !== undefined && value !== undefined) flows.variables.push([local, value]);
  if (kind === "call" && target !== undefined && "symbol" in target) flows.calls.push({ target, args });
  if (kind !== "assign" || value === undefined || target === undefined || !("kind" in target)) return;
  if (target.kind === "local") flows.variables.push([target.local, value]);
  else flows.stored.push(value);
}
