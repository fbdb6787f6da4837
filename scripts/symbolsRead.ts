/** What nm, objdump and the compiler know about a kernel's code, brought together. */
import { normalize } from "node:path";

/** What the compiler says about a C symbol. */
export interface NamedFunction {
  name: string;
  file: string;
  line: number;
}

/** From `address` on the code was made from this line of this function. */
export interface Row {
  address: bigint;
  source: NamedFunction;
  line: number;
}

/** One function of the image. */
export interface CodeFunction {
  start: bigint;
  size: number;
  source: NamedFunction;
  rows: Row[];
}

interface Place {
  address: bigint;
  file: string;
  line: number;
}

/**
 * Functions in the order of their addresses. A function ends where the next one starts.
 *
 * @param symbols output of nm, sorted by address
 * @param disassembly output of objdump with line numbers
 * @param names C symbol to TypeScript function
 */
export function readFunctions(symbols: string, disassembly: string, names: Map<string, NamedFunction>): CodeFunction[] {
  const functions = readSymbols(symbols, names);
  const sources = new SourceFinder(names);
  let index = -1;
  for (const place of readPlaces(disassembly)) {
    while ((functions[index + 1]?.start ?? place.address + 1n) <= place.address) index += 1;
    const owner = functions[index];
    if (owner === undefined || place.address >= owner.start + BigInt(owner.size)) continue;
    if (owner.source.file === "") owner.source.file = place.file;
    addRow(owner, { address: place.address, source: sources.find(place, owner.source), line: place.line });
  }
  return functions;
}

function addRow(owner: CodeFunction, row: Row): void {
  const last = owner.rows.at(-1);
  if (last?.source !== row.source || last.line !== row.line) owner.rows.push(row);
}

function readSymbols(symbols: string, names: Map<string, NamedFunction>): CodeFunction[] {
  const entries = symbols
    .split("\n")
    .map((line) => /^([0-9a-f]+) [tT] (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ start: BigInt(`0x${match[1]}`), symbol: match[2] ?? "" }));
  const end = entries.find(({ symbol }) => symbol === "text_end")?.start;
  const code = entries.filter(({ start, symbol }) => !isLimit(symbol) && !isLocalLabel(symbol, names) && start !== end);
  return code
    .filter(({ start }, index) => start !== code[index - 1]?.start)
    .map(({ start, symbol }, index, all) => ({
      start,
      size: Number((all[index + 1]?.start ?? end ?? start + 1n) - start),
      source: { ...(names.get(baseName(symbol)) ?? { name: symbol, file: "", line: 0 }) },
      rows: [],
    }));
}

/** Names that the linker script gives to places between sections. */
function isLimit(symbol: string): boolean {
  return /^(?:kernel|text|rodata|symbols|data|multiboot2_header)_(?:start|end)$/.test(symbol);
}

/** NASM names labels within a routine `routine.label`. gcc's clones, `function.part.0`, are functions. */
function isLocalLabel(symbol: string, names: Map<string, NamedFunction>): boolean {
  return symbol.includes(".") && !names.has(baseName(symbol));
}

function baseName(symbol: string): string {
  return symbol.split(".")[0] ?? symbol;
}

/**
 * Every address at which objdump names a new line. Its output alternates:
 *
 *     kernel/main.ts:12 (discriminator 1)
 *     ffffffff80201000:  mov ...
 */
function* readPlaces(disassembly: string): Generator<Place> {
  let file = "";
  let line = 0;
  let isNew = false;
  for (const text of disassembly.split("\n")) {
    const place = /^(\S.*):(\d+)(?: \(discriminator \d+\))?$/.exec(text);
    if (place !== null) {
      file = relativePath(place[1] ?? "");
      line = Number(place[2]);
      isNew = true;
      continue;
    }
    const instruction = isNew ? /^\s*([0-9a-f]+):\t/.exec(text) : null;
    if (instruction === null) continue;
    isNew = false;
    yield { address: BigInt(`0x${instruction[1]}`), file, line };
  }
}

/** Paths below the working directory become relative. */
function relativePath(path: string): string {
  const normal = normalize(path);
  const root = `${process.cwd()}/`;
  return normal.startsWith(root) ? normal.slice(root.length) : normal;
}

/** Finds the TypeScript function that a line stands in: the last one of its file that starts at or before the line. */
class SourceFinder {
  private readonly byFile = new Map<string, NamedFunction[]>();
  private readonly others = new Map<string, NamedFunction>();

  constructor(names: Map<string, NamedFunction>) {
    for (const named of names.values()) {
      const list = this.byFile.get(named.file) ?? [];
      list.push(named);
      this.byFile.set(named.file, list);
    }
    for (const list of this.byFile.values()) list.sort((left, right) => left.line - right.line);
  }

  /** For files without TypeScript functions: the function that owns the code, seen in that file. */
  find(place: Place, owner: NamedFunction): NamedFunction {
    const found = this.byFile.get(place.file)?.findLast(({ line }) => line <= place.line);
    if (found === undefined) return this.other(owner.name, place.file);
    return found.name === owner.name && found.file === owner.file ? owner : found;
  }

  private other(name: string, file: string): NamedFunction {
    const key = `${name}\n${file}`;
    const known = this.others.get(key) ?? { name, file, line: 0 };
    this.others.set(key, known);
    return known;
  }
}
