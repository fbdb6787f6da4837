/**
 * Writes the members of every enum for scripts/gdb/tessera.py: machine code knows only their numbers.
 *
 *   node --import tsx scripts/gdb/enums.ts --entry kernel/main.ts --out build/tessera.enums.json
 *
 * { "MapResult": { "0": "Mapped", ... }, ... }, by the name that the C type has behind `ts_type_`.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { analyse, formatDiagnostic } from "../../compiler/src/compile";
import { enumSymbol } from "../../compiler/src/emit/c/expressions";

function main(): number {
  const { values } = parseArgs({ options: { entry: { type: "string" }, out: { type: "string" } } });
  const { entry, out } = values;
  if (!entry || !out) return complain("needs --entry and --out");
  const analysis = analyse({ root: process.cwd(), entry, target: "metal" });
  if (analysis.unit === undefined) return complain(analysis.diagnostics.map(formatDiagnostic).join("\n"));
  const enums = [...analysis.unit.enums.values()].map((type) => {
    const members = [...type.members].map(([name, value]) => [String(value), name]);
    return [enumSymbol(type), Object.fromEntries(members) as Record<string, string>] as const;
  });
  writeFileSync(out, `${JSON.stringify(Object.fromEntries(enums), null, 2)}\n`);
  return 0;
}

function complain(message: string): number {
  console.error(`enums: ${message}`);
  return 2;
}

process.exitCode = main();
