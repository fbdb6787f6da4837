/**
 * Starts a bundled tool with the bytecode that V8 made of it the last time.
 *
 *     compiler/src, typescript --esbuild--> BUILD/tools/compiler.bundle.cjs --V8, first run--> .HASH.code
 *
 *   node BUILD/tools/compiler.cjs [arguments of the tool]
 *
 * BUILD/tools/TOOL.cjs is this file, for every tool. The bytecode is kept under the hash of the tool's text, so another
 * text never gets it; V8 itself refuses what another version of it made. Threads of one tool do different things, and
 * have bytecode of their own. Where nothing can be written the tool only starts more slowly.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script, type ScriptOptions } from "node:vm";
import { isMainThread } from "node:worker_threads";

type Tool = (require: NodeJS.Require, module: object, exports: object, file: string, folder: string) => void;

function start(file: string): void {
  const text = readFileSync(file, "latin1");
  const hash = createHash("sha256").update(text, "latin1").digest("hex").slice(0, 16);
  const codeFile = `${file}.${hash}.${isMainThread ? "main" : "thread"}.code`;
  const options: ScriptOptions = { filename: file };
  if (existsSync(codeFile)) options.cachedData = readFileSync(codeFile);
  const script = new Script(`(function (require, module, exports, __filename, __dirname) {${text}\n})`, options);
  if (options.cachedData === undefined || script.cachedDataRejected === true)
    process.once("exit", () => keepCode(file, hash, codeFile, script.createCachedData()));
  const run = script.runInThisContext() as Tool;
  const module = { exports: {} };
  run(createRequire(file), module, module.exports, file, dirname(file));
}

/** Whole or not at all, since others may run the same tool now. What was kept for older texts goes. */
function keepCode(file: string, hash: string, codeFile: string, code: Buffer): void {
  const unfinished = `${codeFile}.${process.pid}`;
  try {
    for (const name of readdirSync(dirname(file)))
      if (name.startsWith(`${basename(file)}.`) && name.endsWith(".code") && !name.includes(hash))
        rmSync(join(dirname(file), name), { force: true });
    writeFileSync(unfinished, code);
    renameSync(unfinished, codeFile);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

start(join(__dirname, basename(__filename).replace(/cjs$/, "bundle.cjs")));
