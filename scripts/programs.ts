/**
 * A program of user/ as one JavaScript file for Porffor, or for Node.
 *
 *     user/NAME.ts ── esbuild ── one file, types stripped ── renameForC ── OUT           --out OUT --depend OUT.d
 *                         └───── the same with machine.node.ts ─────────── OUT.node.mjs  --node
 *
 * The names of the files that went in are written as a rule for make, so that a program is built again when one of
 * them has changed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { renameForC } from "./programs/renameForC";

interface Bundle {
  text: string;
  /** Paths from the working directory. */
  inputs: string[];
}

function bundle(entry: string, node: boolean): Bundle {
  const result = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    platform: node ? "node" : "neutral",
    resolveExtensions: node ? [".node.ts", ".ts"] : [".ts"],
    logLevel: "warning",
  });
  return { text: result.outputFiles[0]?.text ?? "", inputs: Object.keys(result.metafile.inputs) };
}

function main(): number {
  const option = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    options: { out: option, depend: option, node: { type: "boolean" } },
    allowPositionals: true,
  });
  const [entry] = positionals;
  const { out, depend, node = false } = values;
  if (entry === undefined || out === undefined) {
    console.error("programs: needs a source and --out");
    return 2;
  }
  const { text, inputs } = bundle(entry, node);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, node ? text : renameForC(text));
  if (depend !== undefined) {
    const files = inputs.map((input) => relative(process.cwd(), input));
    writeFileSync(depend, `${out}: ${files.join(" ")}\n${files.map((file) => `${file}:\n`).join("")}`);
  }
  return 0;
}

process.exitCode = main();
