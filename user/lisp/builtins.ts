/**
 * Functions that a Lisp program can call without defining them.
 */
import { print } from "../lib/terminal";
import { Builtin, Closure, display, Environment, LispError, NOTHING, SymbolValue, type Value } from "./values";

export function globalEnvironment(): Environment {
  const environment = new Environment(null);
  const define = (name: string, call: (values: Value[]) => Value): void =>
    environment.define(name, new Builtin(name, call));
  defineArithmetic(define);
  defineLists(define);
  definePredicates(define);
  define("display", (values) => say(values.map(display).join(" ")));
  define("newline", () => say("\n"));
  return environment;
}

type Define = (name: string, call: (values: Value[]) => Value) => void;

function say(text: string): Value {
  print(text);
  return NOTHING;
}

function number(value: Value | undefined): number {
  if (typeof value !== "number")
    throw new LispError(`${value === undefined ? "nothing" : display(value)} is no number`);
  return value;
}

function list(value: Value | undefined): Value[] {
  if (!Array.isArray(value)) throw new LispError(`${value === undefined ? "nothing" : display(value)} is no list`);
  return value;
}

function defineArithmetic(define: Define): void {
  define("+", (values) => values.map(number).reduce((sum, value) => sum + value, 0));
  define("*", (values) => values.map(number).reduce((product, value) => product * value, 1));
  define("-", ([first, ...rest]) =>
    rest.length === 0
      ? -number(first)
      : rest.map(number).reduce((difference, value) => difference - value, number(first)),
  );
  define("quotient", ([a, b]) => Math.trunc(number(a) / divisor(b)));
  define("remainder", ([a, b]) => number(a) % divisor(b));
  defineComparison(define, "=", (a, b) => a === b);
  defineComparison(define, "<", (a, b) => a < b);
  defineComparison(define, ">", (a, b) => a > b);
  defineComparison(define, "<=", (a, b) => a <= b);
  defineComparison(define, ">=", (a, b) => a >= b);
}

function divisor(value: Value | undefined): number {
  const found = number(value);
  if (found === 0) throw new LispError("division by zero");
  return found;
}

/** True when it holds for all neighbours. */
function defineComparison(define: Define, name: string, holds: (a: number, b: number) => boolean): void {
  define(name, (values) => {
    const numbers = values.map(number);
    return numbers.slice(1).every((value, index) => holds(numbers[index] ?? 0, value));
  });
}

function defineLists(define: Define): void {
  define("list", (values) => values);
  define("cons", ([first, rest]) => [first ?? NOTHING, ...list(rest)]);
  define("car", ([value]) => list(value)[0] ?? fail("car of an empty list"));
  define("cdr", ([value]) => (list(value).length === 0 ? fail("cdr of an empty list") : list(value).slice(1)));
  define("length", ([value]) => list(value).length);
  define("append", (values) => values.flatMap(list));
  define("reverse", ([value]) => [...list(value)].reverse());
}

function fail(message: string): never {
  throw new LispError(message);
}

function definePredicates(define: Define): void {
  define("not", ([value]) => value === false);
  define("null?", ([value]) => Array.isArray(value) && value.length === 0);
  define("pair?", ([value]) => Array.isArray(value) && value.length > 0);
  define("number?", ([value]) => typeof value === "number");
  define("string?", ([value]) => typeof value === "string");
  define("symbol?", ([value]) => value instanceof SymbolValue);
  define("procedure?", ([value]) => value instanceof Closure || value instanceof Builtin);
  define("equal?", ([a, b]) => a !== undefined && b !== undefined && isEqual(a, b));
}

function isEqual(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? NOTHING));
  }
  if (a instanceof SymbolValue && b instanceof SymbolValue) return a.name === b.name;
  return a === b;
}
