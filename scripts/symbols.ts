/**
 * Makes the symbol table that the kernel carries, so that a panic can name TypeScript functions, files and lines.
 *
 *     first link --nm------------> code symbols --+
 *                --objdump -dl---> lines, inlines -+--> functions, sources, rows --> NASM source, section .symbols
 *     compiler --names JSON------> TypeScript names +                          +--> .sym, to read
 *
 *   node --import tsx scripts/symbols.ts --elf FIRST.elf --names NAMES.json --out TABLE.asm [--text TABLE.sym]
 *   node --import tsx scripts/symbols.ts --elf FIRST.elf --check SECOND.elf
 *
 * The second link adds the table behind everything that the first one placed before it, so no function moves; --check
 * makes sure. kernel/symbolTable.ts describes the format and reads it. CROSS is the prefix of nm and objdump.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { encodeTable } from "./symbolsEncode";
import { readFunctions, type CodeFunction, type NamedFunction } from "./symbolsRead";

const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

function main(): number {
  const { values } = parseArgs({
    options: {
      elf: { type: "string" },
      names: { type: "string" },
      out: { type: "string" },
      text: { type: "string" },
      check: { type: "string" },
    },
  });
  const { elf, names, out, text, check } = values;
  if (elf !== undefined && check !== undefined) return checkPasses(elf, check);
  if (elf === undefined || names === undefined || out === undefined) {
    console.error("symbols: needs --elf, --names and --out, or --elf and --check");
    return 2;
  }
  const functions = readFunctions(listSymbols(elf), disassemble(elf), readNames(names));
  writeFileSync(out, assemblySource(encodeTable(functions)));
  if (text !== undefined) writeFileSync(text, symbolText(functions));
  return 0;
}

/** Whether every code symbol has the same address in both links. */
function checkPasses(first: string, second: string): number {
  const moved = difference(listSymbols(first), listSymbols(second));
  if (moved === null) return 0;
  console.error(`symbols: code moved between the two links (${moved}): the symbol table must lie behind all code`);
  return 1;
}

function difference(first: string, second: string): string | null {
  const before = codeSymbolLines(first);
  const after = codeSymbolLines(second);
  const index = before.findIndex((line, at) => line !== after[at]);
  if (index >= 0) return `${before[index]} became ${after[index] ?? "nothing"}`;
  return before.length === after.length ? null : `${after.length - before.length} more`;
}

/** Symbols that lie in code: those of type t. The limits of the sections are of that type too, where they touch it. */
function codeSymbolLines(symbols: string): string[] {
  const limits = / (?:rodata|symbols|data|kernel)_(?:start|end)$/;
  return symbols.split("\n").filter((line) => / [tT] /.test(line) && !limits.test(line));
}

function listSymbols(elf: string): string {
  return run("nm", ["--defined-only", "--numeric-sort", elf]);
}

function disassemble(elf: string): string {
  return run("objdump", ["--disassemble", "--line-numbers", "--inlines", "--wide", "--no-show-raw-insn", elf]);
}

function run(tool: string, options: string[]): string {
  const program = (process.env["CROSS"] ?? "") + tool;
  return execFileSync(program, options, { encoding: "utf8", maxBuffer: MAX_OUTPUT_BYTES });
}

function readNames(path: string): Map<string, NamedFunction> {
  const parsed = JSON.parse(readFileSync(path, "utf8")) as Record<string, NamedFunction>;
  return new Map(Object.entries(parsed));
}

/** The table as NASM data. */
function assemblySource(table: Uint8Array): string {
  const BYTES_PER_LINE = 32;
  const lines = [
    "; The kernel's symbol table, made by scripts/symbols.ts. kernel/symbolTable.ts describes and reads it.",
    "section .symbols progbits alloc noexec nowrite align=16",
  ];
  for (let at = 0; at < table.length; at += BYTES_PER_LINE) {
    lines.push(`    db ${Array.from(table.subarray(at, at + BYTES_PER_LINE)).join(",")}`);
  }
  return lines.join("\n") + "\n";
}

/** One line per function: address, size, name, place. */
function symbolText(functions: CodeFunction[]): string {
  const lines = functions.map(({ start, size, source }) => {
    const place = source.line === 0 ? source.file : `${source.file}:${source.line}`;
    return `${start.toString(16)} ${size.toString(16).padStart(5)} ${source.name}  ${place}`.trimEnd();
  });
  return lines.join("\n") + "\n";
}

process.exitCode = main();
