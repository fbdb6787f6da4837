// A program's text holds its modules one after the other, a line between them. Everything is exported, and what a
// module imports follows from the names in it: so nothing has to be said about modules while a program is being
// generated or made smaller.
//
//   export const K: u32 = 1;             program3.ts      import { second } from "./program3_1";
//   export function main() ...     -->
//   // ---- next module                  program3_1.ts    import { K } from "./program3"; import { note } from ...
//   export function second() ...

import { usedOf } from "./library";

export const NEXT_MODULE = "// ---- next module";

export interface Module {
  /** Without extension. */
  readonly name: string;
  readonly source: string;
}

const DECLARATION = /^(?:@\w+(?:\(\d+\))?\n)*export (?:function|const|let|class|enum|type) (\w+)/gm;

/** The names that a module exports. */
const exportsOf = (source: string): string[] => [...source.matchAll(DECLARATION)].map(([, name]) => name ?? "");

/** The modules of a program, with their imports; those from the library, where it is not given, are left out. */
export function modulesOf(text: string, entry: string, library?: Module): Module[] {
  const parts = text.split(`${NEXT_MODULE}\n`);
  const own = parts.map((source, at) => ({ name: at === 0 ? entry : `${entry}_${at}`, source }));
  const all = [...own, ...(library === undefined ? [] : [library])].map((module) => ({
    ...module,
    exports: exportsOf(module.source),
  }));
  return own.map(({ name, source }) => {
    const words = new Set(source.match(/\w+/g));
    const imports = all.flatMap((other) => {
      const taken = other.name === name ? [] : other.exports.filter((word) => words.has(word));
      return taken.length === 0 ? [] : [`import { ${taken.join(", ")} } from "./${other.name}";\n`];
    });
    return { name, source: `${imports.join("")}${source}` };
  });
}

/** The modules of a program that needs no library: its entry holds what it uses of that. */
export const standalone = (text: string, entry: string): Module[] => modulesOf(`${usedOf(text)}${text}`, entry);
