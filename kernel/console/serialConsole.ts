/**
 * The serial port as a console: plain text by default, so that logs stay readable for programs; ANSI colours on request
 * ("ECMA-48, Control Functions for Coded Character Sets", SGR - Select Graphic Rendition).
 */
import { writeSerial } from "../../arch/x86_64/serial";
import { isStyleMark, Style, STYLE_COUNT, STYLE_MARK } from "./style";

const LINE_FEED: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const ESCAPE: u8 = 0x1b;

class SerialConsole {
  coloured: bool;
  /** The style of what comes next, and the one the terminal has been told. */
  style: u8;
  toldStyle: u8;
  /** A program may have chosen a colour of its own. */
  isDisturbed: bool;
}
const serialConsole = new SerialConsole();

/** In the order of Style. */
const SGR_SEQUENCES: FixedArray<string, 8> = [
  "\x1b[0m",
  "\x1b[0;90m",
  "\x1b[0;1;96m",
  "\x1b[0;36m",
  "\x1b[0;32m",
  "\x1b[0;33m",
  "\x1b[0;1;31m",
  "\x1b[0;1;37;41m",
];
staticAssert(STYLE_COUNT === 8);

/** Turns colours on or off. Text in a colour already sent keeps it. */
export function colourSerial(on: bool): void {
  serialConsole.coloured = on;
}

/** Takes one byte of the console stream. */
export function putSerial(byte: u8): void {
  if (isStyleMark(byte)) {
    serialConsole.style = byte - STYLE_MARK;
    return;
  }
  if (byte === LINE_FEED) writeSerial(CARRIAGE_RETURN);
  else tellStyle();
  writeSerial(byte);
}

/** Takes one byte that a program wrote: as it is, its own control sequences included. */
export function putSerialRaw(byte: u8): void {
  if (serialConsole.toldStyle !== u8(Style.Plain)) tell(u8(Style.Plain));
  if (byte === ESCAPE) serialConsole.isDisturbed = true;
  writeSerial(byte);
}

/**
 * Only in front of visible text: a style that nothing is said in costs nothing. Straight to the port: a call through a
 * ByteSink might lead back here, for all that its type says.
 */
function tellStyle(): void {
  if (!serialConsole.coloured) return;
  if (serialConsole.style !== serialConsole.toldStyle || serialConsole.isDisturbed) tell(serialConsole.style);
}

function tell(style: u8): void {
  for (const byte of bytesOf(SGR_SEQUENCES[style])) writeSerial(byte);
  serialConsole.toldStyle = style;
  serialConsole.isDisturbed = false;
}
