/**
 * The files of the project as the tidy tests see them, read once.
 */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

export interface SourceFile {
  /** Relative to the project root, with forward slashes. */
  path: string;
  text: string;
  lines: string[];
}

const BINARY = /\.(?:png|jpg|gif|bin|psf|ico)$/;

/** Directories that hold nothing of ours. */
const FOREIGN = new Set(["node_modules", ".git", ".limine"]);

let cached: SourceFile[] | undefined;

/** Every text file that belongs to the project. Reads the tree itself: a machine without git can run the tests too. */
export function projectFiles(): SourceFile[] {
  cached ??= listFiles("").map((path) => {
    const text = readFileSync(path, "utf8");
    return { path, text, lines: text.split("\n") };
  });
  return cached;
}

function listFiles(directory: string): string[] {
  const entries = readdirSync(directory === "" ? "." : directory, { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) return FOREIGN.has(entry.name) || isBuild(path) ? [] : listFiles(path);
      return entry.isFile() && !/\.log$/.test(path) && !BINARY.test(path) ? [path] : [];
    })
    .sort();
}

/** The directory that make builds into. */
function isBuild(path: string): boolean {
  return path === "build" || path === process.env["BUILD"];
}

export function filesMatching(pattern: RegExp): SourceFile[] {
  return projectFiles().filter((file) => pattern.test(file.path));
}

/** TypeScript that is compiled into the kernel or the test kernel. */
export function kernelFiles(): SourceFile[] {
  return filesMatching(/^(?:arch|boot|kernel|test\/metal)\/.*(?<!\.d)\.ts$/);
}

/** TypeScript that runs on Node. */
export function nodeFiles(): SourceFile[] {
  return filesMatching(/^(?:compiler\/(?:src|editor|machine|vite|test)|scripts|test)\/.*(?<!\.d)\.ts$/).filter(
    (file) => !/^test\/metal\/|^compiler\/test\/[^/]+\/|^test\/(?:unit|bench)\/[^/]+\//.test(file.path),
  );
}

/** TypeScript of the programs for ring 3. */
export function programFiles(): SourceFile[] {
  return filesMatching(/^user\/.*(?<!\.d)\.ts$/);
}

export function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
}

/** The modules a file imports: package names as written, relative ones as paths from the project root. */
export function importsOf(file: SourceFile): string[] {
  const found: string[] = [];
  for (const statement of parse(file).statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    if (specifier !== undefined && ts.isStringLiteral(specifier)) found.push(resolveImport(file.path, specifier.text));
  }
  return found;
}

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** `path:line: message` for every line that `find` objects to. */
export function complaints(files: SourceFile[], find: (line: string, file: SourceFile) => string | null): string[] {
  const found: string[] = [];
  for (const file of files) {
    file.lines.forEach((line, index) => {
      const message = find(line, file);
      if (message !== null) found.push(`${file.path}:${index + 1}: ${message}`);
    });
  }
  return found;
}
