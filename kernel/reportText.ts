/** The parts that the last reports are made of: panic.ts, trapReport.ts. */
import { print, printLine, setStyle } from "./console/console";
import { Style } from "./console/style";

/** The word that says that this is the end. The line goes on. */
export function printAlarm(word: string): void {
  setStyle(Style.Fatal);
  print(word);
  setStyle(Style.Plain);
}

/** A word before what it names, on one line. */
export function printLabel(label: string): void {
  setStyle(Style.Heading);
  print(label);
  setStyle(Style.Plain);
  print(": ");
}

/** A line above what it names. */
export function printHeading(heading: Message): void {
  setStyle(Style.Heading);
  print(heading);
  setStyle(Style.Plain);
  printLine(":");
}

/** A line that explains. */
export function printExplanation(text: Message): void {
  setStyle(Style.Error);
  printLine(text);
  setStyle(Style.Plain);
}
