// Types as the boundary between kernel code and Node needs them (compiler/machine/boundary/types.ts): printed as
// calls that make them.

import { layoutOf } from "../../layout";
import { integerBase, type FunctionType, type Storage, type StructInfo, type Type } from "../../types";

export class TypeDescriber {
  private readonly structs = new Map<string, StructInfo>();

  constructor(private readonly structKey: (info: StructInfo) => string) {}

  /** The type of a value. */
  describe(type: Type): string {
    const base = integerBase(type);
    if (base !== undefined) return `$types.${base.key}`;
    switch (type.kind) {
      case "bool":
      case "string":
      case "message":
        return `$types.${type.kind}`;
      case "struct":
        return `$types.struct(${JSON.stringify(this.struct(type.info))})`;
      case "array":
        return `$types.array(${this.storage(type.element)}, ${type.length})`;
      case "slice":
      case "many":
        return `$types.${type.kind}(${this.storage(type.element)})`;
      case "nullable":
        return `$types.nullable(${this.describe(type.inner)})`;
      case "function":
        return this.describeFunction(type);
      default:
        return "$types.nothing";
    }
  }

  private describeFunction(type: FunctionType): string {
    const parameters = type.parameters.map((parameter) => this.describe(parameter));
    return `$types.function([${parameters.join(", ")}], ${this.describe(type.result)})`;
  }

  /** A field or an element. */
  storage(storage: Storage): string {
    const { size, align } = layoutOf(storage);
    return `$types.storage(${this.describe(storage.type)}, ${storage.ref}, ${size}, ${align})`;
  }

  private struct(info: StructInfo): string {
    const key = this.structKey(info);
    this.structs.set(key, info);
    return key;
  }

  /** Definitions of all classes that were named, and of those that they lead to. */
  definitions(): string[] {
    const done = new Set<string>();
    const lines: string[] = [];
    for (const [key, info] of this.structs) {
      if (done.has(key)) continue;
      done.add(key);
      lines.push(this.definition(key, info));
    }
    return lines;
  }

  /** A map grows while it is walked, so the classes of the fields come along. */
  private definition(key: string, info: StructInfo): string {
    const fields = info.fields.map(
      (field) => `[${JSON.stringify(field.name)}, ${field.offset}, ${this.storage(field.storage)}]`,
    );
    return `$types.define(${JSON.stringify(key)}, ${info.size}, ${info.align}, () => [${fields.join(", ")}]);`;
  }
}
