/**
 * Log lines: what `log.info` and its sisters do anywhere in the kernel.
 *
 *     [    0.001234] mm: 64512 frames free
 *     [    0.001301] commandLine: warn: unknown word "foo"
 *       seconds      subsystem (the compiler adds it)
 *
 * Beside them, events: one line for programs each, `@name key=value key=value`, on the serial port only, and only when
 * the command line asks for `events`.
 */
import { elapsedMicroseconds } from "./clock";
import { LogLevel, options } from "./commandLine";
import { endLine, print, printLine, printSerial, putText, setStyle } from "./console/console";
import { writeDecimal } from "./console/format";
import { Style } from "./console/style";

const MICROSECONDS_PER_SECOND: u64 = 1_000_000n;

bindLog(writeLogLine);

/** A line `@message` for the programs that read the serial port. */
export function event(message: Message): void {
  if (!options.events) return;
  endLine();
  printSerial("@");
  printSerial(message);
  printSerial("\n");
}

function writeLogLine(level: u32, subsystem: string, message: Message): void {
  if (level < options.logLevel) return;
  endLine();
  writeTime(elapsedMicroseconds());
  setStyle(Style.Accent);
  print(`${subsystem}: `);
  setStyle(styleOf(level));
  if (level === LogLevel.Warn) print("warn: ");
  if (level === LogLevel.Error) print("error: ");
  printLine(message);
  setStyle(Style.Plain);
}

function writeTime(time: u64): void {
  setStyle(Style.Dim);
  print(`[${alignRight(time / MICROSECONDS_PER_SECOND, 5)}.`);
  writeDecimal(putText, time % MICROSECONDS_PER_SECOND, 6);
  print("] ");
}

function styleOf(level: u32): Style {
  switch (level) {
    case LogLevel.Debug:
      return Style.Dim;
    case LogLevel.Warn:
      return Style.Warning;
    case LogLevel.Error:
      return Style.Error;
    default:
      return Style.Plain;
  }
}
