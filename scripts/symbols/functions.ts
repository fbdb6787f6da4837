/** What the ELF file and the compiler know about a kernel's code, brought together. */
import type { ElfFile, ElfSymbol } from "./elf";
import { findPrologue } from "./instructions";
import type { LineRow } from "./lines";
import { readDebugInfo, type DebugInfo, type InlinedCall, type InlinedCode } from "./units";

/** What the compiler says about a C symbol. */
export interface NamedFunction {
  name: string;
  file: string;
  line: number;
}

/** A line of a function, and the line that this code was inlined into; null: it is the function that holds it. */
export interface Place {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly caller: Place | null;
}

/** From `address` on the code was made from this place; null: from none in the source. */
export interface Row {
  readonly address: number;
  readonly place: Place | null;
}

/** One function of the image. */
export interface CodeFunction extends Extent {
  readonly rows: readonly Row[];
  /** Offset of the first instruction that moves RSP: up to it, RSP points at the return address. */
  readonly firstPush: number;
  /** Offset of the instruction that makes RBP the frame: behind it, RBP + 8 points at the return address. */
  readonly frameSet: number | null;
}

interface Extent {
  readonly start: number;
  readonly size: number;
  readonly source: NamedFunction;
}

/** An offset that no function reaches. */
const NEVER = 0xffff;

type Names = ReadonlyMap<string, NamedFunction>;

/**
 * Functions in the order of their addresses, one after the other, since all together are large. A function ends where
 * the next one starts.
 *
 * @param names C symbol to TypeScript function
 */
export function* readFunctions(elf: ElfFile, names: Names): Generator<CodeFunction> {
  const info = readDebugInfo(elf);
  const cursor = new CodeCursor(info);
  for (const { start, size, source } of listFunctions(elf.codeSymbols(), names)) {
    const rows = readRows(cursor, start, start + size, new Places(source, names, info));
    const { firstPush, frameSet } = findPrologue(elf.code(start, size));
    yield { start, size, source, rows, firstPush: firstPush ?? NEVER, frameSet };
  }
}

function listFunctions(symbols: readonly ElfSymbol[], names: Names): Extent[] {
  const end = symbols.find(({ name }) => name === "text_end")?.address;
  const code = symbols.filter(({ name, address }) => !isLimit(name) && !isLocalLabel(name, names) && address !== end);
  return code
    .filter(({ address }, index) => address !== code[index - 1]?.address)
    .map(({ address, name }, index, all) => ({
      start: address,
      size: (all[index + 1]?.address ?? end ?? address + 1) - address,
      source: { ...(names.get(baseName(name)) ?? { name, file: "", line: 0 }) },
    }));
}

/** Names that the linker script gives to places between sections. */
function isLimit(symbol: string): boolean {
  return /^(?:kernel|text|rodata|symbols|data|multiboot2_header)_(?:start|end)$/.test(symbol);
}

/** NASM names labels within a routine `routine.label`. gcc's clones, `function.part.0`, are functions. */
function isLocalLabel(symbol: string, names: Names): boolean {
  return symbol.includes(".") && !names.has(baseName(symbol));
}

function baseName(symbol: string): string {
  return symbol.split(".")[0] ?? symbol;
}

/** Rows that say something new. */
function readRows(cursor: CodeCursor, start: number, end: number, places: Places): Row[] {
  const rows: Row[] = [];
  for (let address = start; address < end; address = cursor.next) {
    cursor.moveTo(address);
    if (cursor.row === null) continue;
    const place = places.at(cursor.row, cursor.call);
    if (rows.length === 0 || !isSame(rows[rows.length - 1].place, place)) rows.push({ address, place });
  }
  return rows;
}

/** Goes up through the code, and knows the line and the innermost inlined call of each address. */
class CodeCursor {
  /** Null where code is of no line. */
  row: LineRow | null = null;
  /** Null where code is of no inlined call. */
  call: InlinedCall | null = null;
  /** Where one of them changes. */
  next = -Infinity;
  readonly #rows: readonly LineRow[];
  #rowIndex = -1;
  /** Callers stand before what was inlined into them. */
  readonly #inlined: readonly InlinedCode[];
  #inlinedCount = 0;
  /** What the address is in, the innermost last. */
  readonly #open: InlinedCode[] = [];

  constructor({ sequences, inlined }: DebugInfo) {
    this.#rows = [...sequences].sort(([a], [b]) => a.address - b.address).flat();
    this.#inlined = [...inlined].sort((a, b) => a.low - b.low);
  }

  moveTo(address: number): void {
    const row = this.#moveRow(address);
    const code = this.#moveInlined(address);
    this.row = row === undefined || row.line === 0 ? null : row;
    this.call = code?.call ?? null;
    const nextRow = this.#rows[this.#rowIndex + 1]?.address ?? Infinity;
    const nextInlined = this.#inlined[this.#inlinedCount]?.low ?? Infinity;
    this.next = Math.min(nextRow, nextInlined, code?.high ?? Infinity);
  }

  #moveRow(address: number): LineRow | undefined {
    while (this.#rowIndex + 1 < this.#rows.length && this.#rows[this.#rowIndex + 1].address <= address)
      this.#rowIndex += 1;
    return this.#rows[this.#rowIndex];
  }

  #moveInlined(address: number): InlinedCode | undefined {
    for (; this.#inlinedCount < this.#inlined.length; this.#inlinedCount += 1) {
      const code = this.#inlined[this.#inlinedCount];
      if (code.low > address) break;
      if (code.high > address) this.#open.push(code);
    }
    while (this.#open.length > 0 && this.#open[this.#open.length - 1].high <= address) this.#open.pop();
    return this.#open[this.#open.length - 1];
  }
}

function isSame(a: Place | null, b: Place | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return a.line === b.line && a.name === b.name && a.file === b.file && isSame(a.caller, b.caller);
}

/** Puts what DWARF says about a function's code in the words of the source. */
class Places {
  readonly #owner: NamedFunction;
  readonly #names: Names;
  readonly #info: DebugInfo;
  readonly #known = new Map<InlinedCall, { readonly name: string; readonly caller: Place | null }>();

  constructor(owner: NamedFunction, names: Names, info: DebugInfo) {
    this.#owner = owner;
    this.#names = names;
    this.#info = info;
  }

  /**
   * Leaves away the generated C and its header: what stands there belongs to the line that it was inlined into.
   *
   * @param call the inlined call that the line belongs to; null: it is the function's own
   */
  at({ file, line }: { readonly file: string; readonly line: number }, call: InlinedCall | null): Place | null {
    if (call === null) {
      if (!isSource(file)) return null;
      if (this.#owner.file === "") this.#owner.file = file;
      return { name: this.#owner.name, file, line, caller: null };
    }
    const { name, caller } = this.#known.get(call) ?? this.#learn(call);
    return isSource(file) ? { name, file, line, caller } : caller;
  }

  #learn(call: InlinedCall): { readonly name: string; readonly caller: Place | null } {
    const symbol = this.#info.functionName(call.origin);
    const name = this.#names.get(baseName(symbol))?.name ?? symbol;
    const known = { name, caller: this.at(call, call.caller) };
    this.#known.set(call, known);
    return known;
  }
}

function isSource(file: string): boolean {
  return file.endsWith(".ts") || file.endsWith(".asm");
}
