/**
 * This program: its arguments and environment, and its end.
 */
import { loadNumber, loadText } from "./bytes";
import { Call } from "./callNumbers";
import { argumentVector, environmentVector, systemCall } from "./machine";

/** What was written behind the program's name. */
export function programArguments(): string[] {
  return stringsAt(argumentVector()).slice(1);
}

/** The value of a variable of the environment; null when there is none. */
export function environmentVariable(name: string): string | null {
  const found = environment().find((entry) => entry.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

/** NAME=value, all of them. */
export function environment(): string[] {
  return stringsAt(environmentVector());
}

function stringsAt(vector: number): string[] {
  const strings: string[] = [];
  for (let at = vector; ; at += 8) {
    const address = loadNumber(at, 8);
    if (address === 0) return strings;
    strings.push(loadText(address));
  }
}

export function processId(): number {
  return systemCall(Call.getpid);
}

/** Ends the program. 0 says that all went well. */
export function exit(status: number): never {
  systemCall(Call.exitGroup, status);
  throw new Error("the kernel went on with a program that had ended");
}
