/**
 * ioctl: what programs ask of the terminal, and a few questions about any open file.
 *
 * Linux man-pages: ioctl(2), ioctl_tty(2); numbers as in asm-generic/ioctls.h.
 */

import { OPEN_NON_BLOCKING, type OpenFile } from "../files/openFile";
import { SpaceResult } from "../mm/regions";
import { readUserObject, writeUserObject } from "../mm/userMemory";
import { Settings } from "../terminal/settings";
import { setTerminal, terminal } from "../terminal/terminal";
import { Errno, answerOf, refusal } from "./errno";
import { type Process } from "./process";
import { Signal } from "./signalNumbers";
import { sessionLives, sessionOfGroup } from "./groups";
import { signalGroup } from "./signals";

enum Request {
  GetSettings = 0x5401,
  SetSettings = 0x5402,
  SetSettingsDrained = 0x5403,
  SetSettingsFlushed = 0x5404,
  SendBreak = 0x5409,
  Flow = 0x540a,
  Flush = 0x540b,
  TakeTerminal = 0x540e,
  GetForeground = 0x540f,
  SetForeground = 0x5410,
  OutputWaiting = 0x5411,
  GetWindow = 0x5413,
  SetWindow = 0x5414,
  InputWaiting = 0x541b,
  SetNonBlocking = 0x5421,
  GetSession = 0x5429,
  KeepOnExecute = 0x5450,
  CloseOnExecute = 0x5451,
}

/** struct winsize. The last two are in pixels, and nobody knows them. */
class Window {
  rows: u16;
  columns: u16;
  width: u16;
  height: u16;
}
staticAssert(sizeOf<Window>() === 8n);

class Integer {
  value: u32;
}

const settings = new Settings();
const window = new Window();
const integer = new Integer();

/** ioctl. */
export function controlDevice(process: Process, descriptor: u64, request: u64, argument: u64): u64 {
  const file = process.descriptors.file(descriptor);
  if (file === null) return refusal(Errno.BadDescriptor);
  switch (request) {
    case u64(Request.KeepOnExecute):
    case u64(Request.CloseOnExecute):
      process.descriptors.setClosing(u32(descriptor), request === u64(Request.CloseOnExecute));
      return 0n;
    case u64(Request.SetNonBlocking):
      return setNonBlocking(file, argument);
    default:
      break;
  }
  if (!file.node.isTerminal()) return refusal(Errno.NotTerminal);
  return controlTerminal(process, u32.wrap(request), argument) ?? controlGroup(process, u32.wrap(request), argument);
}

function setNonBlocking(file: OpenFile, argument: u64): u64 {
  if (readUserObject(integer, argument) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  file.flags = integer.value !== 0 ? file.flags | OPEN_NON_BLOCKING : file.flags & ~OPEN_NON_BLOCKING;
  return 0n;
}

/** Null: the request is none of these. */
function controlTerminal(process: Process, request: u32, argument: u64): u64 | null {
  switch (request) {
    case Request.GetSettings:
      return answerOf(writeUserObject(argument, terminal.discipline.settings, sizeOf<Settings>()));
    case Request.SetSettings:
    case Request.SetSettingsDrained:
    case Request.SetSettingsFlushed:
      return setSettings(argument, request === u32(Request.SetSettingsFlushed));
    case Request.GetWindow:
      window.rows = u16.wrap(terminal.rows);
      window.columns = u16.wrap(terminal.columns);
      return answerOf(writeUserObject(argument, window, sizeOf<Window>()));
    case Request.SetWindow:
      return setWindow(argument);
    case Request.InputWaiting:
      return tellInteger(argument, terminal.discipline.readable());
    case Request.OutputWaiting:
      return tellInteger(argument, 0);
    case Request.Flush:
      if (argument > 2n) return refusal(Errno.Invalid);
      if (argument !== 1n) terminal.discipline.flush();
      return 0n;
    case Request.SendBreak:
    case Request.Flow:
      return 0n;
    default:
      return null;
  }
}

function setSettings(argument: u64, flushes: bool): u64 {
  if (readUserObject(settings, argument) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  if (flushes) terminal.discipline.flush();
  setTerminal(settings);
  return 0n;
}

/** For a program that knows better, because it has asked the terminal. Others hear of it by a signal. */
function setWindow(argument: u64): u64 {
  if (readUserObject(window, argument) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  const isOther = u32(window.rows) !== terminal.rows || u32(window.columns) !== terminal.columns;
  terminal.rows = u32(window.rows);
  terminal.columns = u32(window.columns);
  if (isOther) void signalGroup(terminal.foreground, u32(Signal.WindowChange));
  return 0n;
}

/** Whose the terminal is. */
function controlGroup(process: Process, request: u32, argument: u64): u64 {
  switch (request) {
    case Request.TakeTerminal:
      return takeTerminal(process);
    case Request.GetForeground:
      return tellInteger(argument, terminal.foreground);
    case Request.SetForeground:
      return setForeground(process, argument);
    case Request.GetSession:
      return tellInteger(argument, terminal.session);
    default:
      return refusal(Errno.NotTerminal);
  }
}

/** Only who began a session may take the terminal, and only while nobody has it. */
function takeTerminal(process: Process): u64 {
  if (process.session === terminal.session) return 0n;
  if (process.session !== process.pid || sessionLives(terminal.session)) return refusal(Errno.NoPermission);
  terminal.session = process.session;
  terminal.foreground = process.group;
  return 0n;
}

/** A group of the same session. */
function setForeground(process: Process, argument: u64): u64 {
  if (readUserObject(integer, argument) !== SpaceResult.Done) return refusal(Errno.BadAddress);
  if (process.session !== terminal.session) return refusal(Errno.NotTerminal);
  if (integer.value > u32(i32.MAX) || integer.value === 0) return refusal(Errno.Invalid);
  const session = sessionOfGroup(integer.value);
  if (session === null) return refusal(Errno.NoProcess);
  if (session !== process.session) return refusal(Errno.NoPermission);
  terminal.foreground = integer.value;
  return 0n;
}

function tellInteger(address: u64, value: u32): u64 {
  integer.value = value;
  return answerOf(writeUserObject(address, integer, sizeOf<Integer>()));
}
