/** Which function of the source a line belongs to: the last one that starts at or above it in its file. */
import type { FunctionInfo } from "../../compiler/src/ir";

/** The function around `file.ts:line`; several, when they are instances of one generic function. */
export function functionsAround(functions: readonly FunctionInfo[], place: string): FunctionInfo[] {
  const [, file = "", line = ""] = /^(.*):(\d+)$/.exec(place) ?? [];
  const above = functions.filter((info) => info.place.file === file && info.place.line <= Number(line));
  const start = Math.max(...above.map((info) => info.place.line));
  return above.filter((info) => info.place.line === start);
}
