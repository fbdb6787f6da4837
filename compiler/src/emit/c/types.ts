// C types. Every FixedArray, slice and optional value is a struct with a name, so that a type prints as one word and
// arrays can be copied and pointed to like any struct.

import { asciiName, safeName } from "../../cNames";
import type { FunctionType, NullableType, Storage, StructInfo, Type } from "../../types";
import { isAggregate } from "../../types";

/** What runtime.h defines. */
const PREDEFINED = new Set(["String", "Message", "Slice_u8", "Slice_MessagePart"]);

interface Definition {
  /** Structs that must be complete before this one. */
  readonly inside: readonly string[];
  readonly text: string;
}

/** Nullable types whose null is a null pointer. */
export function isNullPointer(type: NullableType): boolean {
  const { inner } = type;
  return isAggregate(inner) || inner.kind === "many" || inner.kind === "function";
}

/** Names types, and collects the definitions of those that were named. */
export class TypePrinter {
  private readonly definitions = new Map<string, Definition>();
  private readonly functionTypes = new Map<string, string>();
  private readonly typedefs: string[] = [];

  /** The type of a value: what a variable, parameter or result has. */
  value(type: Type): string {
    switch (type.kind) {
      case "integer":
        return type.key;
      case "newtype":
        return type.base.key;
      case "enum":
        return "u32";
      case "bool":
        return "bool";
      case "string":
        return "String";
      case "message":
        return "Message";
      case "struct":
      case "array":
        return `struct ${this.name(type)} *`;
      case "many":
        return pointerTo(this.storage(type.element));
      case "slice":
        return `struct ${this.name(type)}`;
      case "function":
        return this.functionName(type);
      case "nullable":
        return isNullPointer(type) ? this.value(type.inner) : `struct ${this.name(type)}`;
      default:
        return "void";
    }
  }

  /** The type of a storage: what a field or an element has. */
  storage(storage: Storage): string {
    if (isAggregate(storage.type) && !storage.ref) return `struct ${this.name(storage.type)}`;
    return storage.volatile ? `volatile ${this.value(storage.type)}` : this.value(storage.type);
  }

  /**
   * The type of a variable, parameter, result or field. It is the same C type as `value`, under the source's name where
   * that says more: a debugger sees which newtype or enum a number is.
   */
  declared(type: Type): string {
    if (type.kind === "newtype" || type.kind === "enum") return this.alias(asciiName(type.key), this.value(type));
    if (type.kind !== "nullable" || isNullPointer(type)) return this.value(type);
    const { inner } = type;
    const isNamed = inner.kind === "newtype" || inner.kind === "enum";
    return isNamed ? this.alias(`${asciiName(inner.key)}_or_null`, this.value(type)) : this.value(type);
  }

  private alias(source: string, type: string): string {
    const name = `ts_type_${source}`;
    const text = `typedef ${type} ${name};`;
    if (!this.typedefs.includes(text)) this.typedefs.push(text);
    return name;
  }

  /** The type of a field. */
  private field({ type, ref, volatile }: Storage): string {
    if (isAggregate(type) && !ref) return this.storage({ type, ref, volatile });
    return volatile ? `volatile ${this.declared(type)}` : this.declared(type);
  }

  /** The name of the struct behind a type; defines it. */
  private name(type: Type): string {
    switch (type.kind) {
      case "struct":
        return this.define(type.info.symbol, () => this.structDefinition(type.info));
      case "array": {
        const name = `Array_${this.mangle(type.element)}_${type.length}`;
        const item = (): string => `  ${declaration(this.storage(type.element), `items[${type.length}]`)};`;
        return this.define(name, () => this.definition(name, [type.element], [item()]));
      }
      case "slice": {
        const name = `Slice_${this.mangle(type.element)}`;
        const items = (): string => `  ${declaration(pointerTo(this.storage(type.element)), "items")};`;
        return this.define(name, () => this.definition(name, [], [items(), "  u32 length;"]));
      }
      case "nullable": {
        const inner = { type: type.inner, ref: false, volatile: false };
        const name = `Optional_${this.mangle(inner)}`;
        const value = (): string => `  ${declaration(this.value(type.inner), "value")};`;
        return this.define(name, () => this.definition(name, [inner], [value(), "  bool present;"]));
      }
      default:
        throw new Error(`no struct for ${type.key}`);
    }
  }

