/** Which function of the source a line belongs to: the last one that starts at or above it in its file. */
import type { FunctionInfo } from "../../compiler/src/ir";

export interface PlaceIndex {
  /** The name of the function at `file.ts:line`, or undefined. */
  at(place: string): string | undefined;
}

export function itemsByPlace(functions: readonly FunctionInfo[]): PlaceIndex {
  const byFile = new Map<string, FunctionInfo[]>();
  for (const info of functions) byFile.set(info.place.file, [...(byFile.get(info.place.file) ?? []), info]);
  for (const infos of byFile.values()) infos.sort((left, right) => right.place.line - left.place.line);
  return {
    at(place) {
      const [, file = "", line = ""] = /^(.*):(\d+)$/.exec(place) ?? [];
      return byFile.get(file)?.find((info) => info.place.line <= Number(line))?.name;
    },
  };
}
