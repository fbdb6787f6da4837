/**
 * Makes the symbol table of a kernel, and checks that it moved no code: scripts/symbols/symbolTable.ts.
 *
 *   node --import tsx scripts/symbols.ts --elf FIRST.elf --names NAMES.json --out TABLE [--text TABLE.sym]
 *   node --import tsx scripts/symbols.ts --elf FIRST.elf --check SECOND.elf
 *
 * The second link adds the table behind everything that the first one placed before it, so no function moves; --check
 * makes sure, in a test.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkPasses, makeSymbolTable, type NamedFunction } from "./symbols/symbolTable";

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
  if (elf !== undefined && check !== undefined) return compare(elf, check);
  if (elf === undefined || names === undefined || out === undefined) {
    console.error("symbols: needs --elf, --names and --out, or --elf and --check");
    return 2;
  }
  const made = makeSymbolTable(readFileSync(elf), readNames(names));
  writeFileSync(out, made.table);
  if (text !== undefined) writeFileSync(text, made.text);
  return 0;
}

function compare(first: string, second: string): number {
  const moved = checkPasses(readFileSync(first), readFileSync(second));
  if (moved === null) return 0;
  console.error(`symbols: code moved between the two links (${moved}): the symbol table must lie behind all code`);
  return 1;
}

function readNames(path: string): Map<string, NamedFunction> {
  const parsed = JSON.parse(readFileSync(path, "utf8")) as Record<string, NamedFunction>;
  return new Map(Object.entries(parsed));
}

process.exitCode = main();
