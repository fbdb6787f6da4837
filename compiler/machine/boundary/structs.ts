// Class instances as tests see them: objects whose properties are fields in memory, with the methods of the class.

import type { Machine } from "../machine";
import type { StorageAccess } from "./elements";
import type { FieldDescription, StructDescription, TypeTable } from "./types";

/** What every instance has. */
export interface StructView {
  readonly [POINTER]: number;
}

export const POINTER = Symbol("pointer");
export const KEY = Symbol("class");

type Method = (self: StructView, ...args: unknown[]) => unknown;

/** A class as a test imports it. `new` makes storage that lasts until the machine is reset. */
export type StructClass = new () => StructView;

interface Entry {
  readonly type: StructClass;
  readonly description: StructDescription;
  readonly instances: Map<number, StructView>;
  initialise: (pointer: number) => void;
}

export class StructClasses {
  private readonly entries = new Map<string, Entry>();
  private readonly keys = new Map<unknown, string>();

  constructor(
    private readonly machine: Machine,
    private readonly types: TypeTable,
    private readonly access: StorageAccess,
  ) {}

  /** The instance at an address; the same object every time. */
  at(key: string, pointer: number): StructView {
    const entry = this.entry(key);
    const known = entry.instances.get(pointer);
    if (known !== undefined) return known;
    const view = Object.create(entry.type.prototype as object) as StructView;
    Object.defineProperty(view, POINTER, { value: pointer });
    entry.instances.set(pointer, view);
    return view;
  }

  /** Makes the class that a module exports. */
  define(
    key: string,
    name: string,
    methods: Readonly<Record<string, Method>>,
    statics: Readonly<Record<string, unknown>>,
    initialise: (pointer: number) => void,
  ): StructClass {
    const entry = this.entry(key);
    entry.initialise = initialise;
    Object.defineProperty(entry.type, "name", { value: name });
    for (const [method, target] of Object.entries(methods)) addMethod(entry.type, method, target);
    for (const [property, value] of Object.entries(statics))
      Object.defineProperty(entry.type, property, { value, enumerable: true });
    return entry.type;
  }

  /** The key of a class that a test holds. */
  keyOf(type: unknown): string | undefined {
    return this.keys.get(type);
  }

  private entry(key: string): Entry {
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const entry = this.makeEntry(key);
    this.entries.set(key, entry);
    this.keys.set(entry.type, key);
    return entry;
  }

  private makeEntry(key: string): Entry {
    const make = (): StructView => this.allocate(key);
    const type = function (): StructView {
      return make();
    } as unknown as StructClass;
    const description = this.types.description(key);
    const prototype = type.prototype as object;
    Object.defineProperty(prototype, KEY, { value: key });
    for (const field of description.fields()) this.addField(prototype, field);
    return { type, description, instances: new Map(), initialise: () => undefined };
  }

  private addField(prototype: object, [name, offset, storage]: FieldDescription): void {
    const { access, machine } = this;
    Object.defineProperty(prototype, name, {
      enumerable: true,
      get(this: StructView) {
        machine.image.settle();
        return access.read(storage, this[POINTER] + offset);
      },
      set(this: StructView, value: unknown) {
        machine.image.settle();
        access.write(storage, this[POINTER] + offset, value);
      },
    });
  }

  private allocate(key: string): StructView {
    const { description, initialise } = this.entry(key);
    const { image } = this.machine;
    const pointer = image.allocate(description.size, description.align, "data");
    image.initialise(() => initialise(pointer));
    image.settle();
    return this.at(key, pointer);
  }
}

function addMethod(type: StructClass, name: string, target: Method): void {
  Object.defineProperty(type.prototype, name, {
    value(this: StructView, ...args: unknown[]) {
      return target(this, ...args);
    },
  });
}
