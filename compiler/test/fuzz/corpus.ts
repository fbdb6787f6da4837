// What mutants are made from: every program of run/, reject/ and accept/, and every module of the kernel.
//
// A program is one file or a few that import each other. Its mutants change one of them and keep the others as they
// are, so a module of the kernel comes with everything it imports.

import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT, findCases } from "../support";

export interface Program {
  /** The file that is compiled, and mutated unless another of its own is. Relative to the project root. */
  readonly entry: string;
  /** Files that may be mutated. */
  readonly own: readonly string[];
}

const KERNEL_FOLDERS = ["arch", "boot", "kernel"];

/** All files that any program may import, with their text, by their path from the project root. */
export type Sources = ReadonlyMap<string, string>;

function typeScriptFiles(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}

function filesOf(entry: string): string[] {
  if (basename(entry) !== "main.ts") return [entry];
  return typeScriptFiles(dirname(entry));
}

/** The programs in an order that depends on the sources alone. */
export function programs(): Program[] {
  const cases = ["run", "reject", "accept"].flatMap((kind) => findCases(kind));
  const kernel = kernelFiles().map((file) => ({ entry: file, own: [file] }));
  return [...cases.map(({ entry }) => ({ entry, own: filesOf(entry).sort() })), ...kernel];
}

const kernelFiles = (): string[] => KERNEL_FOLDERS.flatMap(typeScriptFiles).sort();

export function readSources(all: readonly Program[]): Sources {
  const files = new Set([...all.flatMap(({ own }) => own), ...kernelFiles()]);
  return new Map([...files].map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}
