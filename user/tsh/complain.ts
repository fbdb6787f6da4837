/**
 * How commands say that something is wrong.
 */
import { printError } from "../lib/terminal";

/** Says it, and answers with the status that goes with it. */
export function complain(message: string): number {
  printError(message);
  return 1;
}
