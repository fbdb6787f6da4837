// What kernel.d.ts means to TypeScript that runs on Node, where the whole standard library is there too: arrays of
// kernel code are read like any others.

interface FixedArray<T, N extends number> extends ReadonlyArray<T> {
  readonly length: N;
  [Symbol.iterator](): ArrayIterator<T>;
}

interface Slice<T> extends ReadonlyArray<T> {
  [Symbol.iterator](): ArrayIterator<T>;
}

/** Objects are no Functions here. */
declare function exportC(name: string, target: object): void;
declare function exportTrap(name: string, handler: object): void;
declare function calledRarely(target: object): void;
