// Facts along the control flow of one function. Every statement is rebuilt under the facts that hold before it and
// gives those that hold after it; undefined means that control does not get there. One walk from the start to the end:
// a loop begins with what no round of it can change.

import { effectOf } from "../effects";
import type { Block, Expression, Label, Statement } from "../ir";
import { operandsOf } from "../operands";
import { rangeOfType, union, type Range } from "./range";
import { assume } from "./assume";
import { Changes } from "./changes";
import { passed, proved } from "./checks";
import { bound, evaluate, lengthOf } from "./evaluate";
import { Facts, join } from "./facts";
import { lengthTerm, termOf } from "./term";
import { between, exactly } from "./value";

type Of<Kind extends Statement["kind"]> = Extract<Statement, { kind: Kind }>;

/** A statement that jumps lead out of, or to the next round of, and what holds where they land. */
interface Frame {
  readonly kind: "loop" | "switch" | "block";
  readonly label: Label | undefined;
  broken: Facts | undefined;
  continued: Facts | undefined;
}

/** A statement, and what holds after it. */
interface Step {
  readonly statement: Statement;
  readonly after: Facts | undefined;
}

const writes = (expression: Expression): boolean => effectOf(expression) === 2;

export class Flow {
  private readonly frames: Frame[] = [];
  /** Around all integers that have been returned. */
  results: Range | undefined;

  /** The block without its needless checks, and what holds at its end. What is never reached stays as it is. */
  block(block: Block, before: Facts | undefined): { readonly block: Block; readonly after: Facts | undefined } {
    let facts = before;
    const rebuilt = block.map((statement) => {
      if (facts === undefined) return statement;
      const step = this.statement(statement, facts);
      facts = step.after;
      return step.statement;
    });
    return { block: rebuilt, after: facts };
  }

  private statement(statement: Statement, facts: Facts): Step {
    switch (statement.kind) {
      case "if":
        return this.if(statement, facts);
      case "loop":
        return this.loop(statement, facts);
      case "switch":
        return this.switch(statement, facts);
      case "block":
        return this.labelled(statement, facts);
      case "break":
      case "continue":
        return this.jump(statement, facts);
      case "fail":
        return fail(statement, facts);
      case "return":
        return this.return(statement, facts);
      default:
        return simple(statement, facts);
    }
  }

  private return(statement: Of<"return">, facts: Facts): Step {
    if (statement.value === undefined) return { statement, after: undefined };
    const { expression, seen } = evaluated(statement.value, facts);
    if (rangeOfType(statement.value.type) !== undefined) {
      const { range } = evaluate(statement.value, seen);
      this.results = this.results === undefined ? range : union(this.results, range);
    }
    return { statement: { ...statement, value: expression }, after: undefined };
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Branches.

  private if(statement: Of<"if">, facts: Facts): Step {
    const { condition, whenTrue, whenFalse } = statement;
    const test = decide(condition, facts);
    const yes = this.block(whenTrue, test.whenTrue);
    const no = whenFalse && this.block(whenFalse, test.whenFalse);
    return {
      statement: { ...statement, condition: test.condition, whenTrue: yes.block, whenFalse: no?.block },
      after: join(yes.after, no === undefined ? test.whenFalse : no.after),
    };
  }

  private switch(statement: Of<"switch">, facts: Facts): Step {
    const { subject, groups, label } = statement;
    const { expression, seen, after } = evaluated(subject, facts);
    const value = evaluate(subject, seen);
    const frame = this.enter("switch", label);
    let ended = groups.some((group) => group.isDefault) ? undefined : after;
    const rebuilt = groups.map((group) => {
      const cases = between({ low: least(group.values), high: -least(group.values.map((each) => -each)) });
      const chosen = group.isDefault ? after : after?.withAtMost(value, cases, 0n)?.withAtMost(cases, value, 0n);
      const body = this.block(group.body, chosen);
      ended = join(ended, body.after);
      return { ...group, body: body.block };
    });
    this.frames.pop();
    return { statement: { ...statement, subject: expression, groups: rebuilt }, after: join(ended, frame.broken) };
  }

  private labelled(statement: Of<"block">, facts: Facts): Step {
    const frame = this.enter("block", statement.label);
    const body = this.block(statement.body, facts);
    this.frames.pop();
    return { statement: { ...statement, body: body.block }, after: join(body.after, frame.broken) };
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Loops and jumps.

  private loop(statement: Of<"loop">, facts: Facts): Step {
    const start = this.block(statement.start, facts);
    if (start.after === undefined) return { statement, after: undefined };
    const { condition, body, update } = statement;
    const every = new Changes(body, update, condition).survivors(start.after);
    const rounds = statement.form === "do" ? this.testedAfter(statement, every) : this.testedBefore(statement, every);
    return { statement: { ...rounds.statement, start: start.block }, after: rounds.after };
  }

  private testedBefore(statement: Of<"loop">, every: Facts): { statement: Of<"loop">; after: Facts | undefined } {
    const test = decideAlways(statement.condition, every);
    const frame = this.enter("loop", statement.label);
    const body = this.block(statement.body, test.whenTrue);
    this.frames.pop();
    const update = this.block(statement.update, join(body.after, frame.continued));
    return {
      statement: { ...statement, condition: test.condition, body: body.block, update: update.block },
      after: join(test.whenFalse, frame.broken),
    };
  }

  private testedAfter(statement: Of<"loop">, every: Facts): { statement: Of<"loop">; after: Facts | undefined } {
    const frame = this.enter("loop", statement.label);
    const body = this.block(statement.body, every);
    this.frames.pop();
    const end = join(body.after, frame.continued);
    const test = end && decideAlways(statement.condition, end);
    return {
      statement: { ...statement, condition: test?.condition ?? statement.condition, body: body.block },
      after: join(test?.whenFalse, frame.broken),
    };
  }

  private enter(kind: Frame["kind"], label: Label | undefined): Frame {
    const frame: Frame = { kind, label, broken: undefined, continued: undefined };
    this.frames.push(frame);
    return frame;
  }

  private jump(statement: Of<"break" | "continue">, facts: Facts): Step {
    const { kind, label } = statement;
    const isTarget = (frame: Frame): boolean => {
      if (label !== undefined) return frame.label === label;
      return frame.kind === "loop" || (kind === "break" && frame.kind === "switch");
    };
    const frame = this.frames.findLast(isTarget);
    if (frame === undefined) throw new Error(`${kind} leads nowhere`);
    if (kind === "break") frame.broken = join(frame.broken, facts);
    else frame.continued = join(frame.continued, facts);
    return { statement, after: undefined };
  }
}

const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b), values[0] ?? 0n);

