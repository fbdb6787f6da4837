/**
 * A program of user/ as one JavaScript file for Porffor, and one for Node.
 *
 *     user/NAME.ts ── esbuild ── one file, types stripped ── renameForC ── OUT/NAME.js
 *                         └───── the same with machine.node.ts ─────────── OUT/NAME.node.mjs
 *
 * The names of the files that went in are written as a rule for make, OUT/NAME.d, so that a program is built again when
 * one of them has changed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { renameForC } from "./programs/renameForC";

interface Bundle {
  text: string;
  /** Paths from the working directory. */
  inputs: string[];
}

/** Modules are looked for with these ends of their names, in this order. */
function bundle(entry: string, resolveExtensions: string[]): Bundle {
  const result = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    resolveExtensions,
    logLevel: "warning",
  });
  return { text: result.outputFiles[0]?.text ?? "", inputs: Object.keys(result.metafile.inputs) };
}

function main(): number {
  const { values, positionals } = parseArgs({ options: { out: { type: "string" } }, allowPositionals: true });
  const [entry] = positionals;
  if (entry === undefined || values.out === undefined) {
    console.error("programs: needs a source and --out");
    return 2;
  }
  const target = join(values.out, basename(entry, ".ts"));
  const forPorffor = bundle(entry, [".ts"]);
  const forNode = bundle(entry, [".node.ts", ".ts"]);
  const inputs = [...new Set([...forPorffor.inputs, ...forNode.inputs])];
  mkdirSync(values.out, { recursive: true });
  writeFileSync(`${target}.node.mjs`, forNode.text);
  writeFileSync(`${target}.d`, `${target}.js: ${inputs.join(" ")}\n${inputs.map((file) => `${file}:\n`).join("")}`);
  writeFileSync(`${target}.js`, renameForC(forPorffor.text));
  return 0;
}

process.exitCode = main();
