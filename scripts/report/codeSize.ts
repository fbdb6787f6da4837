/** Code size by function and by module, from the symbol listing (*.sym) that every build writes. */

export interface FunctionSize {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

export interface ModuleSize {
  readonly file: string;
  readonly functions: number;
  readonly bytes: number;
}

/** Lines of `address size name  file:line`, numbers in hexadecimal. Functions of the language's runtime have no file. */
export function readSizes(symbols: string): FunctionSize[] {
  const sizes = [...symbols.matchAll(/^[0-9a-f]+ +([0-9a-f]+) (\S+)(?:  (\S+?)(?::\d+)?)?$/gm)];
  return sizes
    .map(([, bytes = "0", name = "", file = "compiler/lang/runtime.h"]) => ({ name, file, bytes: parseInt(bytes, 16) }))
    .sort((left, right) => right.bytes - left.bytes);
}

/** The largest module first. */
export function moduleSizes(functions: readonly FunctionSize[]): ModuleSize[] {
  const modules = new Map<string, ModuleSize>();
  for (const { file, bytes } of functions) {
    const known = modules.get(file) ?? { file, functions: 0, bytes: 0 };
    modules.set(file, { file, functions: known.functions + 1, bytes: known.bytes + bytes });
  }
  return [...modules.values()].sort((left, right) => right.bytes - left.bytes);
}
