// What a piece of code can see while it is lowered: its variables, its type arguments, `this`, and where it returns to.

import ts from "typescript";

import { safeName } from "../cNames";
import type { ConstantExpression, Expression, Label, Local, Place, TextExpression } from "../ir";
import type { Code } from "../diagnostics";
import { resolveStorage, resolveType } from "../resolve";
import type { Storage, StructType, Type } from "../types";
import { NO_TYPE_ARGUMENTS, Rejected, type TypeArguments, type Unit } from "../unit";

type Binding = Local | ConstantExpression | TextExpression;

export class Scope {
  /** Undefined: it was declared, but its declaration was rejected. */
  readonly bindings = new Map<ts.Symbol, Binding | undefined>();
  /** Variables of the cases of a switch that are over: each case has a C block of its own. */
  readonly hidden = new Set<ts.Symbol>();
  readonly labels = new Map<string, Label>();
  private readonly names = new Set<string>();
  private temporaries = 0;
  /** The object that a method works on. */
  self: Local | undefined;

  constructor(
    readonly unit: Unit,
    readonly typeArguments: TypeArguments,
    readonly thisType: StructType | undefined,
    /** Undefined outside functions: everything must be constant there. */
    readonly result: Type | undefined,
  ) {}

  get isConstant(): boolean {
    return this.result === undefined;
  }

  fail(node: ts.Node, code: Code, ...args: string[]): never {
    return this.unit.fail(node, code, ...args);
  }

  typeOf(node: ts.TypeNode): Type {
    return resolveType(this.unit, node, this.typeArguments);
  }

  storageOf(node: ts.TypeNode): Storage {
    return resolveStorage(this.unit, node, this.typeArguments);
  }

  place(node: ts.Node): Place {
    return this.unit.place(node);
  }

  /** Where an operation panics when its result does not fit its type; undefined when this build does not look. */
  overflowCheck(node: ts.Node): Place | undefined {
    return this.unit.options.checks === "full" ? this.place(node) : undefined;
  }

  /** A C name that no other variable of the function has, even in another block. */
  uniqueName(wanted: string): string {
    let name = safeName(wanted);
    for (let suffix = 2; this.names.has(name) || this.unit.cNames.has(name); suffix += 1)
      name = `${safeName(wanted)}_${suffix}`;
    this.names.add(name);
    return name;
  }

  declare(name: ts.Node, type: Type, storage: boolean): Local {
    const local: Local = { name: this.uniqueName(name.getText()), type, storage, onStack: storage };
    this.bind(name, local);
    return local;
  }

  bind(name: ts.Node, binding: Binding | undefined): void {
    const symbol = this.unit.checker.getSymbolAtLocation(name);
    if (symbol !== undefined) this.bindings.set(symbol, binding);
  }

  /** The variable that a name means; Rejected when its declaration was. */
  lookUp(symbol: ts.Symbol): Binding | undefined {
    if (!this.bindings.has(symbol)) return undefined;
    const binding = this.bindings.get(symbol);
    if (binding === undefined) throw new Rejected(symbol.name);
    return binding;
  }

  /** A variable of the compiler's own. */
  temporary(type: Type): Local {
    this.temporaries += 1;
    return { name: this.uniqueName(`t${this.temporaries}`), type, storage: false, onStack: false };
  }

  readonly fresh = (value: Expression): Local => this.temporary(value.type);
}

/** Where constants are evaluated: no variables, no calls. */
export const constantScope = (unit: Unit): Scope => new Scope(unit, NO_TYPE_ARGUMENTS, undefined, undefined);
