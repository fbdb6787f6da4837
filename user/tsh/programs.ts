/**
 * Programs, run as children of tsh.
 */
import { NO_PROGRAM, SIGINT, signalName, spawn, waitFor } from "../lib/children";
import { Failure } from "../lib/failure";
import { fileStatus } from "../lib/files";
import { printError, printLine } from "../lib/terminal";

/** A name without a slash is one of /bin. */
export function programPath(name: string): string {
  return name.includes("/") ? name : `/bin/${name}`;
}

/** Runs a program to its end, and says so when that is not a good one. Its status; for a signal, 128 more. */
export function runProgram(name: string, args: string[]): number {
  const path = programPath(name);
  const file = fileStatus(path);
  if (file instanceof Failure || file.kind !== "file") {
    const reason = file instanceof Failure && name.includes("/") ? file.message : "no such command or program";
    printError(`tsh: ${name}: ${file instanceof Failure ? reason : "not a program"}`);
    return NO_PROGRAM;
  }
  const child = spawn(path, [name, ...args]);
  if (child instanceof Failure) {
    printError(`tsh: ${name} cannot be started: ${child.message}`);
    return NO_PROGRAM;
  }
  return reportEnd(name, child);
}

function reportEnd(name: string, child: number): number {
  const end = waitFor(child);
  if (end instanceof Failure) {
    printError(`tsh: ${name}: ${end.message}`);
    return 1;
  }
  if (end.kind === "exited") {
    if (end.status !== 0) printLine(`tsh: ${name} ended with ${end.status}`);
    return end.status;
  }
  printLine(end.signal === SIGINT ? "" : `tsh: ${name} was ended: ${signalName(end.signal)}`);
  return 128 + end.signal;
}
