/**
 * Who calls whom in the source, before anything is inlined: from the compiler's typed IR.
 *
 * A call through a function reference may reach every function whose address is taken and whose type is that of the
 * reference. A check that can fail reaches the panic handler, a log line the log handler.
 */
import type { Expression, FunctionInfo, ProgramIR } from "../../compiler/src/ir";
import { functionsAround } from "./places";

/** What one function does. */
interface Behaviour {
  readonly calls: Set<FunctionInfo>;
  /** Keys of the function types that it calls through. */
  readonly calledTypes: Set<string>;
  /** Words of the language that reach past it, with how often they stand there. */
  readonly words: Map<string, number>;
}

/** Words that can be used anywhere, although they have an effect. */
const HARMLESS = new Set(["panic", "log", "pause"]);
const FALLIBLE = new Set(["index", "divide", "subslice", "fail"]);
/** Properties of the IR that lead to types, places and names, not to code. */
const SKIPPED = new Set(["type", "place", "local", "field", "label", "enumeration", "owner", "storage", "global"]);

export class SourceGraph {
  private readonly behaviours = new Map<FunctionInfo, Behaviour>();
  /** Functions whose address is taken, by the key of their type. */
  private readonly taken = new Map<string, Set<FunctionInfo>>();

  constructor(readonly program: ProgramIR) {
    for (const info of program.functions) this.behaviours.set(info, this.behaviourOf(info));
    for (const global of program.globals) this.visit(global.initialiser, newBehaviour());
  }

  /** Functions that a reference of this type may hold; of any type, when it is undefined. */
  addressTaken(type?: string): FunctionInfo[] {
    if (type !== undefined) return [...(this.taken.get(type) ?? [])];
    return [...new Set([...this.taken.values()].flatMap((functions) => [...functions]))];
  }

  /** The types of the references that are called in the function around `file.ts:line`. */
  calledTypesAround(place: string): string[] {
    const around = functionsAround(this.program.functions, place);
    return [...new Set(around.flatMap((info) => [...(this.behaviours.get(info)?.calledTypes ?? [])]))];
  }

  callees(info: FunctionInfo): FunctionInfo[] {
    const behaviour = this.behaviours.get(info);
    if (behaviour === undefined) return [];
    const indirect = [...behaviour.calledTypes].flatMap((type) => this.addressTaken(type));
    return [...new Set([...behaviour.calls, ...indirect])];
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

  /** Words of a function that reach past the language, with how often they stand there. */
  words(info: FunctionInfo): ReadonlyMap<string, number> {
    return this.behaviours.get(info)?.words ?? new Map<string, number>();
  }

  private behaviourOf(info: FunctionInfo): Behaviour {
    const behaviour = newBehaviour();
    this.visit(info.body, behaviour);
    return behaviour;
  }

  /** Looks through statements, expressions and initialisers alike: IR is plain data. */
  private visit(node: unknown, behaviour: Behaviour): void {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return node.forEach((child) => this.visit(child, behaviour));
    this.note(node as Expression, behaviour);
    for (const [key, child] of Object.entries(node))
      if (!SKIPPED.has(key) && !isFunction(child)) this.visit(child, behaviour);
  }

  private note(node: Expression, behaviour: Behaviour): void {
    const { panicHandler, logHandler } = this.program;
    if (panicHandler !== undefined && (FALLIBLE.has(node.kind) || isIntrinsic(node, "panic")))
      behaviour.calls.add(panicHandler);
    if (logHandler !== undefined && isIntrinsic(node, "log")) behaviour.calls.add(logHandler);
    if (node.kind === "intrinsic" && node.effect === 2 && !HARMLESS.has(node.name)) count(behaviour.words, node.name);
    if (node.kind === "overlay") count(behaviour.words, "overlay");
    if (node.kind === "symbolAddress") count(behaviour.words, "addressOfSymbol");
    if (node.kind === "function") this.take(node.target, node.type.key);
    if (node.kind === "call") noteCall(node, behaviour);
  }

  private take(info: FunctionInfo, type: string): void {
    const functions = this.taken.get(type) ?? new Set();
    this.taken.set(type, functions.add(info));
  }
}

const newBehaviour = (): Behaviour => ({
  calls: new Set(),
  calledTypes: new Set(),
  words: new Map(),
});

function noteCall({ target }: Expression & { kind: "call" }, behaviour: Behaviour): void {
  if (isFunction(target)) behaviour.calls.add(target);
  else behaviour.calledTypes.add(target.type.key);
}

const count = (words: Map<string, number>, word: string): void => void words.set(word, (words.get(word) ?? 0) + 1);

const isIntrinsic = (node: Expression, name: string): boolean => node.kind === "intrinsic" && node.name === name;

const isFunction = (value: unknown): value is FunctionInfo =>
  typeof value === "object" && value !== null && "parameters" in value && "external" in value;
