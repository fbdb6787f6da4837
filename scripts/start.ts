/**
 * Starts a bundled tool with the machine code and bytecode that V8 made of it the last time.
 *
 *     compiler/src, typescript --esbuild--> BUILD/tools/compiler.cjs --V8, first run--> compiler.cjs.HASH.code
 *
 *   node BUILD/tools/start.cjs TOOL.cjs [arguments of the tool]
 *
 * The code is kept under the hash of the tool's text, so another text never gets it; V8 itself refuses what another
 * version of it made. Where nothing can be written the tool only starts more slowly.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { Script, type ScriptOptions } from "node:vm";

type Tool = (require: NodeJS.Require, module: object, exports: object, file: string, folder: string) => void;

function start(file: string): void {
  const text = readFileSync(file, "latin1");
  const codeFile = `${file}.${createHash("sha256").update(text, "latin1").digest("hex").slice(0, 16)}.code`;
  const options: ScriptOptions = { filename: file };
  if (existsSync(codeFile)) options.cachedData = readFileSync(codeFile);
  const script = new Script(`(function (require, module, exports, __filename, __dirname) {${text}\n})`, options);
  if (options.cachedData === undefined || script.cachedDataRejected === true)
    process.once("exit", () => keepCode(file, codeFile, script.createCachedData()));
  const run = script.runInThisContext() as Tool;
  const module = { exports: {} };
  run(createRequire(file), module, module.exports, file, dirname(file));
}

/** Whole or not at all, since others may run the same tool now. What was kept for older texts goes. */
function keepCode(file: string, codeFile: string, code: Buffer): void {
  const unfinished = `${codeFile}.${process.pid}`;
  try {
    for (const name of readdirSync(dirname(file)))
      if (name.startsWith(`${basename(file)}.`) && name.endsWith(".code"))
        rmSync(join(dirname(file), name), { force: true });
    writeFileSync(unfinished, code);
    renameSync(unfinished, codeFile);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

// The tool sees its arguments where any program does.
process.argv.splice(1, 1);
const tool = process.argv[1];
if (tool === undefined) throw new Error("start: which tool?");
start(resolve(tool));
