// Runs a whole program (compiler/src/emit/js/program.ts) in this process, on a machine of its own, as a host
// program: the same output and exit code as the native one.

import { Panic } from "./errors";
import { Machine, type LogLine } from "./machine";
import { createRuntime, type Runtime } from "./runtime/runtime";

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly dataBytes?: number;
  /** The external function that ends the program with an exit code. */
  readonly exitFunction?: string;
}

/** Thrown by the exit function. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** How a host program ends in a panic. */
const PANIC_EXIT_CODE = 3;

/** A host program lives in the lower half. */
const HOST_BASE = 0x1000_0000;

type Program = (runtime: Runtime) => (() => void) | undefined;

export function runProgram(body: string, options: ProgramOptions = {}): Outcome {
  const machine = new Machine({ ...options, imageBase: HOST_BASE });
  machine.usesHandlers = true;
  if (options.exitFunction !== undefined) machine.assembly.set(options.exitFunction, exit);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is what the compiler has just printed
  const program = new Function("$runtime", body) as Program;
  const main = program(createRuntime(machine));
  machine.image.settle();
  const ended = (exitCode: number, stderr: string): Outcome => ({ exitCode, stdout: printed(machine.logs), stderr });
  try {
    main?.();
    return ended(0, "");
  } catch (error) {
    if (error instanceof Exit) return ended(error.code, "");
    if (error instanceof Panic) return ended(PANIC_EXIT_CODE, `panic: ${error.text} at ${error.place}\n`);
    throw error;
  }
}

function exit(code: number): never {
  throw new Exit(code);
}

/** Log lines as a host program prints them. */
export const printed = (logs: readonly LogLine[]): string =>
  logs.map(({ level, text }) => `${level === "warn" || level === "error" ? `${level}: ` : ""}${text}\n`).join("");
