/**
 * The symbol table that the kernel carries, so that a panic can name TypeScript functions, files and lines.
 *
 *     first link --.symtab----------------------> code symbols --+
 *                --.debug_line, .debug_info-----> lines, calls --+--> functions, sources, rows --> section .symbols
 *                --.text------------------------> prologues -----+                             --> text, to read
 *     compiler --names--------------------------> TypeScript ----+
 *
 * kernel/symbolTable.ts describes the format and reads it.
 */
import { ElfFile } from "./elf";
import { TableEncoder } from "./encode";
import { readFunctions, type CodeFunction, type NamedFunction } from "./functions";

export type { NamedFunction };

export interface SymbolTable {
  /** What the section .symbols holds. */
  readonly table: Uint8Array;
  /** One line per function: address, size, name, place. */
  readonly text: string;
}

/** The table of a linked kernel, from its symbols and DWARF. `names` tells which function each C symbol is. */
export function makeSymbolTable(elf: Uint8Array, names: ReadonlyMap<string, NamedFunction>): SymbolTable {
  const encoder = new TableEncoder();
  let text = "";
  for (const code of readFunctions(new ElfFile(elf), names)) {
    encoder.add(code);
    text += symbolLine(code);
  }
  return { table: encoder.encode(), text };
}

function symbolLine({ start, size, source }: CodeFunction): string {
  const place = source.line === 0 ? source.file : `${source.file}:${source.line}`;
  return `${hexadecimal(start)} ${size.toString(16).padStart(5)} ${source.name}  ${place}`.trimEnd() + "\n";
}

/** Null when every code symbol has the same address in both links; else what moved. */
export function checkPasses(first: Uint8Array, second: Uint8Array): string | null {
  const before = codeSymbols(first);
  const after = codeSymbols(second);
  const index = before.findIndex((symbol, at) => symbol !== after[at]);
  if (index >= 0) return `${before[index]} became ${after[index] ?? "nothing"}`;
  return before.length === after.length ? null : `${after.length - before.length} more`;
}

/** Symbols that lie in code. The limits of other sections do too, where they touch it. */
function codeSymbols(elf: Uint8Array): string[] {
  const limits = /^(?:rodata|symbols|data|kernel)_(?:start|end)$/;
  const symbols = new ElfFile(elf).codeSymbols().filter(({ name }) => !limits.test(name));
  return symbols.map(({ name, address }) => `${hexadecimal(address)} ${name}`);
}

function hexadecimal(address: number): string {
  return BigInt.asUintN(64, BigInt(address)).toString(16);
}
