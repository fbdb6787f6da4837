// Panics and log lines: to the handlers that the program has bound, or to the test.

import { Panic } from "../errors";
import type { LogLine, Machine } from "../machine";
import type { Span } from "./span";
import type { TextHelpers } from "./text";

const LEVELS = ["debug", "info", "warn", "error"] as const;

type PanicHandler = (message: Span, place: Span) => never;
type LogHandler = (level: number, subsystem: Span, message: Span) => void;

export interface Handlers {
  panic: PanicHandler | undefined;
  log: LogHandler | undefined;
}

export function handlerHelpers(machine: Machine, texts: TextHelpers, handlers: Handlers) {
  const lineOf = (level: number, subsystem: Span, message: Span): LogLine => ({
    level: LEVELS[level] ?? "error",
    subsystem: texts.read(subsystem),
    text: texts.readMessage(message),
  });
  return {
    bindPanic: (handler: PanicHandler) => void (handlers.panic = handler),
    bindLog: (handler: LogHandler) => void (handlers.log = handler),
    panic(message: Span, place: Span): never {
      if (machine.usesHandlers && handlers.panic !== undefined) return handlers.panic(message, place);
      throw new Panic(texts.readMessage(message), texts.read(place));
    },
    log(level: number, subsystem: Span, message: Span) {
      if (machine.usesHandlers && handlers.log !== undefined) return handlers.log(level, subsystem, message);
      machine.logs.push(lineOf(level, subsystem, message));
    },
  };
}