// ---------------------------------------------------------------------------------------------------------------------
// Expressions of statements.

/** The facts for the inside of expressions that are evaluated together: memory must hold still for them. */
const viewed = (facts: Facts, operands: readonly Expression[]): Facts =>
  operands.some(writes) ? facts.withoutMemory() : facts;

const afterwards = (facts: Facts | undefined, expression: Expression): Facts | undefined =>
  writes(expression) ? facts?.afterWrite() : facts;

interface Evaluated {
  readonly expression: Expression;
  /** The facts that it was evaluated under. */
  readonly seen: Facts;
  readonly after: Facts | undefined;
}

function evaluated(expression: Expression, facts: Facts): Evaluated {
  const seen = viewed(facts, operandsOf(expression));
  return { expression: proved(expression, seen), seen, after: afterwards(passed(expression, seen), expression) };
}

interface Decision<Condition> {
  readonly condition: Condition;
  readonly whenTrue: Facts | undefined;
  readonly whenFalse: Facts | undefined;
}

function decide(condition: Expression, facts: Facts): Decision<Expression> {
  const seen = viewed(facts, operandsOf(condition));
  const tested = passed(condition, seen);
  const way = (outcome: boolean): Facts | undefined =>
    afterwards(tested && assume(condition, outcome, tested), condition);
  return { condition: proved(condition, seen), whenTrue: way(true), whenFalse: way(false) };
}

/** Without a condition, it is always true. */
const decideAlways = (condition: Expression | undefined, facts: Facts): Decision<Expression | undefined> =>
  condition === undefined ? { condition, whenTrue: facts, whenFalse: undefined } : decide(condition, facts);

function fail(statement: Of<"fail">, facts: Facts): Step {
  const test = decide(statement.condition, facts);
  const failure = test.whenTrue && evaluated(statement.failure, test.whenTrue).expression;
  return {
    statement: { ...statement, condition: test.condition, failure: failure ?? statement.failure },
    after: test.whenFalse,
  };
}

function simple(statement: Of<"declare" | "storage" | "assign" | "evaluate">, facts: Facts): Step {
  switch (statement.kind) {
    case "storage":
      return { statement, after: facts.assigned(statement.local, undefined, undefined) };
    case "declare":
      return declare(statement, facts);
    case "assign":
      return assign(statement, facts);
    case "evaluate": {
      const { expression, after } = evaluated(statement.value, facts);
      const returns = statement.value.type.kind !== "never";
      return { statement: { ...statement, value: expression }, after: returns ? after : undefined };
    }
  }
}

/** Without a value it starts as zero. */
function declare(statement: Of<"declare">, facts: Facts): Step {
  const { local, value } = statement;
  if (value !== undefined) {
    const { expression, after } = assignedLocal(local, value, facts);
    return { statement: { ...statement, value: expression }, after };
  }
  const name: Expression = { kind: "local", type: local.type, local };
  return { statement, after: facts.assigned(local, termOf(name) ?? lengthTerm(name), exactly(0n)) };
}

function assignedLocal(local: Of<"declare">["local"], value: Expression, facts: Facts): Evaluated {
  const { expression, seen } = evaluated(value, facts);
  const known = passed(value, seen);
  return { expression, seen, after: afterwards(known && bound(known, local, value), value) };
}

function assign(statement: Of<"assign">, facts: Facts): Step {
  const { target, value } = statement;
  if (target.kind === "local") {
    const { expression, after } = assignedLocal(target.local, value, facts);
    return { statement: { ...statement, value: expression }, after };
  }
  const seen = viewed(facts, [...operandsOf(target), ...(writes(value) ? [value] : operandsOf(value))]);
  const rebuilt = { ...statement, target: proved(target, seen), value: proved(value, seen) };
  const reached = passed(target, seen);
  const known = reached && passed(value, reached);
  return { statement: rebuilt, after: known && stored(target, value, seen, known.afterWrite()) };
}

/** `this.count = n` says what `this.count` is, until the next write. */
function stored(target: Expression, value: Expression, seen: Facts, after: Facts): Facts {
  const number = termOf(target);
  if (number !== undefined && rangeOfType(value.type) !== undefined) return after.stored(number, evaluate(value, seen));
  const length = lengthTerm(target);
  return length === undefined ? after : after.stored(length, lengthOf(value, seen));
}
