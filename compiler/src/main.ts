// The command line of the compiler.
//
//   main.ts [--target metal|host] [--unchecked] --out FILE.c [--names FILE.json] ENTRY.ts
//
// Run it in the project root: places and C names are relative to the current directory.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { compile, formatDiagnostic } from "./compile";

const USAGE = "usage: main.ts [--target metal|host] [--unchecked] --out FILE.c [--names FILE.json] ENTRY.ts\n";

interface Arguments {
  readonly target: "metal" | "host";
  readonly unchecked: boolean;
  readonly out: string;
  readonly names: string | undefined;
  readonly entry: string;
}

function readArguments(): Arguments | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        target: { type: "string", default: "metal" },
        unchecked: { type: "boolean", default: false },
        out: { type: "string" },
        names: { type: "string" },
      },
    });
    const { target, unchecked, out, names } = values;
    const [entry] = positionals;
    const isTarget = target === "metal" || target === "host";
    if (!isTarget || out === undefined || entry === undefined || positionals.length > 1) return undefined;
    return { target, unchecked, out, names, entry };
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function main(): number {
  const options = readArguments();
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 1;
  }
  const { target, unchecked, entry } = options;
  const result = compile({ root: process.cwd(), entry, target, unchecked });
  if (result.diagnostics.length > 0) {
    process.stderr.write(result.diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`).join(""));
    return 1;
  }
  write(options.out, result.c);
  if (options.names !== undefined) write(options.names, `${JSON.stringify(result.names, null, 2)}\n`);
  return 0;
}

process.exitCode = main();
