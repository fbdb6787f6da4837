/**
 * The call graph of the source, with the words of the language that each function uses to reach past it.
 */
import { CallGraph, forEachExpression } from "../../compiler/src/callGraph";
import type { FunctionInfo, ProgramIR } from "../../compiler/src/ir";
import { functionsAround } from "./places";

/** Words that can be used anywhere, although they have an effect. */
const HARMLESS = new Set(["panic", "log", "pause"]);

export class SourceGraph extends CallGraph {
  constructor(override readonly program: ProgramIR) {
    super(program);
  }

  /** The types of the references that are called in the function around `file.ts:line`. */
  calledTypesAround(place: string): string[] {
    const around = functionsAround(this.program.functions, place);
    return [...new Set(around.flatMap((info) => this.calledTypes(info)))];
  }

  /** Words of a function that reach past the language, with how often they stand there. */
  words(info: FunctionInfo): ReadonlyMap<string, number> {
    const words = new Map<string, number>();
    forEachExpression(info.body, (node) => {
      if (node.kind === "intrinsic" && node.effect === 2 && !HARMLESS.has(node.name)) count(words, node.name);
      if (node.kind === "overlay") count(words, "overlay");
      if (node.kind === "symbolAddress") count(words, "addressOfSymbol");
    });
    return words;
  }
}

const count = (words: Map<string, number>, word: string): void => void words.set(word, (words.get(word) ?? 0) + 1);
