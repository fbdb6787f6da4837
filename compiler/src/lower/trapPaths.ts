// Trap paths are free of recursion: a handler runs on a stack of fixed size, whatever interrupted it. Everything that
// an exportTrap handler may call is walked, also through function references and into the log handler.
//
//   handler --> a --> b --> c
//               ^           |     the call that closes the cycle is the one complained about
//               +-----------+
//
// The panic handler is a root of its own and calls to it are not followed: a panic ends everything, and a panic within
// the handler is for the handler to notice.

import { CallGraph, type Edge } from "../callGraph";
import type { FunctionInfo, ProgramIR } from "../ir";
import type { Unit } from "../unit";

/** Complains about every call that closes a cycle below a trap handler. */
export function rejectTrapRecursion(unit: Unit, program: Omit<ProgramIR, "main">): void {
  if (unit.trapHandlers.length === 0) return;
  const { panicHandler } = program;
  const graph = new CallGraph(program);
  const done = new Set<FunctionInfo>();
  const visit = (info: FunctionInfo, chain: readonly FunctionInfo[]): void => {
    const around = [...chain, info];
    for (const edge of graph.edges(info)) {
      if (edge.callee === panicHandler || done.has(edge.callee)) continue;
      const start = around.indexOf(edge.callee);
      if (start >= 0) complain(unit, info, edge, around.slice(start));
      else visit(edge.callee, around);
    }
    done.add(info);
  };
  for (const root of [...unit.trapHandlers, ...(panicHandler === undefined ? [] : [panicHandler])])
    if (!done.has(root)) visit(root, []);
}

function complain(unit: Unit, caller: FunctionInfo, { callee, site }: Edge, cycle: readonly FunctionInfo[]): void {
  const entry = [...unit.functions.values()].find(({ info }) => info === caller);
  const node = unit.callNodes.get(site) ?? entry?.node;
  const chain = [...cycle, callee].map(({ name }) => name).join(" -> ");
  if (node !== undefined) unit.report(node, "TK5011", chain);
}
