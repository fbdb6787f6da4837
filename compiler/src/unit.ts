// The state of one compilation: the sources, the diagnostics so far, and what has been found to exist. Lowering asks
// it for types, functions and globals; each is made once, on first use.

import ts from "typescript";

import { describe, type Code, type Diagnostic } from "./diagnostics";
import type { Expression, FunctionInfo, Global, Place } from "./ir";
import { Names } from "./names";
import { relativePath, type Source } from "./program";
import type { EnumType, Storage, StructType, Type } from "./types";

/**
 * Thrown after a diagnostic: the statement or declaration at hand cannot be lowered. Caught where the next one starts.
 */
export class Rejected extends Error {}

/** What the type parameters in sight stand for. */
export type TypeArguments = ReadonlyMap<ts.Symbol, Storage>;

export const NO_TYPE_ARGUMENTS: TypeArguments = new Map();

export type FunctionNode = ts.FunctionDeclaration | ts.MethodDeclaration;

/** A function that has been asked for, with what is needed to lower its body. */
export interface FunctionEntry {
  readonly info: FunctionInfo;
  readonly node: FunctionNode;
  readonly typeArguments: TypeArguments;
  readonly thisType: StructType | undefined;
  readonly symbols: readonly (ts.Symbol | undefined)[];
  /** How many instantiations led here. */
  readonly depth: number;
}

export interface StructEntry {
  readonly type: StructType;
  readonly node: ts.ClassDeclaration;
  readonly typeArguments: TypeArguments;
  readonly depth: number;
}

/** An argument that refers to storage in the frame of its caller. */
export interface StackArgument {
  readonly node: ts.Node;
  readonly target: FunctionInfo;
  readonly index: number;
}

/**
 * What is checked at run time, beside divisors: everything; not whether results fit (they keep the low bits); nothing.
 */
export const CHECKS = ["full", "bounds", "none"] as const;
export type Checks = (typeof CHECKS)[number];

export interface Options {
  readonly target: "host" | "metal";
  readonly checks: Checks;
}

export class Unit {
  readonly diagnostics: Diagnostic[] = [];
  readonly functions = new Map<string, FunctionEntry>();
  readonly structs = new Map<string, StructEntry>();
  readonly enums = new Map<ts.Symbol, EnumType>();
  readonly globals = new Map<ts.Symbol, Global>();
  /** Storage without a name of its own: what the elements of a constant slice live in. */
  readonly hiddenGlobals: Global[] = [];
  /** Module constants that have been evaluated; undefined while it is being done. */
  readonly constants = new Map<ts.Symbol, unknown>();
  /** Type aliases that are being looked into. */
  readonly openAliases = new Set<ts.Node>();
  /** Functions whose bodies wait to be lowered. */
  readonly queue: FunctionEntry[] = [];
  readonly identities = new Map<object, number>();
  private readonly names: Names;
  private readonly paths = new Map<ts.SourceFile, string>();
  readonly cNames = new Set<string>();
  /** Functions that are declared for assembly, by their C names. */
  readonly externals = new Map<string, FunctionInfo>();
  /** References to the stack that were passed to functions, to be judged when all bodies are known. */
  readonly stackArguments: StackArgument[] = [];
  /** Functions that trap entries call. */
  readonly trapHandlers: FunctionInfo[] = [];
  /** Where calls and log lines stand in the source. */
  readonly callNodes = new WeakMap<Expression, ts.Node>();
  panicHandler: { info: FunctionInfo; place: Place } | undefined;
  logHandler: { info: FunctionInfo; place: Place } | undefined;
  /** Depth of the instantiation that is being lowered. */
  depth = 0;

  constructor(
    readonly source: Source,
    readonly options: Options,
  ) {
    this.names = new Names(source.checker);
  }

  get checker(): ts.TypeChecker {
    return this.source.checker;
  }

  /** Reports and gives up on the statement at hand. */
  fail(node: ts.Node, code: Code, ...args: string[]): never {
    this.report(node, code, ...args);
    throw new Rejected(code);
  }

  report(node: ts.Node, code: Code, ...args: string[]): void {
    this.reportAt(node.getSourceFile(), node.getStart(), node.getEnd() - node.getStart(), code, ...args);
  }

  /** Reports what no node stands for. */
  reportAt(file: ts.SourceFile, start: number, length: number, code: Code, ...args: string[]): void {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const place = { file: this.path(file), line: line + 1, column: character + 1 };
    this.diagnostics.push({ code, ...place, length, ...describe(code, args) });
  }

  /** Runs a step; a complaint inside it ends the step, not the compilation. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (error instanceof Rejected) return undefined;
      throw error;
    }
  }

  path(file: ts.SourceFile): string {
    const known = this.paths.get(file);
    if (known !== undefined) return known;
    const path = relativePath(this.source.root, file.fileName);
    this.paths.set(file, path);
    return path;
  }

  place(node: ts.Node): Place {
    const file = node.getSourceFile();
    return { file: this.path(file), line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 };
  }

  /** The symbol that a name means, seen through imports. */
  symbolOf(name: ts.Node): ts.Symbol | undefined {
    return this.names.symbolOf(name);
  }

  /** A number that stays the same for one object and differs between objects. */
  identity(object: object): number {
    const known = this.identities.get(object);
    if (known !== undefined) return known;
    this.identities.set(object, this.identities.size);
    return this.identities.size - 1;
  }

  /** `wanted`, or with a number behind it when that is taken. */
  uniqueName(wanted: string): string {
    let name = wanted;
    for (let suffix = 2; this.cNames.has(name); suffix += 1) name = `${wanted}_${suffix}`;
    this.cNames.add(name);
    return name;
  }

  /** `kernel_mm_frameAllocator` for kernel/mm/frameAllocator.ts. */
  modulePrefix(file: ts.SourceFile): string {
    const name = this.path(file)
      .replace(/\.ts$/, "")
      .replace(/[^A-Za-z0-9_]/g, "_");
    return /^[0-9]/.test(name) ? `_${name}` : name;
  }
}

/** Declared in kernel.d.ts, so a word of the language and not of the program. */
export const isAmbient = (symbol: ts.Symbol): boolean =>
  symbol.declarations?.some((declaration) => declaration.getSourceFile().isDeclarationFile) ?? false;

export const typeArgumentsKey = (typeArguments: readonly Type[]): string =>
  typeArguments.map((type) => type.key).join(", ");
