// switch: over integers and enums. A group of cases shares one body, and no body falls into the next.

import ts from "typescript";

import type { Block, Expression, Label, Statement, SwitchGroup } from "../ir";
import { integerBase } from "../types";
import { coerce, describe, withWidth } from "./conversions";
import { lowerExpression } from "./expressions";
import type { Scope } from "./scope";
import { lowerStatements } from "./statements";

export function lowerSwitch(scope: Scope, node: ts.SwitchStatement, label: Label | undefined): Block {
  const subject = withWidth(scope.unit, lowerExpression(scope, node.expression), node.expression);
  if (integerBase(subject.type) === undefined) return scope.fail(node.expression, "TK2020", describe(subject.type));
  const groups = groupsOf(scope, node.caseBlock.clauses, subject);
  return [{ kind: "switch", place: scope.place(node), subject, groups, label }];
}

function groupsOf(scope: Scope, clauses: readonly ts.CaseOrDefaultClause[], subject: Expression): SwitchGroup[] {
  const seen = new Set<bigint>();
  const groups: SwitchGroup[] = [];
  let values: bigint[] = [];
  let isDefault = false;
  for (const [position, clause] of clauses.entries()) {
    if (ts.isDefaultClause(clause)) isDefault = true;
    else values.push(...caseValue(scope, clause, subject, seen));
    const isLast = position === clauses.length - 1;
    if (clause.statements.length === 0 && !isLast) continue;
    groups.push({ values, isDefault, body: caseBody(scope, clause, isLast) });
    values = [];
    isDefault = false;
  }
  return groups;
}

/** The value of a case, as a list of none when it was rejected. */
function caseValue(scope: Scope, clause: ts.CaseClause, subject: Expression, seen: Set<bigint>): bigint[] {
  const value = scope.unit.attempt(() => {
    const expression = lowerExpression(scope, clause.expression);
    if (expression.kind !== "constant") return scope.fail(clause.expression, "TK3002", "a case");
    const converted = coerce(scope.unit, expression, subject.type, clause.expression);
    if (converted.kind !== "constant") return scope.fail(clause.expression, "TK3002", "a case");
    if (seen.has(converted.value)) return scope.fail(clause.expression, "TK3010", String(converted.value));
    seen.add(converted.value);
    return converted.value;
  });
  return value === undefined ? [] : [value];
}

function caseBody(scope: Scope, clause: ts.CaseOrDefaultClause, isLast: boolean): Block {
  const [only] = clause.statements;
  const isBlock = clause.statements.length === 1 && only !== undefined && ts.isBlock(only);
  const body = lowerStatements(scope, isBlock ? only.statements : clause.statements);
  hideVariables(scope, clause);
  const failed = scope.unit.diagnostics.length > 0;
  if (!isLast && !failed && canFallOut(body)) scope.unit.report(clause, "TK1022");
  const last = body[body.length - 1];
  return last?.kind === "break" && last.label === undefined ? body.slice(0, -1) : body;
}

function hideVariables(scope: Scope, clause: ts.CaseOrDefaultClause): void {
  for (const statement of clause.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations) {
      const symbol = scope.unit.checker.getSymbolAtLocation(name);
      if (symbol !== undefined) scope.hidden.add(symbol);
    }
  }
}

/** Whether control can reach the end of a block. */
export function canFallOut(block: Block): boolean {
  const last = block[block.length - 1];
  return last === undefined || statementFallsOut(last);
}

function statementFallsOut(statement: Statement): boolean {
  switch (statement.kind) {
    case "return":
    case "break":
    case "continue":
      return false;
    case "evaluate":
      return statement.value.type.kind !== "never";
    case "block":
      return statement.label !== undefined || canFallOut(statement.body);
    case "if":
      return statement.whenFalse === undefined || canFallOut(statement.whenTrue) || canFallOut(statement.whenFalse);
    case "loop":
      return !isEndless(statement);
    default:
      return true;
  }
}

function isEndless(statement: Statement & { kind: "loop" }): boolean {
  const { condition, label } = statement;
  const forever = condition === undefined || (condition.kind === "constant" && condition.value !== 0n);
  return forever && label === undefined && !breaksOut(statement.body);
}

/** Whether a block has a `break` that leaves the loop around it. */
function breaksOut(block: Block): boolean {
  return block.some((statement) => {
    if (statement.kind === "break") return true;
    if (statement.kind === "if") return breaksOut(statement.whenTrue) || breaksOut(statement.whenFalse ?? []);
    return statement.kind === "block" && breaksOut(statement.body);
  });
}
