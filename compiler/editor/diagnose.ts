// What the compiler says of one file that is open in an editor, with everything the file imports, on the editor's
// program.

import { dirname } from "node:path";
import ts from "typescript";

import { sortDiagnostics, type Diagnostic } from "../src/diagnostics";
import { lowerProgram } from "../src/lower/modules";
import { relativePath } from "../src/program";
import { checkSubset } from "../src/subset";
import { Unit } from "../src/unit";

/** The compiler's own diagnostics of the file; tsc's are the editor's business. Paths are relative to `root`. */
export function diagnose(program: ts.Program, root: string, fileName: string): Diagnostic[] {
  const entry = program.getSourceFile(fileName);
  if (entry === undefined || entry.isDeclarationFile || program.getSyntacticDiagnostics(entry).length > 0) return [];
  const checker = program.getTypeChecker();
  const source = { root, program, checker, entry, files: importsOf(checker, entry), unreadable: [] };
  const unit = new Unit(source, { target: "metal", checks: "full" });
  checkSubset(unit);
  if (unit.diagnostics.length === 0 && !hasErrors(program, source.files)) lowerProgram(unit);
  const path = relativePath(root, fileName);
  return sortDiagnostics(unit.diagnostics.filter((diagnostic) => diagnostic.file === path));
}

/** Lowering relies on what tsc has accepted. */
const hasErrors = (program: ts.Program, files: readonly ts.SourceFile[]): boolean =>
  files.some(
    (file) => program.getSyntacticDiagnostics(file).length > 0 || program.getSemanticDiagnostics(file).length > 0,
  );

/** The file and all that it imports, what is imported before what imports it. */
function importsOf(checker: ts.TypeChecker, entry: ts.SourceFile): ts.SourceFile[] {
  const found = new Set<ts.SourceFile>();
  const ordered: ts.SourceFile[] = [];
  const visit = (file: ts.SourceFile): void => {
    if (found.has(file) || file.isDeclarationFile) return;
    found.add(file);
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const target = checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations?.[0]?.getSourceFile();
      if (target !== undefined) visit(target);
    }
    ordered.push(file);
  };
  visit(entry);
  return ordered;
}

/** The folder whose names the diagnostics use. */
export const rootOf = (configFile: string | undefined, currentDirectory: string): string =>
  configFile === undefined ? currentDirectory : dirname(configFile);
