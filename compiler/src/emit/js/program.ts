// A whole program as the body of one JavaScript function of `$runtime`, which returns its main.

import type { ProgramIR } from "../../ir";
import { ModuleContext } from "./context";
import { printModule } from "./module";
import { itemName } from "./names";
import { printLines } from "./writer";

export function printProgram(program: ProgramIR): string {
  const context = new ModuleContext();
  const body = printLines(printModule(program, context).lines);
  const main = program.main === undefined ? "undefined" : itemName(program.main);
  return `"use strict";\n${body}return ${main};\n`;
}
