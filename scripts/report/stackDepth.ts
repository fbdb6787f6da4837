/**
 * How deep the stack can get below an entry point: the most expensive path through the call graph.
 *
 *     entry --calls--> a --calls--> b          depth = frames of entry + a + b
 *
 * A call through a pointer counts as a call of each of its possible targets. A cycle has no finite depth: it is counted
 * once and reported, unless a function in it is known to be entered only so many times (`Bound`).
 */
import type { Call, CallGraph } from "./callGraph";

/** A function that is never active more than `times` times at once, and why. */
export interface Bound {
  readonly symbol: string;
  readonly times: number;
  readonly reason: string;
}

/** What a call through a pointer may lead to. */
export type Resolve = (caller: string, call: Call) => readonly string[];

export interface Step {
  readonly symbol: string;
  readonly frameBytes: number;
  /** Where the function above called it. */
  readonly calledAt: string;
}

export interface Depth {
  readonly bytes: number;
  /** From the entry down. */
  readonly chain: readonly Step[];
  /** Cycles without a bound; each starts and ends with the same function. */
  readonly cycles: readonly (readonly string[])[];
  /** Functions whose frame has no known size, or whose code is not in the graph. */
  readonly unknown: readonly string[];
}

interface Worst {
  readonly bytes: number;
  readonly step: Step;
  readonly next: Worst | undefined;
}

class Search {
  readonly cycles = new Map<string, readonly string[]>();
  readonly unknown = new Set<string>();
  private readonly done = new Map<string, Worst>();
  private readonly path: string[] = [];

  constructor(
    private readonly graph: CallGraph,
    private readonly resolve: Resolve,
    private readonly bounds: readonly Bound[],
  ) {}

  /** `left`: how often each bounded function may still be entered. Undefined: this call cannot happen. */
  worst(symbol: string, left: readonly number[], calledAt: string): Worst | undefined {
    const bound = this.bounds.findIndex((candidate) => candidate.symbol === symbol);
    if (bound >= 0 && left[bound] === 0) return undefined;
    const remaining = left.map((count, index) => (index === bound ? count - 1 : count));
    const key = `${symbol} ${remaining.join(" ")}`;
    if (this.path.includes(key)) return this.noteCycle(key);
    const known = this.done.get(key);
    if (known !== undefined) return { ...known, step: { ...known.step, calledAt } };
    this.path.push(key);
    const result = this.measure(symbol, remaining, calledAt);
    this.path.pop();
    this.done.set(key, result);
    return result;
  }

  private measure(symbol: string, left: readonly number[], calledAt: string): Worst {
    const node = this.graph.get(symbol);
    if (node === undefined || node.isOpenEnded) this.unknown.add(symbol);
    const frameBytes = node?.frameBytes ?? 0;
    let next: Worst | undefined;
    for (const call of node?.calls ?? []) {
      for (const target of call.target === undefined ? this.resolve(symbol, call) : [call.target]) {
        const below = this.worst(target, left, call.place);
        if (below !== undefined && below.bytes > (next?.bytes ?? 0)) next = below;
      }
    }
    return { bytes: frameBytes + (next?.bytes ?? 0), step: { symbol, frameBytes, calledAt }, next };
  }

  private noteCycle(key: string): undefined {
    const names = this.path.slice(this.path.indexOf(key)).map((entry) => entry.split(" ")[0] ?? entry);
    this.cycles.set([...names].sort().join(" "), [...names, names[0] ?? ""]);
  }
}

export function stackDepth(graph: CallGraph, entry: string, resolve: Resolve, bounds: readonly Bound[] = []): Depth {
  const search = new Search(graph, resolve, bounds);
  const budget = bounds.map((bound) => bound.times);
  const worst = search.worst(entry, budget, "");
  const chain: Step[] = [];
  for (let at = worst; at !== undefined; at = at.next) chain.push(at.step);
  return { bytes: worst?.bytes ?? 0, chain, cycles: [...search.cycles.values()], unknown: [...search.unknown] };
}

/** The shortest way from a function back to itself, or undefined. */
export function cycleThrough(graph: CallGraph, symbol: string, resolve: Resolve): string[] | undefined {
  const from = new Map<string, string>();
  const queue = [symbol];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const call of graph.get(at)?.calls ?? []) {
      for (const target of call.target === undefined ? resolve(at, call) : [call.target]) {
        if (target === symbol) return [...pathTo(at, symbol, from), symbol];
        if (from.has(target)) continue;
        from.set(target, at);
        queue.push(target);
      }
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, from: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let at = end; at !== start;) {
    at = from.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}
