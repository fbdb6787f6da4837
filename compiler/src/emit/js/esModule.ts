// One source file as one ES module, so that stack traces and coverage show it as what it is.
//
//   import { runtime as $runtime, ... } from ".../machine/session.ts";
//   import { kernel_mm_y__f } from ".../kernel/mm/y.ts";          by internal names, private ones too
//   ... the module (module.ts) ...
//   export { kernel_mm_x__take };                                  for other modules
//   export { $exposed1 as take };                                  for tests: values cross over as TypeScript sees them

import type { FunctionInfo, Global } from "../../ir";
import { ModuleContext } from "./context";
import type { ClassMethod, EsModule, Exposed, ExposedFunction } from "./exposed";
import { ExpressionPrinter } from "./expressions";
import { Frame } from "./frame";
import { InitialiserPrinter } from "./initialisers";
import { printConstant } from "./integers";
import { printModule } from "./module";
import { itemName, quote } from "./names";
import { sourceMap, type SourceMap } from "./sourceMap";
import { TypeDescriber } from "./typeDescriptions";
import { Writer, printLines } from "./writer";

export interface PrintedModule {
  readonly code: string;
  readonly map: SourceMap;
}

/** `pathOf` gives the name by which other modules import a source file; `session` is that of machine/session.ts. */
export function printEsModule(module: EsModule, session: string, pathOf: (file: string) => string): PrintedModule {
  const context = new ModuleContext();
  const exposed = new Writer();
  new ExposedPrinter(module, context, exposed).print();
  const body = printModule(module.items, context);
  const whole = new Writer();
  whole.line(0, `import { boundary as $boundary, runtime as $runtime, types as $types } from ${quote(session)};`);
  for (const line of imports(module, context, pathOf)) whole.line(0, line);
  whole.append(body.lines);
  const own = [...module.items.globals, ...module.items.functions.filter(({ external }) => !external)];
  whole.line(0, `export { ${own.map(itemName).join(", ")} };`);
  whole.append(exposed.lines);
  return { code: printLines(whole.lines), map: sourceMap(whole.lines, pathOf) };
}

/** What other modules define, and those that are only to be loaded. */
function imports(module: EsModule, context: ModuleContext, pathOf: (file: string) => string): string[] {
  const own = new Set<FunctionInfo | Global>([...module.items.functions, ...module.items.globals]);
  const byFile = new Map<string, Set<string>>(module.imports.map((file) => [file, new Set()]));
  for (const item of context.references) {
    if (own.has(item)) continue;
    const names = byFile.get(item.place.file) ?? new Set();
    byFile.set(item.place.file, names.add(itemName(item)));
  }
  return [...byFile].map(([file, names]) =>
    names.size === 0
      ? `import ${quote(pathOf(file))};`
      : `import { ${[...names].join(", ")} } from ${quote(pathOf(file))};`,
  );
}

/** The second half: exports for tests. */
class ExposedPrinter {
  private readonly types: TypeDescriber;
  private readonly expressions: ExpressionPrinter;
  private readonly exported: string[] = [];

  constructor(
    private readonly module: EsModule,
    private readonly context: ModuleContext,
    private readonly writer: Writer,
  ) {
    this.types = new TypeDescriber(module.structKey);
    this.expressions = new ExpressionPrinter(context, new Frame());
  }

  print(): void {
    const values = this.module.exposed.map((each) => [each.name, this.value(each)] as const);
    for (const line of this.types.definitions()) this.writer.line(0, line);
    for (const [name, value] of values) this.export(name, value);
    this.writer.line(0, `export { ${this.exported.join(", ")} };`);
  }

  private export(name: string, value: string): void {
    const local = `$exposed${this.exported.length + 1}`;
    this.writer.line(0, `const ${local} = ${value};`);
    this.exported.push(`${local} as ${name}`);
  }

  private value(exposed: Exposed): string {
    switch (exposed.kind) {
      case "function":
        return this.function(exposed.name, exposed.function);
      case "class":
        return this.class(exposed);
      case "enum": {
        const members = [...exposed.type.members].map(([name, value]) => `[${quote(name)}, ${value}]`);
        return `$boundary.enumeration([${members.join(", ")}])`;
      }
      case "constant":
        if (exposed.value.kind === "text") return quote(exposed.value.text);
        return printConstant(exposed.value.type, exposed.value.value);
      case "global": {
        const { global } = exposed;
        const storage = this.types.storage({ type: global.type, ref: !global.storage, volatile: false });
        return `$boundary.global(${itemName(global)}, ${storage})`;
      }
      case "generic":
        return `$boundary.generic(${quote(exposed.name)})`;
    }
  }

  private function(name: string, { target, defaults }: ExposedFunction): string {
    const parameters = target.parameters.map(({ type }) => this.types.describe(type)).join(", ");
    const missing = target.parameters.length - defaults.length;
    const values = target.parameters.map((_, index) => {
      const value = defaults[index - missing];
      return value === undefined ? "undefined" : `() => ${this.expressions.print(value)}`;
    });
    const callee = target.external ? `$runtime.externalFunction(${quote(target.symbol)})` : itemName(target);
    const call = target.external ? `(...args) => ${callee}(...args)` : callee;
    const result = this.types.describe(target.result);
    return `$boundary.function(${quote(name)}, ${call}, [${parameters}], ${result}, [${values.join(", ")}])`;
  }

  private class(exposed: Exposed & { kind: "class" }): string {
    const methods = (isStatic: boolean): string => this.methods(exposed.methods, isStatic);
    const constants = exposed.constants.map((each) => `${each.name}: ${this.value(each)}`);
    const statics = [methods(true), ...constants].filter((text) => text !== "");
    const parts = [
      quote(exposed.name),
      this.types.describe(exposed.type),
      `{ ${methods(false)} }`,
      `{ ${statics.join(", ")} }`,
      this.initialiser(exposed),
    ];
    return `$boundary.class(${parts.join(", ")})`;
  }

  private methods(methods: readonly ClassMethod[], isStatic: boolean): string {
    return methods
      .filter((method) => method.isStatic === isStatic)
      .map((method) => `${method.name}: ${this.function(method.name, method.function)}`)
      .join(", ");
  }

  /** A function that writes the first content of an instance. */
  private initialiser(exposed: Exposed & { kind: "class" }): string {
    const writer = new Writer();
    const storage = { type: exposed.type, ref: false, volatile: false };
    const printer = new InitialiserPrinter(this.context, this.expressions, writer);
    printer.print(exposed.initialiser, storage, "$address", 0, { file: this.module.path, line: 1 });
    return `($address) => { ${writer.lines.map(({ text }) => text).join(" ")} }`;
  }
}
