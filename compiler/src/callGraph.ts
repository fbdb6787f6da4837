// Who calls whom in the source, before anything is inlined: from the typed IR.
//
// A call through a function reference may reach every function whose address is taken and whose type is that of the
// reference. A check that can fail reaches the panic handler, a log line the log handler.

import type { Expression, FunctionInfo, ProgramIR } from "./ir";
import { SKIPPED, isFunction } from "./reach";

/** A call, and the expression that makes it. */
export interface Edge {
  readonly callee: FunctionInfo;
  readonly site: Expression;
}

/** What one function does. */
interface Behaviour {
  readonly calls: Edge[];
  /** Calls through references, by the key of the function type. */
  readonly calledTypes: Map<string, Expression>;
}

const FALLIBLE = new Set(["index", "divide", "subslice", "fail"]);
const CHECKED = new Set(["arithmetic", "negate", "convert"]);
export class CallGraph {
  private readonly behaviours = new Map<FunctionInfo, Behaviour>();
  /** Functions whose address is taken, by the key of their type. */
  private readonly taken = new Map<string, Set<FunctionInfo>>();
  /** Functions that are declared for assembly but written here, by their symbol. */
  private readonly exported: ReadonlyMap<string, FunctionInfo>;

  constructor(readonly program: Omit<ProgramIR, "main">) {
    const own = program.functions.filter(({ exported }) => exported);
    this.exported = new Map(own.map((info) => [info.symbol, info]));
    for (const info of program.functions) this.behaviours.set(info, this.behaviourOf(info.body));
    for (const global of program.globals) this.behaviourOf(global.initialiser);
  }

  /** Functions that a reference of this type may hold; of any type, when it is undefined. */
  addressTaken(type?: string): FunctionInfo[] {
    if (type !== undefined) return [...(this.taken.get(type) ?? [])];
    return [...new Set([...this.taken.values()].flatMap((functions) => [...functions]))];
  }

  /** The types of the references that a function calls. */
  calledTypes(info: FunctionInfo): string[] {
    return [...(this.behaviours.get(info)?.calledTypes.keys() ?? [])];
  }

  /** The calls of a function in the order of its code, those through references last. */
  edges(info: FunctionInfo): Edge[] {
    const behaviour = this.behaviours.get(info);
    if (behaviour === undefined) return [];
    const indirect = [...behaviour.calledTypes].flatMap(([type, site]) =>
      this.addressTaken(type).map((callee) => ({ callee, site })),
    );
    return [...behaviour.calls, ...indirect];
  }

  callees(info: FunctionInfo): FunctionInfo[] {
    return [...new Set(this.edges(info).map(({ callee }) => callee))];
  }

  /**
   * The shortest chain of calls from `root` to a function for which `isGoal` holds, or undefined. It passes through no
   * function that is `closed`.
   */
  chainTo(
    root: FunctionInfo,
    isGoal: (info: FunctionInfo) => boolean,
    closed: (info: FunctionInfo) => boolean = () => false,
  ): FunctionInfo[] | undefined {
    const chains = new Map<FunctionInfo, FunctionInfo[]>([[root, [root]]]);
    const queue = [root];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const chain = chains.get(at) ?? [];
      if (isGoal(at)) return chain;
      for (const callee of this.callees(at)) {
        if (chains.has(callee) || closed(callee)) continue;
        chains.set(callee, [...chain, callee]);
        queue.push(callee);
      }
    }
    return undefined;
  }

  /** Everything that `root` leads to, itself included. */
  reachable(root: FunctionInfo): FunctionInfo[] {
    const seen = new Set([root]);
    for (const info of seen) for (const callee of this.callees(info)) seen.add(callee);
    return [...seen];
  }

  private behaviourOf(code: unknown): Behaviour {
    const behaviour: Behaviour = { calls: [], calledTypes: new Map() };
    forEachExpression(code, (expression) => this.note(expression, behaviour));
    return behaviour;
  }

  private note(node: Expression, { calls, calledTypes }: Behaviour): void {
    const { panicHandler, logHandler } = this.program;
    if (panicHandler !== undefined && mayPanic(node)) calls.push({ callee: panicHandler, site: node });
    if (logHandler !== undefined && isIntrinsic(node, "log")) calls.push({ callee: logHandler, site: node });
    if (node.kind === "function") this.take(this.written(node.target), node.type.key);
    if (node.kind !== "call") return;
    if (isFunction(node.target)) calls.push({ callee: this.written(node.target), site: node });
    else calledTypes.set(node.target.type.key, node);
  }

  private written(info: FunctionInfo): FunctionInfo {
    return info.external ? (this.exported.get(info.symbol) ?? info) : info;
  }

  private take(info: FunctionInfo, type: string): void {
    const functions = this.taken.get(type) ?? new Set();
    this.taken.set(type, functions.add(info));
  }
}

/** Visits what stands in statements, expressions and initialisers alike: IR is plain data. Functions end the walk. */
export function forEachExpression(node: unknown, visit: (expression: Expression) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) forEachExpression(child, visit);
    return;
  }
  visit(node as Expression);
  for (const key in node) {
    const child = (node as Readonly<Record<string, unknown>>)[key];
    if (isCode(key, child)) forEachExpression(child, visit);
  }
}

const isCode = (key: string, child: unknown): boolean =>
  typeof child === "object" && child !== null && !SKIPPED.has(key) && key !== "global" && !isFunction(child);

const mayPanic = (node: Expression): boolean =>
  FALLIBLE.has(node.kind) || isIntrinsic(node, "panic") || (CHECKED.has(node.kind) && "check" in node);

const isIntrinsic = (node: Expression, name: string): boolean => node.kind === "intrinsic" && node.name === name;
