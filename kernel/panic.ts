/**
 * Panic: a broken invariant ends the kernel, and says why, where, and how it came there.
 *
 * This is also the one end of fatal traps (trapReport.ts):
 *
 *     beginFatalReport() -- true --> report --> endFatally()    exit 35 if the command line says `exit`, else halt
 *            |                                       ^
 *            +-- false: a report is being written ---+          abandonReport: one short line
 *                and failed itself
 */
import { EXIT_FAILED, exitQemu } from "../arch/x86_64/debugExit";
import { disableInterrupts, haltForever } from "../arch/x86_64/halt";
import { options } from "./commandLine";
import { beginBlock, beginPanic, endBlock, print, printLine } from "./console/console";
import { event } from "./log";
import { printAlarm, printExplanation, printHeading, printLabel } from "./reportText";
import { printCallers } from "./stackTrace";

bindPanic(reportPanic);

/** How far the end has come. */
class Ending {
  /** A report is being written. */
  reporting: bool;
  /** It failed, and that has been said. */
  abandoned: bool;
}
const ending = new Ending();

function reportPanic(message: Message, place: string): never {
  const frame = framePointer();
  if (!beginFatalReport()) abandonReport(`panic while reporting, at ${place}`);
  event(`panic place=${place}`);
  printAlarm("PANIC");
  print(": ");
  printLine(message);
  printLabel("Place");
  printLine(place);
  printHeading("Stack trace");
  printCallers(frame);
  printExplanation("The kernel has met a state that must not exist, and stops before it does damage.");
  endFatally();
}

/** First thing of the last report. False: one is under way already, and this is its failure. */
export function beginFatalReport(): bool {
  disableInterrupts();
  if (ending.reporting) return false;
  ending.reporting = true;
  beginPanic();
  beginBlock();
  return true;
}

/** Ends a report that failed: one line, and not even that if it is what fails. */
export function abandonReport(message: Message): never {
  if (ending.abandoned) stop();
  ending.abandoned = true;
  beginPanic();
  printLine(message);
  endFatally();
}

/** Leaves QEMU with exit code 35 when the command line says `exit`; halts otherwise. */
export function endFatally(): never {
  if (!ending.abandoned) endBlock();
  if (!options.exit) {
    printAlarm("Halted.");
    printLine("");
  }
  stop();
}

/** Nothing in here can fail. */
function stop(): never {
  if (options.exit) exitQemu(EXIT_FAILED);
  haltForever();
}
