// Which parameters a function keeps: those that it, or a function it calls, stores in memory. A reference to storage on
// the stack must not be passed to one of them. A call through a function reference is taken to keep nothing.

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

/** Grows the set until nothing is added: functions may call each other in a circle. */
function keptParameters(functions: readonly FunctionInfo[]): ReadonlySet<Local> {
  const bodies = functions.map((info) => [info, flowsOf(info)] as const);
  const kept = new Set<Local>();
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const [info, flows] of bodies)
      for (const parameter of info.parameters) if (isKept(parameter, flows, kept)) kept.add(parameter);
  }
  return kept;
}

function isKept(parameter: Local, flows: Flows, kept: ReadonlySet<Local>): boolean {
  if (!canPointToStack(parameter.type)) return false;
  const names = namesOf(parameter, flows);
  const isSame = (value: Expression): boolean => refersTo(value, (local) => names.has(local));
  const isPassed = ({ target, args }: Call): boolean =>
    args.some((value, index) => isSame(value) && isIn(kept, target.parameters[index]));
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
  collect(info.body, flows);
  return flows;
}

/** Properties that lead out of the code of the function. */
const SKIPPED = new Set(["type", "place", "local", "field", "label", "enumeration", "global", "initialiser"]);

function collect(node: unknown, flows: Flows): void {
  if (Array.isArray(node)) return node.forEach((child) => collect(child, flows));
  if (typeof node !== "object" || node === null || "parameters" in node) return;
  note(node, flows);
  for (const [key, child] of Object.entries(node)) if (!SKIPPED.has(key)) collect(child, flows);
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
