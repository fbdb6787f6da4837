// What the printed functions of one module need from around them: helpers of the runtime, texts and enum names as
// constants of the module, functions and storage of other modules.

import type { FunctionInfo, Global } from "../../ir";
import type { EnumType } from "../../types";
import { itemName, quote } from "./names";

export class ModuleContext {
  private readonly helpers = new Set<string>();
  private readonly constants = new Map<string, string>();
  readonly references = new Set<FunctionInfo | Global>();

  /** A function of the runtime (compiler/machine/runtime), by its name there. */
  helper(name: string): string {
    this.helpers.add(name);
    return `$${name}`;
  }

  /** A function or a global, here or in another module. */
  reference(item: FunctionInfo | Global): string {
    this.references.add(item);
    return itemName(item);
  }

  text(text: string): string {
    return this.constant("text", `${this.helper("text")}(${quote(text)})`);
  }

  textMessage(text: string): string {
    return this.constant("message", `${this.helper("textMessage")}(${quote(text)})`);
  }

  enumNames(type: EnumType): string {
    const seen = new Set<bigint>();
    const members = [...type.members].filter(([, value]) => !seen.has(value) && seen.add(value));
    const entries = members.map(([name, value]) => `[${value}, ${quote(name)}]`);
    return this.constant("names", `${this.helper("enumNames")}([${entries.join(", ")}])`);
  }

  private constant(kind: string, value: string): string {
    const known = this.constants.get(value);
    if (known !== undefined) return known;
    const name = `$${kind}${this.constants.size + 1}`;
    this.constants.set(value, name);
    return name;
  }

  /** The lines that must stand before everything else. */
  head(): string[] {
    const helpers = [...this.helpers].sort().map((name) => `${name}: $${name}`);
    const constants = [...this.constants].map(([value, name]) => `const ${name} = ${value};`);
    return [`const { ${helpers.join(", ")} } = $runtime;`, ...constants];
  }
}
