/**
 * Who calls whom in the machine code, and how much stack each function takes.
 *
 *     gcc -fcallgraph-info=su --*.ci-----> functions written in TypeScript: frame, calls with their place
 *     objdump -d of the ELF   --text-----> assembly routines; and the calls that the image really has
 *
 * A function of gcc's may be a part or a copy of one in the source: `walk.part.0`. Inlined functions have no node; the
 * place of a call tells which of them it stands in.
 */

/** A call. `place`: `file.ts:line`, or empty in assembly. */
export interface Call {
  /** Undefined for a call through a pointer. */
  readonly target: string | undefined;
  readonly place: string;
}

export interface CodeNode {
  readonly symbol: string;
  /** What one activation takes, with the return address. */
  readonly frameBytes: number;
  /** gcc cannot tell the size of the frame. */
  readonly isOpenEnded: boolean;
  readonly isAssembly: boolean;
  readonly calls: readonly Call[];
}

export type CallGraph = ReadonlyMap<string, CodeNode>;

const WORD_BYTES = 8;

/** `kernel_mm_walk__walk.part.0` is made from `kernel_mm_walk__walk`. */
export const sourceSymbol = (symbol: string): string => symbol.split(".")[0] ?? symbol;

/** Static functions carry their file in front of their name. */
const symbolOf = (title: string): string => title.slice(title.lastIndexOf(":") + 1);

/**
 * Reads what gcc writes with -fcallgraph-info=su. Functions that it only declares have no node. A function that several
 * C files have counts once: with the calls of all, and the largest frame.
 */
export function readCallGraph(text: string): Map<string, CodeNode> {
  const calls = new Map<string, Call[]>();
  for (const [, source = "", target = "", label = ""] of text.matchAll(
    /^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"(?: label: "([^"]*)")? \}/gm,
  )) {
    const known = calls.get(symbolOf(source)) ?? [];
    calls.set(symbolOf(source), known);
    known.push({
      target: target === "__indirect_call" ? undefined : symbolOf(target),
      place: label.replace(/:\d+$/, ""),
    });
  }
  const graph = new Map<string, CodeNode>();
  for (const [, title = "", bytes = "", kind = ""] of text.matchAll(
    /^node: \{ title: "([^"]*)" label: "[^"]*\\n(\d+) bytes \(([a-z,]+)\)/gm,
  )) {
    const symbol = symbolOf(title);
    const known = graph.get(symbol);
    graph.set(symbol, {
      symbol,
      frameBytes: Math.max(Number(bytes), known?.frameBytes ?? 0),
      isOpenEnded: kind === "dynamic" || known?.isOpenEnded === true,
      isAssembly: false,
      calls: calls.get(symbol) ?? [],
    });
  }
  return graph;
}

/** One function of a disassembly, its instructions without addresses. */
interface Listing {
  readonly symbol: string;
  readonly instructions: readonly string[];
}

function listings(disassembly: string): Listing[] {
  return disassembly.split(/^(?=[0-9a-f]+ <)/m).flatMap((block) => {
    const symbol = /^[0-9a-f]+ <([^>]+)>:/.exec(block)?.[1];
    const instructions = [...block.matchAll(/^\s*[0-9a-f]+:\t(.*?)\s*$/gm)].map(([, text = ""]) => text);
    return symbol === undefined ? [] : [{ symbol, instructions }];
  });
}

/**
 * Adds the routines of a disassembly (objdump -d --no-show-raw-insn, AT&T syntax) that the graph lacks: those
 * written in assembly. Their frame is all they push anywhere, which is never less than what they have on the stack
 * at once.
 */
export function withAssembly(graph: CallGraph, disassembly: string): Map<string, CodeNode> {
  const all = new Map(graph);
  const routines = listings(disassembly);
  for (const [index, { symbol, instructions }] of routines.entries()) {
    if (all.has(symbol)) continue;
    const next = routines[index + 1]?.symbol;
    all.set(symbol, {
      symbol,
      frameBytes: WORD_BYTES + instructions.reduce((sum, text) => sum + pushedBytes(text), 0),
      isOpenEnded: false,
      isAssembly: true,
      calls: [...instructions.flatMap((text) => transferOf(text, symbol)), ...fallThrough(instructions, next)],
    });
  }
  return all;
}

function pushedBytes(instruction: string): number {
  if (/^push/.test(instruction)) return WORD_BYTES;
  const taken = /^sub\w*\s+\$0x([0-9a-f]+),%[re]sp/.exec(instruction)?.[1];
  return taken === undefined ? 0 : parseInt(taken, 16);
}

/** Where a call or a jump of `symbol` leads, unless it stays within. */
function transferOf(instruction: string, symbol: string): Call[] {
  if (/^(?:call|jmp)\w*\s+\*/.test(instruction)) return [{ target: undefined, place: "" }];
  const target = /^(?:call|j\w+)\s+[0-9a-f]+ <([^>+]+)>/.exec(instruction)?.[1];
  return target === undefined || target === symbol ? [] : [{ target, place: "" }];
}

function fallThrough(instructions: readonly string[], next: string | undefined): Call[] {
  const last = instructions.findLast((text) => !/^(?:nop|xchg\s+%ax,%ax|int3|cs nop|data16)/.test(text)) ?? "";
  return next === undefined || /^(?:ret|jmp|iret|hlt|ud2)/.test(last) ? [] : [{ target: next, place: "" }];
}

/** Calls of the image that the graph does not know, as `caller -> callee`. */
export function unknownCalls(graph: CallGraph, disassembly: string): string[] {
  const found = new Set<string>();
  for (const { symbol, instructions } of listings(disassembly)) {
    const known = graph.get(symbol);
    const targets = new Set(known?.calls.map((call) => call.target));
    for (const text of instructions) {
      const called = /^call\w*\s+(?:[0-9a-f]+ <([^>+]+)>|\*)/.exec(text);
      if (called !== null && !targets.has(called[1])) found.add(`${symbol} -> ${called[1] ?? "through a pointer"}`);
    }
  }
  return [...found];
}
