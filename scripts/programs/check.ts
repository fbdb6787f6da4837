/**
 * Types of programs, and the rules of rules.ts.
 *
 *     user/life.ts:12:5: error TP1001: finally is skipped when its try block is left early
 *       suggestion: do what has to be done before each way out
 */
import { dirname, relative, resolve } from "node:path";
import ts from "typescript";
import { RULES } from "./rules";

export interface Complaint {
  file: string;
  line: number;
  column: number;
  code: string;
  message: string;
  /** Only the rules have one; what tsc finds has none. */
  suggestion: string | null;
}

/** All complaints about sources and what they import. `config` is the tsconfig.json that they go by. */
export function checkPrograms(sources: string[], config: string): Complaint[] {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    resolve(dirname(config)),
  );
  const ambient = fileNames.filter((name) => name.endsWith(".d.ts"));
  const program = ts.createProgram([...ambient, ...sources], options);
  const checker = program.getTypeChecker();
  const own = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
  return [
    ...ts.getPreEmitDiagnostics(program).map(fromTsc),
    ...own.filter((file) => !file.isDeclarationFile).flatMap((file) => brokenRules(file, checker)),
  ];
}

function fromTsc({ file, start = 0, code, messageText }: ts.Diagnostic): Complaint {
  const message = ts.flattenDiagnosticMessageText(messageText, " ");
  return { ...place(file, start), code: `TS${code}`, message, suggestion: null };
}

function place(file: ts.SourceFile | undefined, at: number): Pick<Complaint, "file" | "line" | "column"> {
  if (file === undefined) return { file: "", line: 1, column: 1 };
  const { line, character } = file.getLineAndCharacterOfPosition(at);
  return { file: relative(process.cwd(), file.fileName), line: line + 1, column: character + 1 };
}

function brokenRules(file: ts.SourceFile, checker: ts.TypeChecker): Complaint[] {
  const complaints: Complaint[] = [];
  const visit = (node: ts.Node): void => {
    for (const [code, { message, suggestion, find }] of Object.entries(RULES)) {
      const found = find(node, checker);
      if (found !== null) complaints.push({ ...place(file, found.getStart(file)), code, message, suggestion });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return complaints;
}

export function complaintText({ file, line, column, code, message, suggestion }: Complaint): string {
  const text = `${file}:${line}:${column}: error ${code}: ${message}`;
  return suggestion === null ? text : `${text}\n  suggestion: ${suggestion}`;
}
