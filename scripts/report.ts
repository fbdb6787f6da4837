/**
 * `make report`: how deep the stack gets, that no trap allocates, how large the code is, and who uses intrinsics.
 *
 *     kernel/main.ts --compiler--> typed IR ---------> calls in the source -----+
 *     tessera.c -----gcc---------> .ci (call graph) -+                          +--> text on stdout, report.json
 *     tessera.elf ---objdump-----> assembly ---------+--> calls in the code ----+
 *
 *   report.ts --entry kernel/main.ts --graph FILE.ci... --elf FILE.elf --symbols FILE.sym --out FILE.json
 *
 * Ends with 1 when a rule of report/rules.ts is broken. CROSS is the prefix of objdump.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { analyse, formatDiagnostic } from "../compiler/src/compile";
import { reachableProgram } from "../compiler/src/reach";
import { readCallGraph, unknownCalls, withAssembly } from "./report/callGraph";
import { readSizes } from "./report/codeSize";
import { makeReport, type Report } from "./report/report";
import { SourceGraph } from "./report/sourceGraph";
import { processStack } from "./report/rules";
import { reportText } from "./report/text";

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

interface Inputs {
  readonly entry: string;
  /** One of each C file. */
  readonly graphs: readonly string[];
  readonly elf: string;
  readonly symbols: string;
}

function main(): number {
  const option = { type: "string" } as const;
  const { values } = parseArgs({
    options: { entry: option, graph: { ...option, multiple: true }, elf: option, symbols: option, out: option },
  });
  const { entry, graph: graphs, elf, symbols, out } = values;
  if (!entry || !graphs || !elf || !symbols || !out)
    return complain("needs --entry, --graph, --elf, --symbols and --out");
  const report = gather({ entry, graphs, elf, symbols });
  if (typeof report === "string") return complain(report);
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(reportText(report));
  return report.broken.length === 0 ? 0 : 1;
}

function complain(message: string): number {
  console.error(`report: ${message}`);
  return 2;
}

/** The report, or why there is none. */
function gather({ entry, graphs, elf, symbols }: Inputs): Report | string {
  const analysis = analyse({ root: process.cwd(), entry, target: "metal" });
  if (analysis.unit === undefined) return analysis.diagnostics.map(formatDiagnostic).join("\n");
  const disassembly = disassemble(elf);
  const compiled = readCallGraph(graphs.map((graph) => readFileSync(graph, "utf8")).join(""));
  const code = withAssembly(compiled, disassembly);
  return makeReport({
    graph: code,
    source: new SourceGraph(reachableProgram(analysis.program)),
    all: analysis.program,
    sizes: readSizes(readFileSync(symbols, "utf8")),
    unknownCalls: unknownCalls(code, disassembly),
    mappedStacks: [processStack(readFileSync("kernel/process/kernelStacks.ts", "utf8"))],
  });
}

function disassemble(elf: string): string {
  const objdump = `${process.env.CROSS ?? ""}objdump`;
  return execFileSync(objdump, ["-d", "--no-show-raw-insn", elf], { encoding: "utf8", maxBuffer: MAX_OUTPUT_BYTES });
}

process.exitCode = main();
