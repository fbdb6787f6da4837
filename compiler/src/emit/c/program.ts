// The C file: types, declarations, static storage, the hooks that runtime.h asks for, functions. In the order of the
// source's modules, without dates or paths of this machine: the same program always gives the same bytes.

import type { FunctionInfo, Global, ProgramIR } from "../../ir";
import type { EnumType } from "../../types";
import { ExpressionPrinter, enumSymbol, quote, type Needs } from "./expressions";
import { StatementPrinter, Writer } from "./statements";
import { TypePrinter, declaration } from "./types";
import { splitProgram, wholeProgram, type CUnit, type Item, type UnitOption } from "./units";

/** The whole program as one C file. */
export const printProgram = (program: ProgramIR, target: "host" | "metal"): string =>
  printUnit(wholeProgram(program), target);

/** The program as several C files, by their names; the main one, for what no option names, has the name MAIN_UNIT. */
export function printUnits(
  program: ProgramIR,
  target: "host" | "metal",
  options: readonly UnitOption[],
): Map<string, string> {
  return new Map([...splitProgram(program, options)].map(([name, unit]) => [name, printUnit(unit, target)]));
}

export function printUnit(program: CUnit, target: "host" | "metal"): string {
  const needs: Needs = {
    types: new TypePrinter(),
    enums: new Set(),
    symbols: new Set(),
    defined: definedNames(program),
  };
  const exported = new Set(program.functions.filter((info) => info.exported).map((info) => info.symbol));
  const declared = program.functions.filter((info) => !info.external || !exported.has(info.symbol));
  const prototypes = declared.map((info) => `${signature(needs, program, info)};\n`).join("");
  const globals = printGlobals(needs, program);
  const hooks = printHooks(program);
  const functions = printFunctions(needs, program);
  const enums = [...needs.enums].map(printEnumNames).join("\n");
  const symbols = [...needs.symbols].map((name) => `extern const u8 ${name}[];\n`).join("");
  const main = target === "host" && program.main !== undefined ? hostMain(program.main) : "";
  const part = program.isMain ? "" : "#define TESSERA_UNIT\n";
  const head = `/* Made by the Tessera compiler. */\n${part}#include "runtime.h"\n`;
  const parts = [head, needs.types.print(), symbols, prototypes, enums, globals, hooks, main, functions];
  return parts.filter((part) => part !== "").join("\n");
}

function definedNames(program: CUnit): ReadonlyMap<string, Item> {
  const exported = [...program.functions, ...program.globals].filter((item) => item.exported || isExternal(item));
  return new Map(exported.map((item) => [item.symbol, item]));
}

const isExternal = (item: Item): boolean => "external" in item && item.external;

/** `extern` for what another file defines, `static` for what no other file sees. */
function linkage(program: CUnit, item: Item): string {
  if (program.repeats(item)) return "static ";
  if (isExternal(item) || !program.defines(item)) return "extern ";
  return item.exported || program.isShared(item) ? "" : "static ";
}

// ---------------------------------------------------------------------------------------------------------------------
// Static storage.

function printGlobals(needs: Needs, program: CUnit): string {
  const expressions = new ExpressionPrinter(needs);
  const declared = program.globals.map((global) => `${globalHead(needs, program, global)};\n`);
  const defined = program.globals
    .filter((global) => program.defines(global) && global.initialiser !== undefined)
    .map((global) => `${globalName(needs, program, global)} = ${expressions.initialiser(global.initialiser)};\n`);
  return `${declared.join("")}\n${defined.join("")}`;
}

function globalName(needs: Needs, program: CUnit, global: Global): string {
  const type = global.storage
    ? needs.types.storage({ type: global.type, ref: false, volatile: false })
    : needs.types.declared(global.type);
  return `${linkage(program, global)}${declaration(type, global.symbol)}`;
}

function globalHead(needs: Needs, program: CUnit, global: Global): string {
  const name = globalName(needs, program, global);
  if (global.section === undefined || !program.defines(global)) return name;
  return `${name} __attribute__((section(${quote(global.section)}), used))`;
}

// ---------------------------------------------------------------------------------------------------------------------
// What runtime.h calls.

function printHooks(program: CUnit): string {
  const panic = program.panicHandler?.symbol ?? "ts_unboundPanic";
  const log = program.logHandler?.symbol ?? "ts_unboundLog";
  return [
    `TS_COLD TS_NORETURN void ts_panic(Message message, String place) {\n  ${panic}(message, place);\n}\n`,
    `static void ts_log(u32 level, String subsystem, Message message) {\n  ${log}(level, subsystem, message);\n}\n`,
  ].join("\n");
}

function printEnumNames(type: EnumType): string {
  const seen = new Set<bigint>();
  const cases = [...type.members]
    .filter(([, value]) => !seen.has(value) && seen.add(value))
    .map(([name, value]) => `    case ${value}u: return TS_TEXT(${quote(name)});\n`);
  const head = `static String ts_nameOf_${enumSymbol(type)}(u32 value) {\n  switch (value) {\n`;
  return `${head}${cases.join("")}    default: return TS_TEXT("(unnamed)");\n  }\n}\n`;
}

const hostMain = (main: FunctionInfo): string => `int main(void) {\n  ${main.symbol}();\n  return 0;\n}\n`;

// ---------------------------------------------------------------------------------------------------------------------
// Functions.

function signature(needs: Needs, program: CUnit, info: FunctionInfo): string {
  const parameters = info.parameters.map((local) => declaration(needs.types.declared(local.type), local.name));
  const head = declaration(needs.types.declared(info.result), info.symbol);
  return `${attributes(info)}${linkage(program, info)}${head}(${parameters.join(", ") || "void"})`;
}

/** What never returns is as rare as a failed check, but for entries from outside: the program may go on there. */
function attributes(info: FunctionInfo): string {
  const returns = info.result.kind !== "never";
  const rare = info.rare || (!returns && !info.external && !info.exported) ? "TS_RARE " : "";
  return returns ? rare : `TS_NORETURN ${rare}`;
}

function printFunctions(needs: Needs, program: CUnit): string {
  const writer = new Writer();
  for (const info of program.functions)
    if (!info.external && (program.defines(info) || program.repeats(info)))
      printFunction(needs, writer, info, signature(needs, program, info));
  return writer.text();
}

function printFunction(needs: Needs, writer: Writer, info: FunctionInfo, head: string): void {
  const { body = [] } = info;
  writer.line(0, `${head} {`, info.place);
  new StatementPrinter(needs, writer).block(body, 1);
  // tsc has proved that the end is not reached; gcc cannot always see it.
  const mayEnd = info.result.kind === "void" || body[body.length - 1]?.kind === "return";
  if (!mayEnd) writer.line(1, "__builtin_trap();");
  writer.line(0, "}");
  writer.line(0, "");
}
