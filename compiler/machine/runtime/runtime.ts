// Everything that generated code calls, for one machine. Generated code takes what it needs from here by name.

import type { Machine } from "../machine";
import { memoryHelpers } from "./access";
import { blockHelpers } from "./blocks";
import { elementHelpers } from "./elements";
import { handlerHelpers, type Handlers } from "./handlers";
import { instructionHelpers } from "./instructions";
import { integerHelpers, type Fail } from "./integers";
import { linkageHelpers } from "./linkage";
import { stackHelpers } from "./stack";
import { PART_SIZE, messagePart, textHelpers } from "./text";

export function createRuntime(machine: Machine) {
  const handlers: Handlers = { panic: undefined, log: undefined };
  const memory = memoryHelpers(machine);
  const blocks = blockHelpers(machine);
  const texts = textHelpers(machine, memory, blocks);
  const raise = handlerHelpers(machine, texts, handlers);
  const stack = stackHelpers(machine);
  const fail: Fail = (place, ...parts) => {
    const list = parts.map((part) => messagePart(texts, part));
    const [message, where] = [texts.message(stack.enter(PART_SIZE * list.length, 16), list), texts.text(place)];
    machine.image.settle();
    return raise.panic(message, where);
  };
  return {
    ...memory,
    ...blocks,
    ...texts,
    ...integerHelpers(fail),
    ...elementHelpers(fail),
    ...linkageHelpers(machine),
    ...stack,
    ...instructionHelpers(machine, memory),
    ...raise,
  };
}

export type Runtime = ReturnType<typeof createRuntime>;
