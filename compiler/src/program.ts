// Loads a program: the entry file, everything it imports, and kernel.d.ts, under exactly the options that editors use.

import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

import { describe, shortened, type Code, type Diagnostic } from "./diagnostics";

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

/** tsc quotes types at any length. */
const MAX_MESSAGE = 2000;

/** What the front end knows about the sources. */
export interface Source {
  readonly root: string;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly entry: ts.SourceFile;
  /** The user's files in the order of their imports: what a file imports comes before it. */
  readonly files: readonly ts.SourceFile[];
  /** About files that were not looked into: too large, or not text. */
  readonly unreadable: readonly Diagnostic[];
}

/**
 * The largest source. Time and memory grow with it, in tsc in part faster than in proportion; what is larger is not
 * written by hand, and data of this size belongs into a boot module.
 */
const MAX_SOURCE_BYTES = 1 << 20;

/** The path of a file as messages and symbols show it. */
export const relativePath = (root: string, fileName: string): string =>
  relative(root, resolve(fileName)).replaceAll("\\", "/");

export function loadProgram(root: string, entry: string): Source | undefined {
  const realRoot = realpathSync(root);
  const path = resolve(realRoot, entry);
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  const unreadable: Diagnostic[] = [];
  const host = hostThatChecks(realRoot, unreadable);
  const program = ts.createProgram({ rootNames: [LANGUAGE_FILE, realpathSync(path)], options: OPTIONS, host });
  const entryFile = program.getSourceFile(realpathSync(path));
  if (entryFile === undefined) return undefined;
  const files = program.getSourceFiles().filter((file) => file.fileName !== LANGUAGE_FILE);
  return { root: realRoot, program, checker: program.getTypeChecker(), entry: entryFile, files, unreadable };
}

/** kernel.d.ts is the same for every program: it is parsed once. */
let languageFile: ts.SourceFile | undefined;

/** What was parsed, by path, when it is kept. */
let kept: Map<string, ts.SourceFile> | undefined;
let builder: ts.SemanticDiagnosticsBuilderProgram | undefined;

/**
 * From now on sources are parsed again, and checked by tsc, only where a change concerns them. The result names all
 * that were ever parsed.
 */
export const keepSources = (): ReadonlyMap<string, ts.SourceFile> => (kept ??= new Map());

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A file that was parsed before, if it still has the same text. Only tsc's builder looks at versions. */
function parseChanged(
  host: ts.CompilerHost,
  files: Map<string, ts.SourceFile>,
  path: string,
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | undefined {
  const text = host.readFile(path);
  const known = files.get(path);
  if (text === undefined || known?.text === text) return text === undefined ? undefined : known;
  const version = hashOf(text);
  const file = Object.assign(ts.createSourceFile(path, text, options), { version });
  files.set(path, file);
  return file;
}

/**
 * Reads sources for tsc. One that is too large or not UTF-8 stays empty for it, and is complained about. Comments mean
 * nothing, so they are not parsed.
 */
function hostThatChecks(root: string, unreadable: Diagnostic[]): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const read = host.readFile.bind(host);
  host.readFile = (path) => {
    if (!path.endsWith(".ts") || !existsSync(path)) return read(path);
    const { text, code } = readSource(path);
    if (code === undefined) return text;
    const file = relativePath(root, path);
    unreadable.push({ code, file, line: 1, column: 1, ...describe(code, [file]) });
    return text;
  };
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...how) => {
    if (kept !== undefined) return parseChanged(host, kept, path, how[0]);
    return path === LANGUAGE_FILE ? (languageFile ??= parse(path, ...how)) : parse(path, ...how);
  };
  return host;
}

function readSource(path: string): { readonly text: string; readonly code?: Code } {
  if (statSync(path).size > MAX_SOURCE_BYTES) return { text: "", code: "TK5012" };
  const bytes = readFileSync(path);
  if (!isUtf8(bytes)) return { text: "", code: "TK5013" };
  return { text: bytes.toString("utf8").replace(/^\uFEFF/, "") };
}

/** What tsc itself says, syntax errors alone if there are any. */
export function typeScriptDiagnostics(source: Source): Diagnostic[] {
  const syntax = source.program.getSyntacticDiagnostics();
  const all = syntax.length > 0 ? syntax : [...source.program.getOptionsDiagnostics(), ...semantics(source)];
  return all.map((diagnostic) => convert(source, diagnostic));
}

function semantics({ program }: Source): readonly ts.Diagnostic[] {
  if (kept !== undefined)
    builder = ts.createSemanticDiagnosticsBuilderProgram(program, { createHash: hashOf }, builder);
  return [...program.getGlobalDiagnostics(), ...(builder ?? program).getSemanticDiagnostics()];
}

/** What is about no file stands at the entry. */
function convert(source: Source, diagnostic: ts.Diagnostic): Diagnostic {
  const { file, start = 0 } = diagnostic;
  const position = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
  return {
    code: `TS${diagnostic.code}`,
    file: relativePath(source.root, (file ?? source.entry).fileName),
    line: position.line + 1,
    column: position.character + 1,
    message: shortened(ts.flattenDiagnosticMessageText(diagnostic.messageText, " "), MAX_MESSAGE),
  };
}
