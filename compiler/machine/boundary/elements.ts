// Arrays, slices and Many as tests see them: an object with numbered elements that are read from memory when they
// are asked for.

import { MachineError } from "../errors";
import type { StorageType } from "./types";

/** Reads and writes one storage. */
export interface StorageAccess {
  read(storage: StorageType, pointer: number): unknown;
  write(storage: StorageType, pointer: number, value: unknown): void;
}

/** `length` is undefined for Many. */
export class Elements {
  constructor(
    readonly access: StorageAccess,
    readonly element: StorageType,
    readonly pointer: number,
    readonly length: number | undefined,
  ) {}

  private place(index: number): number {
    if (this.length !== undefined && index >= this.length)
      throw new MachineError(`index ${index} out of range for length ${this.length}`);
    return this.pointer + index * this.element.size;
  }

  get(index: number): unknown {
    return this.access.read(this.element, this.place(index));
  }

  set(index: number, value: unknown): void {
    this.access.write(this.element, this.place(index), value);
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (let index = 0; index < (this.length ?? 0); index += 1) yield this.get(index);
  }
}

const elementsOf = new WeakMap<object, Elements>();

/** The elements behind what a test holds, if it is such an object. */
export const asElements = (value: unknown): Elements | undefined =>
  typeof value === "object" && value !== null ? elementsOf.get(value) : undefined;

const INDEX = /^\d+$/;

const HANDLER: ProxyHandler<Elements> = {
  get(target, name, view) {
    if (typeof name === "string" && INDEX.test(name)) return target.get(Number(name));
    if (name === "length") return target.length;
    if (name === Symbol.iterator) return target[Symbol.iterator].bind(target);
    const method: unknown = Reflect.get(Array.prototype, name);
    if (typeof method !== "function" || name === "constructor") return undefined;
    return (method as (...args: unknown[]) => unknown).bind(view);
  },
  set(target, name, value) {
    if (typeof name !== "string" || !INDEX.test(name)) return false;
    target.set(Number(name), value);
    return true;
  },
  has: (target, name) => typeof name === "string" && INDEX.test(name) && Number(name) < (target.length ?? 0),
};

export function elementsView(elements: Elements): object {
  const view = new Proxy(elements, HANDLER);
  elementsOf.set(view, elements);
  return view;
}
