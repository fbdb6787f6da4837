// Everything that generated code calls, for one machine. Generated code takes what it needs from here by name.

import { Panic } from "../errors";
import type { Machine } from "../machine";
import { memoryHelpers } from "./access";
import { blockHelpers } from "./blocks";
import { elementHelpers } from "./elements";
import { handlerHelpers, type Handlers } from "./handlers";
import { instructionHelpers } from "./instructions";
import { integerHelpers } from "./integers";
import { linkageHelpers } from "./linkage";
import { stackHelpers } from "./stack";
import { textHelpers } from "./text";

export function createRuntime(machine: Machine) {
  const handlers: Handlers = { panic: undefined, log: undefined };
  const memory = memoryHelpers(machine);
  const blocks = blockHelpers(machine);
  const texts = textHelpers(machine, memory, blocks);
  const fail = (text: string, place: string): never => {
    if (!machine.usesHandlers || handlers.panic === undefined) throw new Panic(text, place);
    const [message, where] = [texts.textMessage(text), texts.text(place)];
    machine.image.settle();
    return handlers.panic(message, where);
  };
  return {
    ...memory,
    ...blocks,
    ...texts,
    ...integerHelpers(fail),
    ...elementHelpers(fail),
    ...linkageHelpers(machine),
    ...stackHelpers(machine),
    ...instructionHelpers(machine, memory),
    ...handlerHelpers(machine, texts, handlers),
  };
}

export type Runtime = ReturnType<typeof createRuntime>;