  private define(name: string, make: () => Definition): string {
    if (PREDEFINED.has(name) || this.definitions.has(name)) return name;
    // Entered first: a struct may lead to itself through a reference.
    this.definitions.set(name, { inside: [], text: "" });
    this.definitions.set(name, make());
    return name;
  }

  private structDefinition(info: StructInfo): Definition {
    if (info.predefined) return { inside: [], text: "" };
    const lines = info.fields.map((field) => `  ${declaration(this.field(field.storage), safeName(field.name))};`);
    const storages = info.fields.map((field) => field.storage);
    const attributes = [info.packed ? "packed" : "", info.minimumAlign > 0 ? `aligned(${info.minimumAlign})` : ""];
    const given = attributes.filter((attribute) => attribute !== "");
    const suffix = given.length === 0 ? "" : ` __attribute__((${given.join(", ")}))`;
    const definition = this.definition(info.symbol, storages, lines, suffix);
    return { ...definition, text: `${definition.text}${sizeAssertion(info)}` };
  }

  private definition(name: string, inside: readonly Storage[], lines: readonly string[], suffix = ""): Definition {
    const text = [`struct ${name} {`, ...lines, `}${suffix};\n`].join("\n");
    return { inside: inside.flatMap((storage) => this.complete(storage)), text };
  }

  /** The struct that a storage contains, if it does. */
  private complete(storage: Storage): string[] {
    const { type } = storage;
    if (storage.ref) return [];
    if (type.kind === "struct" || type.kind === "array" || type.kind === "slice") return [this.name(type)];
    return type.kind === "nullable" && !isNullPointer(type) ? [this.name(type)] : [];
  }

  /** A storage as part of a longer name. */
  private mangle(storage: Storage): string {
    const { type } = storage;
    const prefix = storage.volatile ? "volatile_" : "";
    if (isAggregate(type)) return storage.ref ? `Ref_${this.name(type)}` : this.name(type);
    if (type.kind === "many") return `Many_${this.mangle(type.element)}`;
    if (type.kind === "slice") return this.name(type);
    if (type.kind === "nullable")
      return isNullPointer(type) ? this.mangle({ ...storage, type: type.inner, ref: true }) : this.name(type);
    return `${prefix}${this.value(type)}`;
  }

  private functionName(type: FunctionType): string {
    const known = this.functionTypes.get(type.key);
    if (known !== undefined) return known;
    const parameters = type.parameters.map((parameter) => this.value(parameter));
    const result = this.value(type.result);
    const name = `Function_${this.functionTypes.size + 1}`;
    this.functionTypes.set(type.key, name);
    this.typedefs.push(`typedef ${declaration(result, `(*${name})`)}(${parameters.join(", ") || "void"});`);
    return name;
  }

  /** Everything that was named, in an order that C accepts. */
  print(): string {
    const names = [...this.definitions.keys()];
    const forward = names.map((name) => `struct ${name};`);
    const done = new Set<string>();
    const bodies: string[] = [];
    for (const name of names) this.printAfterInside(name, done, bodies);
    return [...forward, "", ...this.typedefs, "", ...bodies].join("\n");
  }

  private printAfterInside(name: string, done: Set<string>, bodies: string[]): void {
    const definition = this.definitions.get(name);
    if (definition === undefined || done.has(name)) return;
    done.add(name);
    for (const inner of definition.inside) this.printAfterInside(inner, done, bodies);
    if (definition.text !== "") bodies.push(definition.text);
  }
}

const pointerTo = (type: string): string => (type.endsWith("*") ? `${type}*` : `${type} *`);

/** `u32 name`, `struct Page *name`. */
export const declaration = (type: string, name: string): string =>
  type.endsWith("*") ? `${type}${name}` : `${type} ${name}`;

/** gcc lays it out as layout.ts said. */
function sizeAssertion(info: StructInfo): string {
  return `_Static_assert(sizeof(struct ${info.symbol}) == ${info.size}, "layout of ${info.symbol}");\n`;
}
