/**
 * What a Lisp program computes with.
 */

export type Value = number | boolean | string | SymbolValue | Value[] | Closure | Builtin | Nothing;

/** A name. Text is a TypeScript string. */
export class SymbolValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What `define` answers: the reader of answers does not show it. */
export class Nothing {
  readonly kind = "nothing";
}

export const NOTHING = new Nothing();

export class Closure {
  readonly parameters: string[];
  readonly body: Value[];
  readonly environment: Environment;

  constructor(parameters: string[], body: Value[], environment: Environment) {
    this.parameters = parameters;
    this.body = body;
    this.environment = environment;
  }
}

export class Builtin {
  readonly name: string;
  readonly call: (values: Value[]) => Value;

  constructor(name: string, call: (values: Value[]) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** Names and what they stand for; what it does not know, the one around it may. */
export class Environment {
  private readonly values = new Map<string, Value>();
  private readonly outer: Environment | null;

  constructor(outer: Environment | null) {
    this.outer = outer;
  }

  define(name: string, value: Value): void {
    this.values.set(name, value);
  }

  /** Throws a LispError when nobody knows the name. */
  lookUp(name: string): Value {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    if (this.outer === null) throw new LispError(`${name} is not defined`);
    return this.outer.lookUp(name);
  }
}

/** Something is wrong with the Lisp program. */
export class LispError extends Error {
  constructor(message: string) {
    super(message);
    this.message = message;
  }
}

export function isTrue(value: Value): boolean {
  return value !== false;
}

/** As it would be written. */
export function show(value: Value): string {
  if (typeof value === "string") return `"${value}"`;
  return display(value);
}

/** For people: text without quotes. */
export function display(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return `${value}`;
  if (typeof value === "boolean") return value ? "#t" : "#f";
  if (value instanceof SymbolValue) return value.name;
  if (value instanceof Closure) return `#<lambda of ${value.parameters.length}>`;
  if (value instanceof Builtin) return `#<${value.name}>`;
  if (value instanceof Nothing) return "";
  return `(${value.map(show).join(" ")})`;
}
