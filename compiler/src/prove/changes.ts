// What one round of a loop may change, found without following its control flow. A variable that only ever grows by
// checked additions keeps what it is not below: `i` that counts up from `start` is never below `start`.

import type { Block, Expression, Local, Statement } from "../ir";
import { effectOf } from "../effects";
import { operandsOf } from "../operands";
import { evaluate } from "./evaluate";
import { Facts } from "./facts";
import { isWithin, rangeOfType, union, type Range } from "./range";
import type { Term } from "./term";

type Direction = "grows" | "shrinks" | "any";

interface Change {
  readonly direction: Direction;
  /** All values that are assigned, whatever the round; undefined when they are no integers. */
  readonly range: Range | undefined;
}

export class Changes {
  private readonly locals = new Map<Local, Change>();
  private memory = false;

  constructor(...parts: readonly (Block | Expression | undefined)[]) {
    for (const part of parts)
      if (part !== undefined && "kind" in part) this.addExpression(part);
      else this.addBlock(part ?? []);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What is left of facts from before the loop.

  /** The facts that hold at the start of every round. */
  survivors(facts: Facts): Facts {
    return facts.filtered(
      (term, range) => this.widened(term, range),
      (left, right) => !this.may(left, "grows") && !this.may(right, "shrinks"),
    );
  }

  private widened(term: Term, range: Range): Range {
    const grows = this.may(term, "grows");
    const shrinks = this.may(term, "shrinks");
    const assigned = this.changeOf(term)?.range ?? term.range;
    const all = union(range, assigned);
    return { low: shrinks ? all.low : range.low, high: grows ? all.high : range.high };
  }

  private may(term: Term, direction: "grows" | "shrinks"): boolean {
    const change = this.changeOf(term);
    if (change !== undefined) return change.direction === direction || change.direction === "any";
    return (this.memory && term.memory) || term.locals.some((local) => this.locals.has(local));
  }

  /** For a variable that is an integer itself. */
  private changeOf(term: Term): Change | undefined {
    const [local] = term.locals;
    return local?.name === term.key ? this.locals.get(local) : undefined;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Collecting.

  private addBlock(block: Block): void {
    for (const statement of block) this.addStatement(statement);
  }

  private addStatement(statement: Statement): void {
    switch (statement.kind) {
      case "declare":
        if (statement.value !== undefined) this.addExpression(statement.value);
        return this.addLocal(statement.local, { direction: "any", range: rangeOfType(statement.local.type) });
      case "storage":
        return this.addLocal(statement.local, { direction: "any", range: undefined });
      case "assign":
        this.addExpression(statement.value);
        return this.addTarget(statement.target, statement.value);
      case "evaluate":
        return this.addExpression(statement.value);
      case "fail":
        this.addExpression(statement.condition);
        return this.addExpression(statement.failure);
      case "return":
        return statement.value && this.addExpression(statement.value);
      case "break":
      case "continue":
        return;
      default:
        return this.addNested(statement);
    }
  }

  private addNested(statement: Statement & { kind: "if" | "loop" | "switch" | "block" }): void {
    switch (statement.kind) {
      case "if":
        this.addExpression(statement.condition);
        this.addBlock(statement.whenTrue);
        return this.addBlock(statement.whenFalse ?? []);
      case "loop":
        if (statement.condition !== undefined) this.addExpression(statement.condition);
        return [statement.start, statement.body, statement.update].forEach((block) => this.addBlock(block));
      case "switch":
        this.addExpression(statement.subject);
        return statement.groups.forEach((group) => this.addBlock(group.body));
      case "block":
        return this.addBlock(statement.body);
    }
  }

  private addTarget(target: Expression, value: Expression): void {
    if (target.kind === "local") return this.addLocal(target.local, changeBy(target.local, value));
    this.memory = true;
    this.addExpression(target);
  }

  private addExpression(expression: Expression): void {
    this.memory ||= effectOf(expression) === 2;
    this.addTemporaries(expression);
  }

  private addTemporaries(expression: Expression): void {
    if (expression.kind === "sequence")
      for (const [local] of expression.temporaries)
        this.addLocal(local, { direction: "any", range: rangeOfType(local.type) });
    for (const operand of operandsOf(expression)) this.addTemporaries(operand);
  }

  private addLocal(local: Local, change: Change): void {
    const known = this.locals.get(local);
    if (known === undefined) return void this.locals.set(local, change);
    const direction = known.direction === change.direction ? known.direction : "any";
    const range = known.range && change.range && union(known.range, change.range);
    this.locals.set(local, { direction, range });
  }
}

/** What an assignment makes of a variable, whatever is known where it stands. */
function changeBy(local: Local, value: Expression): Change {
  const range = rangeOfType(local.type) && evaluate(value, Facts.none()).range;
  return { direction: directionOf(local, value), range };
}

const UNSIGNED: Range = { low: 0n, high: (1n << 64n) - 1n };

function directionOf(local: Local, value: Expression): Direction {
  if (!("left" in value) || value.kind === "compare" || value.kind === "logical") return "any";
  const { kind, operator, left, right } = value;
  const isPlain = (operand: Expression): boolean => isWithin(evaluate(operand, Facts.none()).range, UNSIGNED);
  const is = (operand: Expression): boolean => operand.kind === "local" && operand.local === local;
  const isChecked = kind === "arithmetic" && value.check !== undefined;
  if (isChecked && operator === "+" && ((is(left) && isPlain(right)) || (is(right) && isPlain(left)))) return "grows";
  if (!is(left) || !isPlain(right)) return "any";
  if (isChecked && operator === "-") return "shrinks";
  return isPlain(left) && (operator === "/" || operator === ">>" || operator === "&") ? "shrinks" : "any";
}
