// The compiler as a command. arguments.ts has its words, parallel.ts its two threads.

import { isOtherThread } from "./thread";

import { spawnSync } from "node:child_process";

import { readArguments, USAGE, type Arguments } from "./arguments";
import { diagnosticText, writeFiles } from "./output";
import { compileParallel, serveTranslations, Translator } from "./parallel";
import { keepSources } from "./program";
import { repeatOnChange } from "./watch";

/** Compiles, writes the files, and runs the command. The result is what to say on stderr, empty when all went well. */
async function build(options: Arguments, translator: Translator): Promise<string> {
  const began = new Date();
  const result = await compileParallel(translator, options.compile, options.watch);
  if (result.diagnostics.length > 0) return diagnosticText(result.diagnostics);
  try {
    writeFiles(options, result, began);
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n`;
  }
  return options.command === undefined ? "" : run(options.command);
}

function run(command: string): string {
  const { status } = spawnSync("sh", ["-c", command], { stdio: "inherit" });
  return status === 0 ? "" : `'${command}' failed\n`;
}

async function main(): Promise<number> {
  const options = readArguments();
  if (typeof options === "string") return complain(`${options}\n${USAGE}`);
  const translator = new Translator();
  if (options.watch) return watchAndBuild(options, translator);
  const complaint = await build(options, translator);
  translator.finish();
  return complain(complaint);
}

function complain(text: string): number {
  process.stderr.write(text);
  return text === "" ? 0 : 1;
}

function watchAndBuild(options: Arguments, translator: Translator): Promise<never> {
  const files = keepSources();
  return repeatOnChange(async () => {
    const began = performance.now();
    complain(await build(options, translator));
    console.log(`${((performance.now() - began) / 1000).toFixed(2)} s, waiting for changes`);
    return files.keys();
  });
}

if (isOtherThread) serveTranslations();
else void main().then((code) => (process.exitCode = code));
