/**
 * Everything the kernel says goes through here, as one stream of bytes to all who listen:
 *
 *     log, boot report, panic --print--> control characters replaced --+--> history (ring buffer)
 *                                                                      +--> serial port
 *                              style marks -----------------------------+--> framebuffer, once attached
 *
 * The framebuffer joins late, after memory is up, and then first gets the history.
 */
import { FramebufferInfo } from "../../boot/bootInfo";
import { VirtAddr } from "../../arch/x86_64/addresses";
import { writeMessage } from "./format";
import {
  attachFramebuffer,
  detachFramebuffer,
  holdFramebuffer,
  isDrawing,
  putFramebuffer,
  releaseFramebuffer,
} from "./framebufferConsole";
import { remember, replayHistory } from "./history";
import { putSerial, putSerialRaw } from "./serialConsole";
import { Style, STYLE_MARK } from "./style";
import { putScreenByte, showScreen } from "./terminalScreen";

const LINE_FEED: u8 = 0x0a;
const TAB: u8 = 0x09;
const SPACE: u8 = 0x20;
const DELETE: u8 = 0x7f;
const QUESTION_MARK: u8 = 0x3f;

class Console {
  /** Whether the last byte was not the end of a line. */
  insideLine: bool;
  /** For a panic before memory is up; null when there is none, or it is in use. */
  offered: Ref<FramebufferInfo> | null = null;
  offeredAddress: VirtAddr;
}
const console = new Console();

/** Says something in the style in force. */
export function print(message: Message): void {
  writeMessage(putText, message);
}

/** Says something and ends the line. */
export function printLine(message: Message): void {
  writeMessage(putText, message);
  putByte(LINE_FEED);
}

/** Chooses the style of what is said from now on. */
export function setStyle(style: Style): void {
  putByte(STYLE_MARK + u8(style));
}

/** Says something to the serial port alone: for programs that read the log. */
export function printSerial(message: Message): void {
  writeMessage(putSerialText, message);
}

/** One byte of UTF-8 text; a ByteSink. Control characters other than tab and line feed become question marks. */
export function putText(byte: u8): void {
  putByte(printable(byte));
}

/**
 * One byte that a program wrote to the terminal, with whatever control sequences are its own. It is not remembered, and
 * the screen may show it only at the next `showTerminal`.
 */
export function putTerminal(byte: u8): void {
  putScreenByte(byte);
  putSerialRaw(byte);
  noteLine(byte);
}

/** Shows on the screen what programs have written. */
export function showTerminal(): void {
  showScreen();
}

/** Shows the history, and from now on everything, on the screen. False when this kind of framebuffer cannot be used. */
export function showOnFramebuffer(info: FramebufferInfo, address: VirtAddr): bool {
  console.offered = null;
  if (!attachFramebuffer(info, address)) return false;
  holdFramebuffer();
  replayHistory(putFramebuffer);
  releaseFramebuffer();
  return true;
}

/**
 * A framebuffer that can be written already, through the loader's direct map: not used unless the kernel panics before
 * `showOnFramebuffer`. `info` must stay as it is.
 */
export function offerFramebuffer(info: FramebufferInfo, address: VirtAddr): void {
  console.offered = info;
  console.offeredAddress = address;
}

/** Text up to `endBlock` appears on the screen at once: scrolling a long report line by line is slow. */
export function beginBlock(): void {
  holdFramebuffer();
}

export function endBlock(): void {
  releaseFramebuffer();
}

/**
 * First thing of a panic: sees to it that the screen shows it, unless drawing is what failed. Ends a broken-off line.
 */
export function beginPanic(): void {
  if (isDrawing()) detachFramebuffer();
  releaseFramebuffer();
  const offered = console.offered;
  if (offered !== null) void showOnFramebuffer(offered, console.offeredAddress);
  endLine();
}

/** Ends a line that was broken off: a program may have said only a part of one. */
export function endLine(): void {
  if (console.insideLine) putByte(LINE_FEED);
}

/** The screen comes first: who reads a whole line on the serial port finds it drawn. */
function putByte(byte: u8): void {
  remember(byte);
  putFramebuffer(byte);
  putSerial(byte);
  noteLine(byte);
}

function noteLine(byte: u8): void {
  console.insideLine = byte !== LINE_FEED && (console.insideLine || byte >= SPACE);
}

function putSerialText(byte: u8): void {
  putSerial(printable(byte));
}

function printable(byte: u8): u8 {
  const isControl = (byte < SPACE && byte !== LINE_FEED && byte !== TAB) || byte === DELETE;
  return isControl ? QUESTION_MARK : byte;
}
