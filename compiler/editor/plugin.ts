// The TypeScript language-service plugin: the compiler's diagnostics, with its codes and suggestions, while typing, and
// quick fixes for the common ones. Enabled by "plugins" in tsconfig.json; see "In the editor" in compiler/LANGUAGE.md.

import type ts from "typescript";
import type tsserver from "typescript/lib/tsserverlibrary";

import type { Diagnostic } from "../src/diagnostics";
import { diagnose, rootOf } from "./diagnose";
import { fixesFor, nodeSpanning } from "./fixes";

const SOURCE = "tessera";
/** tsserver knows diagnostics by number. TK2005 becomes 902005, out of the way of tsc's own. */
const CODE_BASE = 900_000;

const numberOf = (code: string): number => CODE_BASE + Number(code.slice(2));
const codeOf = (number: number): string => `TK${number - CODE_BASE}`;

export function init(modules: { typescript: typeof ts }): tsserver.server.PluginModule {
  return {
    create(info) {
      const plugin = new Plugin(modules.typescript, info);
      const service = info.languageService;
      return Object.assign(Object.create(service) as ts.LanguageService, {
        getSemanticDiagnostics: (fileName: string) => plugin.semanticDiagnostics(fileName),
        getCodeFixesAtPosition: (...args: Parameters<ts.LanguageService["getCodeFixesAtPosition"]>) =>
          plugin.codeFixes(...args),
      });
    },
  };
}

class Plugin {
  constructor(
    private readonly typescript: typeof ts,
    private readonly info: tsserver.server.PluginCreateInfo,
  ) {}

  semanticDiagnostics(fileName: string): ts.Diagnostic[] {
    return [...this.info.languageService.getSemanticDiagnostics(fileName), ...this.ours(fileName)];
  }

  codeFixes(...args: Parameters<ts.LanguageService["getCodeFixesAtPosition"]>): readonly ts.CodeFixAction[] {
    const [fileName, start, end, codes] = args;
    const ours = this.ours(fileName).filter(
      (diagnostic) =>
        codes.includes(diagnostic.code) && diagnostic.start < end && start < diagnostic.start + diagnostic.length,
    );
    const theirs = this.info.languageService.getCodeFixesAtPosition(...args);
    return [...theirs, ...ours.flatMap((diagnostic) => this.fixesOf(fileName, diagnostic))];
  }

  private fixesOf(fileName: string, diagnostic: ts.DiagnosticWithLocation): ts.CodeFixAction[] {
    const program = this.info.languageService.getProgram();
    const node = nodeSpanning(diagnostic.file, diagnostic.start, diagnostic.length);
    if (program === undefined || node === undefined) return [];
    const message = this.typescript.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const code = codeOf(diagnostic.code);
    return fixesFor(code, node, program.getTypeChecker(), message).map(({ description, changes }) => ({
      fixName: `${SOURCE}-${code}`,
      description,
      changes: [{ fileName, textChanges: [...changes] }],
    }));
  }

  /** An editor outlives a bug of the compiler: what goes wrong here is logged, and nothing is said. */
  private ours(fileName: string): ts.DiagnosticWithLocation[] {
    const program = this.info.languageService.getProgram();
    const file = program?.getSourceFile(fileName);
    if (program === undefined || file === undefined) return [];
    try {
      return diagnose(program, this.root(), fileName).map((diagnostic) => this.convert(file, diagnostic));
    } catch (error) {
      this.info.project.projectService.logger.info(
        `${SOURCE}: ${error instanceof Error ? error.stack : String(error)}`,
      );
      return [];
    }
  }

  private root(): string {
    const { project } = this.info;
    const configured = project.projectKind === this.typescript.server.ProjectKind.Configured;
    return rootOf(configured ? project.getProjectName() : undefined, project.getCurrentDirectory());
  }

  private convert(file: ts.SourceFile, diagnostic: Diagnostic): ts.DiagnosticWithLocation {
    const { code, line, column, length = 1, message, suggestion = "" } = diagnostic;
    return {
      file,
      start: file.getPositionOfLineAndCharacter(line - 1, column - 1),
      length,
      category: this.typescript.DiagnosticCategory.Error,
      code: numberOf(code),
      source: SOURCE,
      messageText: `${code}: ${message}${suggestion === "" ? "" : `\nsuggestion: ${suggestion}`}`,
    };
  }
}
