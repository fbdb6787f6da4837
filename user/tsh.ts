/**
 * tsh, the Tessera monitor: reads a line, does what it says, and asks again.
 *
 *     line ── splitWords ── a command of tsh? ── run it here
 *                           else ──────────────── /bin/WORD in a child, and wait for it
 *
 * ^C ends the program that runs, never tsh. ^D at an empty line leaves. As the first program of a boot tsh powers the
 * machine off when it leaves: there would be nothing left to do for it.
 */
import { ignoreInterrupts } from "./lib/children";
import { editLine } from "./lib/lineEditor";
import { exit, processId, programArguments } from "./lib/process";

import { isTerminal, printError, printLine } from "./lib/terminal";
import { findCommand } from "./tsh/commands";
import { powerOff } from "./tsh/power";
import { runProgram } from "./tsh/programs";
import { splitWords } from "./tsh/words";

const PROMPT = "tsh> ";

/** What `exit` answers instead of a status. */
const LEAVE = -1;

/** Does what a line says. The status of the program or command; LEAVE to leave. */
function obey(line: string): number {
  const words = splitWords(line);
  if (words === null) {
    printError("tsh: a quote is not closed");
    return 2;
  }
  const [name, ...args] = words;
  if (name === undefined || name.startsWith("#")) return 0;
  if (name === "exit") return LEAVE;
  const command = findCommand(name);
  return command === null ? runProgram(name, args) : command.run(args);
}

function interact(): number {
  const asks = isTerminal();
  if (asks) printLine("Tessera monitor. `help` lists what it can do.");
  let status = 0;
  for (;;) {
    const line = editLine(PROMPT);
    const answer = line === null ? LEAVE : obey(line);
    if (answer === LEAVE) return status;
    status = answer;
  }
}

function main(): number {
  const args = programArguments();
  if (args[0] === "-c") return Math.max(0, obey(args.slice(1).join(" ")));
  ignoreInterrupts();
  const status = interact();
  if (processId() === 1) powerOff();
  return status;
}

exit(main());
