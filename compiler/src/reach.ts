// Dead code: what no root leads to is left out. Roots are exported functions and objects, the bound handlers, the
// host's main, and everything placed in a section of its own.

import type { FunctionInfo, Global, ProgramIR } from "./ir";

class Walker {
  readonly functions = new Set<FunctionInfo>();
  readonly globals = new Set<Global>();
  private readonly pending: (FunctionInfo | Global)[] = [];

  constructor(private readonly stops: (item: FunctionInfo | Global) => boolean = () => false) {}

  addFunction(info: FunctionInfo): void {
    if (this.functions.has(info)) return;
    this.functions.add(info);
    this.pending.push(info);
  }

  addGlobal(global: Global): void {
    if (this.globals.has(global)) return;
    this.globals.add(global);
    this.pending.push(global);
  }

  run(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop())
      if (!this.stops(next)) this.lookInto(next);
  }

  lookInto(item: FunctionInfo | Global): void {
    this.visit(("body" in item ? item.body : item.initialiser) ?? []);
  }

  /** Looks through statements, expressions and initialisers alike: IR is plain data. */
  private visit(node: object): void {
    if (Array.isArray(node)) for (const child of node) this.visitChild("", child);
    else for (const key in node) this.visitChild(key, (node as Readonly<Record<string, unknown>>)[key]);
  }

  private visitChild(key: string, child: unknown): void {
    if (typeof child !== "object" || child === null || SKIPPED.has(key)) return;
    if (isFunction(child)) return this.addFunction(child);
    if (isGlobal(child)) return this.addGlobal(child);
    this.visit(child);
  }
}

/** Properties of the IR that lead to types, places and names, not to code. */
export const SKIPPED: ReadonlySet<string> = new Set([
  "type",
  "place",
  "local",
  "field",
  "label",
  "enumeration",
  "owner",
  "storage",
]);

export const isFunction = (value: object): value is FunctionInfo => "parameters" in value && "external" in value;

const isGlobal = (value: object): value is Global => "section" in value && "initialiser" in value;

/** What these functions and globals lead to, without looking into those for which `stops` holds. */
export function itemsReachableFrom(
  roots: readonly (FunctionInfo | Global)[],
  stops: (item: FunctionInfo | Global) => boolean,
): FunctionInfo[] {
  const walker = new Walker(stops);
  for (const root of roots)
    if ("body" in root) walker.addFunction(root);
    else walker.addGlobal(root);
  walker.run();
  return [...walker.functions];
}

/** What a function or a global names itself. */
export function referencesOf(item: FunctionInfo | Global): (FunctionInfo | Global)[] {
  const walker = new Walker();
  walker.lookInto(item);
  return [...walker.functions, ...walker.globals];
}

export function reachableProgram(program: ProgramIR): ProgramIR {
  const walker = new Walker();
  const { panicHandler, logHandler, main } = program;
  for (const info of [panicHandler, logHandler, main]) if (info !== undefined) walker.addFunction(info);
  for (const info of program.functions) if (info.exported) walker.addFunction(info);
  for (const global of program.globals) if (global.exported || global.section !== undefined) walker.addGlobal(global);
  walker.run();
  return {
    ...program,
    functions: program.functions.filter((info) => walker.functions.has(info)),
    globals: program.globals.filter((global) => walker.globals.has(global)),
  };
}
