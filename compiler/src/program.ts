// Loads a program: the entry file, everything it imports, and kernel.d.ts, under exactly the options that editors use.

import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

import type { Diagnostic } from "./diagnostics";

const LANGUAGE_FILE = join(dirname(fileURLToPath(import.meta.url)), "..", "lang", "kernel.d.ts");

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  strict: true,
  strictPropertyInitialization: false,
  noLib: true,
  types: [],
  experimentalDecorators: true,
  isolatedModules: true,
};

/** What the front end knows about the sources. */
export interface Source {
  readonly root: string;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly entry: ts.SourceFile;
  /** The user's files in the order of their imports: what a file imports comes before it. */
  readonly files: readonly ts.SourceFile[];
}

/** The path of a file as messages and symbols show it. */
export const relativePath = (root: string, fileName: string): string =>
  relative(root, resolve(fileName)).replaceAll("\\", "/");

export function loadProgram(root: string, entry: string): Source | undefined {
  const realRoot = realpathSync(root);
  const path = resolve(realRoot, entry);
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  const program = ts.createProgram({ rootNames: [LANGUAGE_FILE, realpathSync(path)], options: OPTIONS });
  const entryFile = program.getSourceFile(realpathSync(path));
  if (entryFile === undefined) return undefined;
  const files = program.getSourceFiles().filter((file) => file.fileName !== LANGUAGE_FILE);
  return { root: realRoot, program, checker: program.getTypeChecker(), entry: entryFile, files };
}

/** What tsc itself says, syntax errors alone if there are any. */
export function typeScriptDiagnostics(source: Source): Diagnostic[] {
  const syntax = source.program.getSyntacticDiagnostics();
  const all = syntax.length > 0 ? syntax : [...source.program.getOptionsDiagnostics(), ...semantics(source)];
  return all.map((diagnostic) => convert(source, diagnostic));
}

const semantics = (source: Source): readonly ts.Diagnostic[] => [
  ...source.program.getGlobalDiagnostics(),
  ...source.program.getSemanticDiagnostics(),
];

function convert(source: Source, diagnostic: ts.Diagnostic): Diagnostic {
  const { file, start = 0 } = diagnostic;
  const position = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
  return {
    code: `TS${diagnostic.code}`,
    file: file === undefined ? "" : relativePath(source.root, file.fileName),
    line: position.line + 1,
    column: position.character + 1,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, " "),
  };
}
