/**
 * The files of the project as the tidy tests see them: everything git tracks or would track, read once.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";

export interface SourceFile {
  /** Relative to the project root, with forward slashes. */
  path: string;
  text: string;
  lines: string[];
}

const BINARY = /\.(?:png|jpg|gif|bin|psf|ico)$/;

let cached: SourceFile[] | undefined;

/** Every text file that is tracked, or new and not ignored. */
export function projectFiles(): SourceFile[] {
  cached ??= listFiles().map((path) => {
    const text = readFileSync(path, "utf8");
    return { path, text, lines: text.split("\n") };
  });
  return cached;
}

function listFiles(): string[] {
  const output = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const paths = new Set(output.toString().split("\0"));
  return [...paths].filter((path) => path !== "" && !BINARY.test(path) && existsSync(path)).sort();
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
  return filesMatching(/^(?:compiler\/src|compiler\/test|scripts|test)\/.*(?<!\.d)\.ts$/).filter(
    (file) => !/^test\/metal\/|^compiler\/test\/[^/]+\/|^test\/(?:unit|bench)\/[^/]+\//.test(file.path),
  );
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
