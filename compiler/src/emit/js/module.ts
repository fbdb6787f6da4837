// One module: its storage, the initial values of that, its functions. Where the rest comes from is the caller's
// business.
//
//   const { load32: $load32, ... } = $runtime;          helpers of compiler/machine
//   const $text1 = $text("...");                         constants of the module
//   const kernel_mm_x__pool = $allocate(48, 8, "data");  storage
//   $initialise(() => { ... });                          run before the first call from outside, and at a reset
//   function kernel_mm_x__take(count) { ... }

import type { FunctionInfo, Global } from "../../ir";
import { layoutOf } from "../../layout";
import { ModuleContext } from "./context";
import { ExpressionPrinter } from "./expressions";
import { Frame } from "./frame";
import { printFunction } from "./functions";
import { InitialiserPrinter } from "./initialisers";
import { valueStorage } from "./memory";
import { itemName, quote } from "./names";
import { Writer } from "./writer";

/** What one module defines. */
export interface ModuleItems {
  readonly functions: readonly FunctionInfo[];
  readonly globals: readonly Global[];
  /** What `bindPanic` and `bindLog` in this module name. */
  readonly panicHandler: FunctionInfo | undefined;
  readonly logHandler: FunctionInfo | undefined;
}

/** Prints a module. `context` then knows what else it needs. */
export function printModule(items: ModuleItems, context: ModuleContext): Writer {
  const storage = new Writer();
  for (const global of items.globals) printStorage(context, storage, global);
  printInitialisers(context, storage, items);
  printDirectives(context, storage, items);
  const functions = new Writer();
  for (const info of items.functions) if (!info.external) printFunction(context, functions, info);
  const whole = new Writer();
  for (const line of context.head()) whole.line(0, line);
  whole.append(storage.lines);
  whole.append(functions.lines);
  return whole;
}

function printStorage(context: ModuleContext, writer: Writer, global: Global): void {
  const storage = global.storage ? { type: global.type, ref: false, volatile: false } : valueStorage(global.type);
  const { size, align } = layoutOf(storage);
  const section = global.table ? "rodata" : "data";
  const allocate = context.helper("allocate");
  writer.line(0, `const ${itemName(global)} = ${allocate}(${size}, ${align}, "${section}");`, global.place);
}

function printInitialisers(context: ModuleContext, writer: Writer, items: ModuleItems): void {
  const initialised = items.globals.filter((global) => global.initialiser !== undefined);
  if (initialised.length === 0) return;
  writer.line(0, `${context.helper("initialise")}(() => {`);
  const printer = new InitialiserPrinter(context, new ExpressionPrinter(context, new Frame()), writer);
  for (const global of initialised) {
    const storage = global.storage ? { type: global.type, ref: false, volatile: false } : valueStorage(global.type);
    printer.print(global.initialiser, storage, itemName(global), 1, global.place);
  }
  writer.line(0, "});");
}

/** What links by name, and the handlers. */
function printDirectives(context: ModuleContext, writer: Writer, items: ModuleItems): void {
  for (const info of items.functions)
    if (info.exported && !info.external)
      writer.line(0, `${context.helper("exportFunction")}(${quote(info.symbol)}, ${itemName(info)});`);
  for (const global of items.globals)
    if (global.exported)
      writer.line(0, `${context.helper("exportStorage")}(${quote(global.symbol)}, ${itemName(global)});`);
  const { panicHandler, logHandler } = items;
  if (panicHandler !== undefined) writer.line(0, `${context.helper("bindPanic")}(${context.reference(panicHandler)});`);
  if (logHandler !== undefined) writer.line(0, `${context.helper("bindLog")}(${context.reference(logHandler)});`);
}
