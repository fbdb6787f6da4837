// Initial values of storage, as the writes that make them. The storage is zero before.

import type { Initialiser, Place } from "../../ir";
import { layoutOf } from "../../layout";
import type { Storage } from "../../types";
import type { ModuleContext } from "./context";
import type { ExpressionPrinter } from "./expressions";
import { store } from "./memory";
import type { Writer } from "./writer";

/** Values in one line of a long table. */
const TABLE_WIDTH = 32;

export class InitialiserPrinter {
  private depth = 0;
  private place: Place | undefined;
  private loops = 0;

  constructor(
    private readonly context: ModuleContext,
    private readonly expressions: ExpressionPrinter,
    private readonly writer: Writer,
  ) {}

  /** Writes an initial value into the storage at `address`. */
  print(initialiser: Initialiser | undefined, storage: Storage, address: string, depth: number, place: Place): void {
    this.depth = depth;
    this.place = place;
    this.write(initialiser, storage, address);
  }

  private line(text: string): void {
    this.writer.line(this.depth, text, this.place);
  }

  private write(initialiser: Initialiser | undefined, storage: Storage, address: string): void {
    switch (initialiser?.kind) {
      case undefined:
        return;
      case "value":
        return this.line(`${store(this.context, storage, address, this.expressions.print(initialiser.value))};`);
      case "struct":
        for (const [field, value] of initialiser.fields) this.write(value, field.storage, plus(address, field.offset));
        return;
      case "array":
        return this.writeArray(initialiser.elements, storage, address);
      case "repeat":
        return this.writeSame(initialiser.element, initialiser.length, storage, address);
    }
  }

  private writeArray(elements: readonly (Initialiser | undefined)[], storage: Storage, address: string): void {
    if (storage.type.kind !== "array") throw new Error(`not an array: ${storage.type.key}`);
    const { element } = storage.type;
    const { size } = layoutOf(element);
    if (elements.every((each) => each?.kind === "value")) return this.writeTable(elements, element, address, size);
    for (const [index, each] of elements.entries()) this.write(each, element, plus(address, index * size));
  }

  private writeSame(first: Initialiser, count: number, storage: Storage, address: string): void {
    if (storage.type.kind !== "array") throw new Error(`not an array: ${storage.type.key}`);
    const { element } = storage.type;
    const { size } = layoutOf(element);
    this.loops += 1;
    const name = `$at${this.loops}`;
    this.line(`for (let ${name} = ${address}, $n = 0; $n < ${count}; ${name} += ${size}, $n++) {`);
    this.depth += 1;
    this.write(first, element, name);
    this.depth -= 1;
    this.line("}");
    this.loops -= 1;
  }

  /** A list of values, in lines of a few. */
  private writeTable(
    elements: readonly (Initialiser | undefined)[],
    element: Storage,
    address: string,
    size: number,
  ): void {
    const values = elements.map((each) => (each?.kind === "value" ? this.expressions.print(each.value) : "0"));
    const writer = store(this.context, element, "$address", "$value");
    for (let start = 0; start < values.length; start += TABLE_WIDTH) {
      const row = values.slice(start, start + TABLE_WIDTH).join(", ");
      const table = this.context.helper("storeTable");
      this.line(`${table}(${plus(address, start * size)}, ${size}, ($address, $value) => ${writer}, [${row}]);`);
    }
  }
}

const plus = (address: string, offset: number): string => (offset === 0 ? address : `${address} + ${offset}`);
