// Compiles kernel source files to ES modules, one program for everything that a file imports. What has been compiled
// is kept until a source changes.

import { resolve } from "node:path";
import { analyse, formatDiagnostic, type Analysis } from "../src/compile";
import { printEsModule, type PrintedModule } from "../src/emit/js/esModule";
import { esModuleOf } from "../src/moduleExports";
import { proveProgram } from "../src/prove/program";

type Program = Exclude<Analysis, { unit: undefined }>;

export class KernelModules {
  /** The program in which each source file was compiled first. */
  private readonly programs = new Map<string, Program>();
  private readonly printed = new Map<string, PrintedModule>();

  /** `session` is the path of machine/session.ts. */
  constructor(
    private readonly root: string,
    private readonly session: string,
  ) {}

  /** The JavaScript of a source file, by its path relative to the root. Diagnostics: an Error with all of them. */
  module(path: string): PrintedModule {
    const known = this.printed.get(path);
    if (known !== undefined) return known;
    const { unit, program } = this.programFor(path);
    const file = unit.source.files.find((each) => unit.path(each) === path);
    if (file === undefined) throw new Error(`${path} is not part of its own program`);
    const module = printEsModule(esModuleOf(unit, program, file), this.session, (name) => resolve(this.root, name));
    this.printed.set(path, module);
    return module;
  }

  private programFor(path: string): Program {
    const known = this.programs.get(path);
    if (known !== undefined) return known;
    const analysis = analyse({ root: this.root, entry: path, target: "metal" });
    if (analysis.unit === undefined) throw new Error(analysis.diagnostics.map(formatDiagnostic).join("\n"));
    proveProgram(analysis.program);
    for (const file of analysis.unit.source.files) {
      const name = analysis.unit.path(file);
      if (!this.programs.has(name)) this.programs.set(name, analysis);
    }
    return analysis;
  }

  /** Forgets everything: a source has changed. */
  clear(): void {
    this.programs.clear();
    this.printed.clear();
  }
}
