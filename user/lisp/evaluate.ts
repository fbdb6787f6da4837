/**
 * The value of an expression ("Structure and Interpretation of Computer Programs", "The Metacircular Evaluator").
 *
 * A form in tail position does not call evaluate again: it goes round the loop with another expression, and for a call
 * with another environment. So a loop that is written as a tail call takes no stack.
 */
import { Builtin, Closure, Environment, isTrue, LispError, NOTHING, show, SymbolValue, type Value } from "./values";

/** What is left to do: an expression to evaluate, or the value already. */
type Next = { done: true; value: Value } | { done: false; expression: Value; environment: Environment };

/** Throws a LispError. */
export function evaluate(expression: Value, environment: Environment): Value {
  let next: Next = { done: false, expression, environment };
  while (!next.done) next = step(next.expression, next.environment);
  return next.value;
}

function step(expression: Value, environment: Environment): Next {
  if (expression instanceof SymbolValue) return finished(environment.lookUp(expression.name));
  if (!Array.isArray(expression)) return finished(expression);
  const [head, ...rest] = expression;
  if (head === undefined) throw new LispError("() is no call");
  const form = head instanceof SymbolValue ? specialForm(head.name, rest, environment) : null;
  return form ?? call(evaluate(head, environment), evaluateAll(rest, environment));
}

function finished(value: Value): Next {
  return { done: true, value };
}

function later(expression: Value | undefined, environment: Environment): Next {
  return expression === undefined ? finished(NOTHING) : { done: false, expression, environment };
}

function evaluateAll(expressions: Value[], environment: Environment): Value[] {
  return expressions.map((expression) => evaluate(expression, environment));
}

function call(callee: Value, values: Value[]): Next {
  if (callee instanceof Builtin) return finished(callee.call(values));
  if (!(callee instanceof Closure)) throw new LispError(`${show(callee)} is no function`);
  const { parameters, body } = callee;
  if (parameters.length !== values.length) {
    throw new LispError(`${parameters.length} arguments expected, ${values.length} given`);
  }
  const inner = new Environment(callee.environment);
  parameters.forEach((name, index) => inner.define(name, values[index] ?? NOTHING));
  return sequence(body, inner);
}

/** All for their effects, the last one in tail position. */
function sequence(body: Value[], environment: Environment): Next {
  for (const expression of body.slice(0, -1)) evaluate(expression, environment);
  return later(body.at(-1), environment);
}

/** Null when the name is not that of a special form. */
function specialForm(name: string, parts: Value[], environment: Environment): Next | null {
  switch (name) {
    case "quote":
      return finished(parts[0] ?? NOTHING);
    case "if":
      return later(isTrue(evaluate(parts[0] ?? false, environment)) ? parts[1] : parts[2], environment);
    case "define":
      return define(parts, environment);
    case "lambda":
      return finished(new Closure(names(parts[0]), parts.slice(1), environment));
    case "let":
      return letForm(parts, environment);
    case "begin":
      return sequence(parts, environment);
    case "cond":
      return cond(parts, environment);
    case "and":
      return shortcut(parts, environment, false);
    case "or":
      return shortcut(parts, environment, true);
    default:
      return null;
  }
}

/** (define name value), or (define (name parameter...) body...). */
function define(parts: Value[], environment: Environment): Next {
  const [target, ...rest] = parts;
  if (target instanceof SymbolValue) {
    environment.define(target.name, evaluate(rest[0] ?? NOTHING, environment));
    return finished(NOTHING);
  }
  const [name, ...parameters] = names(target);
  if (name === undefined) throw new LispError("define needs a name");
  environment.define(name, new Closure(parameters, rest, environment));
  return finished(NOTHING);
}

function names(list: Value | undefined): string[] {
  if (!Array.isArray(list)) throw new LispError("a list of names expected");
  return list.map((item) => {
    if (!(item instanceof SymbolValue)) throw new LispError(`${show(item)} is no name`);
    return item.name;
  });
}

/** (let ((name value)...) body...). */
function letForm(parts: Value[], environment: Environment): Next {
  const [bindings, ...body] = parts;
  const inner = new Environment(environment);
  for (const binding of Array.isArray(bindings) ? bindings : []) {
    const [name, value] = Array.isArray(binding) ? binding : [];
    if (!(name instanceof SymbolValue)) throw new LispError("let needs names");
    inner.define(name.name, evaluate(value ?? NOTHING, environment));
  }
  return sequence(body, inner);
}

/** (cond (test body...)... (else body...)). */
function cond(clauses: Value[], environment: Environment): Next {
  for (const clause of clauses) {
    if (!Array.isArray(clause)) throw new LispError("a clause of cond is a list");
    const [test, ...body] = clause;
    const isElse = test instanceof SymbolValue && test.name === "else";
    if (isElse || isTrue(evaluate(test ?? false, environment))) return sequence(body, environment);
  }
  return finished(NOTHING);
}

/** `and` and `or`: evaluates until one decides. */
function shortcut(parts: Value[], environment: Environment, decides: boolean): Next {
  for (const part of parts.slice(0, -1)) {
    const value = evaluate(part, environment);
    if (isTrue(value) === decides) return finished(value);
  }
  return parts.length === 0 ? finished(!decides) : later(parts.at(-1), environment);
}
