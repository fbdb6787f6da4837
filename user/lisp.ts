/**
 * A small Lisp: `lisp [FILE...]` evaluates files; without FILE it reads, evaluates and prints what is typed.
 *
 *     text ── readAll ── Value ── evaluate(value, environment) ── Value ── show ── text
 *
 * Special forms: quote if define lambda let begin cond and or. Numbers, strings, symbols, lists and closures; calls in
 * tail position take no stack. Everything else is a function of lisp/builtins.ts.
 */
import { Failure } from "./lib/failure";
import { readFile } from "./lib/files";
import { exit, programArguments } from "./lib/process";
import { isTerminal, print, printError, printLine, readLine } from "./lib/terminal";
import { globalEnvironment } from "./lisp/builtins";
import { evaluate } from "./lisp/evaluate";
import { isComplete, readAll } from "./lisp/reader";
import { type Environment, LispError, NOTHING, show } from "./lisp/values";

/** Evaluates all that a text has. False, and a message, when something is wrong. */
function run(text: string, environment: Environment, printsValues: boolean): boolean {
  try {
    for (const expression of readAll(text)) {
      const value = evaluate(expression, environment);
      if (printsValues && value !== NOTHING) printLine(show(value));
    }
    return true;
  } catch (error) {
    if (!(error instanceof LispError)) throw error;
    printError(`error: ${error.message}`);
    return false;
  }
}

/** Reads on until the parentheses are closed. Null at the end of the input. */
function readExpression(asks: boolean): string | null {
  let text = "";
  for (;;) {
    if (asks) print(text === "" ? "lisp> " : "    > ");
    const line = readLine();
    if (line === null) return text === "" ? null : text;
    text += `${line}\n`;
    if (isComplete(text)) return text;
  }
}

function interact(environment: Environment): number {
  const asks = isTerminal();
  for (let text = readExpression(asks); text !== null; text = readExpression(asks)) run(text, environment, true);
  if (asks) printLine();
  return 0;
}

function main(): number {
  const names = programArguments();
  const environment = globalEnvironment();
  if (names.length === 0) return interact(environment);
  for (const name of names) {
    const text = readFile(name);
    if (text instanceof Failure) {
      printError(`lisp: ${name}: ${text.message}`);
      return 1;
    }
    if (!run(text, environment, false)) return 1;
  }
  return 0;
}

exit(main());
