// What may be named at a place of the program that is being generated.

import type { Checks } from "../../src/unit";
import type { Random } from "./random";
import { expression, type Tree } from "./tree";
import {
  spell,
  type ClassType,
  type EnumType,
  type IntegerType,
  type NewtypeType,
  type OptionalInner,
  type Signature,
  type Type,
  type Variable,
} from "./types";

export interface Options {
  /** What plain + - * and conversions do when the result does not fit. Where they panic, few results get that far. */
  readonly overflow: "wraps" | "panics";
  /** Small programs are quicker to compile, large ones mix more. */
  readonly size: "small" | "large";
}

/** The checks that programs are compiled with. */
export const CHECKS_FOR: Readonly<Record<Options["overflow"], Checks>> = { wraps: "bounds", panics: "full" };

const RISKS = ["index", "range", "divisor"] as const;
/** With all checks: results and conversions that do not fit. */
const RESULTS = ["result", "conversion"] as const;
export type Risk = (typeof RISKS)[number] | (typeof RESULTS)[number];
/** Of the operations of a kind. More, and most programs would end before they have done much. */
const RISKY_PERCENT: Readonly<Record<Risk, number>> = { index: 8, range: 60, divisor: 15, result: 15, conversion: 30 };

export interface NamedConstant {
  readonly name: string;
  readonly type: IntegerType;
}

/** A variable, or a part of one: something that can be read or written. */
export interface Path {
  readonly type: Type;
  /** Of an object or array: whether what is in it can be written. */
  readonly writable: boolean;
  /** Its text, each time with new indices. */
  readonly make: () => Tree;
}

/** How many fields and indices a path has at most. */
const PATH_DEPTH = 3;

interface Known {
  readonly locals: readonly Variable[];
  readonly count: number;
  readonly paths: ReadonlyMap<string, Path[]>;
}

export class Context {
  readonly classes: ClassType[] = [];
  readonly enums: EnumType[] = [];
  readonly newtypes: NewtypeType[] = [];
  /** A few scalar types that may be null in this program: of every kind, over many programs. */
  readonly optionals: OptionalInner[] = [];
  readonly constants: NamedConstant[] = [];
  readonly globals: Variable[] = [];
  readonly functions: Signature[] = [];
  /** Integer types that have a table of function references, and its length. */
  readonly tables = new Map<string, number>();
  /** Variables and parameters of the function at hand, in the order of their declarations. */
  locals: Variable[] = [];
  /** Labels of the loops around. */
  labels: string[] = [];
  /** Statements are inside a loop, so that `break` and `continue` have a target. */
  inLoop = false;
  result: Type | undefined;
  /** The module that is being written. */
  module = 0;
  /** What may panic here and there in this program: nothing in most. */
  private readonly risk: Risk | undefined;
  private names = 0;
  private known: Known | undefined;

  constructor(
    readonly random: Random,
    readonly options: Options,
  ) {
    const risk = random.pick(this.isChecked ? [...RISKS, ...RESULTS, ...RESULTS] : RISKS);
    this.risk = random.chance(this.isChecked ? 50 : 30) ? risk : undefined;
  }

  /** Whether the operation at hand may panic. */
  isRisky(risk: Risk): boolean {
    return this.random.chance(this.risk === risk ? RISKY_PERCENT[risk] : 0);
  }

  enter(module: number): void {
    this.module = module;
    this.known = undefined;
  }

  /** The type of a scalar that may be null. */
  optionalInner(): OptionalInner {
    return this.random.pick(this.optionals);
  }

  name(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }

  /** Plain + - * and conversions panic when the result does not fit: their operands are made small, mostly. */
  get isChecked(): boolean {
    return this.options.overflow === "panics";
  }

  /** Everything of a type that can be named here. */
  paths(type: Type, isWritten: boolean, index: (path: Path) => Tree): Path[] {
    const all = this.allPaths(index).get(spell(type)) ?? [];
    return isWritten ? all.filter((path) => path.writable) : all;
  }

  /** Everything that can be named here, by type; kept until another name is there. */
  allPaths(index: (path: Path) => Tree): ReadonlyMap<string, Path[]> {
    const { globals, locals } = this;
    if (this.known?.locals === locals && this.known.count === globals.length + locals.length) return this.known.paths;
    const paths = new Map<string, Path[]>();
    const visit = (path: Path, depth: number): void => {
      const key = spell(path.type);
      const same = paths.get(key);
      if (same === undefined) paths.set(key, [path]);
      else same.push(path);
      if (depth < PATH_DEPTH) for (const part of partsOf(path, index)) visit(part, depth + 1);
    };
    for (const { name, type, writable, home = this.module } of [...globals, ...locals])
      visit({ type, writable: writable && home === this.module, make: () => expression(spell(type))`${name}` }, 0);
    this.known = { locals, count: globals.length + locals.length, paths };
    return paths;
  }
}

/** Fields of an object, or an element of an array, a slice or many. */
function partsOf(path: Path, index: (path: Path) => Tree): Path[] {
  const { type } = path;
  if (type.kind === "class") return type.fields.map((field) => fieldPath(path, field));
  if (type.kind !== "array" && type.kind !== "slice" && type.kind !== "many") return [];
  const { element } = type;
  return [
    {
      type: element,
      writable: path.writable,
      make: () => expression(spell(element))`${path.make()}[${index(path)}]`,
    },
  ];
}

const fieldPath = (path: Path, { name, type }: Variable): Path => ({
  type,
  writable: path.writable,
  make: () => expression(spell(type))`${path.make()}.${name}`,
});

const COMPOSITES: readonly Type["kind"][] = ["class", "array", "slice", "many", "reference"];

/** Assigned as a value; objects and arrays are copied by `copyStruct`. */
export const isScalar = (type: Type): boolean => !COMPOSITES.includes(type.kind);
