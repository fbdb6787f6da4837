/**
 * The kernel's command line: words between spaces, each `name` or `name=value`.
 *
 *     log=debug|info|warn|error   least important log lines to show          (info)
 *     exit                        leave QEMU at the end: 33 after a boot, 35 after a panic
 *     events                      one line `@name key=value ...` per event on the serial port
 *     color                       ANSI colours on the serial port
 *     demo=NAME                   a fault to watch (kernel/demo/demos.ts)
 *     init=PATH                   the program to start, a file of the root (/init)
 *     norandmaps                  programs lie where they can be expected, the same in each run
 *     nopcid                      no process contexts: every switch of address spaces empties the TLB
 *     paging=4|5                  levels of page tables: what Tessera's own loader sets up (4)
 *     physmap=offset|identity|recursive
 *                                 how page tables are reached (offset)
 *     swap=MIB                    so much memory keeps what programs do not use, when there is too little (0)
 *     test=NAME                   a test to run, test kernel only (test/metal/main.ts)
 *
 * Nothing on the line can stop the boot: what is not understood is named in a warning and left out.
 */
import { pagingLevels } from "../arch/x86_64/addresses";
import { PhysmapMode } from "../arch/x86_64/tableAccess";
import { colourSerial } from "./console/serialConsole";
import { decimalOf, indexOfByte, sameText, textBetween } from "./text";

export enum LogLevel {
  Debug = 0,
  Info = 1,
  Warn = 2,
  Error = 3,
}

export class Options {
  /** Log lines below this level are dropped. */
  logLevel: u32 = 1;
  exit: bool;
  events: bool;
  color: bool;
  processContexts: bool = true;
  /** Where programs lie is left to chance. */
  randomMaps: bool = true;
  physmap: PhysmapMode = PhysmapMode.Offset;
  /** Empty: none. */
  demo: string = "";
  /** Empty: none. */
  test: string = "";
  /** Memory for swap, in MiB. */
  swap: u32 = 0;
  /** The first program. */
  init: string = "/init";
}
/** What the command line asks for; the defaults until `parseCommandLine`. */
export const options = new Options();
staticAssert(LogLevel.Info === 1);

const ALLOWED_WORDS =
  "allowed are log=LEVEL, paging=4|5, physmap=MODE, demo=NAME, init=PATH, swap=MIB, test=NAME, exit, events, color, nopcid, norandmaps";
const ALLOWED_LEVELS = "allowed are log=debug|info|warn|error";
const ALLOWED_PAGING = "allowed are paging=4 and paging=5";
const ALLOWED_PHYSMAPS = "allowed are physmap=offset|identity|recursive";
const MOST_SWAP: u32 = 65_536;
const ALLOWED_SWAP = "allowed are swap=0 up to swap=65536";
const NOT_FIVE_LEVELS = "the loader or the processor stays with 4 levels";
const NEEDS_NAME = "needs a name behind the equals sign";
const TAKES_NO_VALUE = "this word stands alone, without a value";
const GIVEN_AGAIN = "given more than once, the last one counts";
const FLAGS: FixedArray<string, 5> = ["exit", "events", "color", "nopcid", "norandmaps"];
const LEVEL_NAMES: FixedArray<string, 4> = ["debug", "info", "warn", "error"];

const EQUALS: u8 = 0x3d;
/** Longer words are cut in warnings. */
const MAX_SHOWN_BYTES = 48;
/** Further warnings are counted instead. */
const MAX_WARNINGS: u32 = 8;

/** The words met so far, to notice a second one. */
class Progress {
  warnings: u32;
  sawLog: bool;
  sawPhysmap: bool;
  sawDemo: bool;
  sawInit: bool;
  sawTest: bool;
}
const progress = new Progress();

/** Fills `options`. The text must stay in memory: options refer to it. */
export function parseCommandLine(line: string): void {
  zeroStruct(progress);
  const bytes = bytesOf(line);
  let start: u32 = 0;
  for (let index: u32 = 0; index <= bytes.length; index += 1) {
    if (index < bytes.length && !isSpace(bytes[index])) continue;
    if (index > start) parseWord(textBetween(line, start, index));
    start = index + 1;
  }
  if (progress.warnings > MAX_WARNINGS) {
    log.warn(`${progress.warnings - MAX_WARNINGS} more words of the command line were not understood`);
  }
}

/** Space, tab, line feed, carriage return. Other control characters belong to words, and make them unknown. */
function isSpace(byte: u8): bool {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function parseWord(word: string): void {
  const nameLength = indexOfByte(word, EQUALS);
  const name = textBetween(word, 0, nameLength);
  if (nameLength === byteLength(word)) {
    parseFlag(word);
    return;
  }
  const value = textBetween(word, nameLength + 1, byteLength(word));
  if (sameText(name, "log")) parseLogLevel(word, value);
  else if (sameText(name, "paging")) checkPaging(word, value);
  else if (sameText(name, "physmap")) parsePhysmap(word, value);
  else if (sameText(name, "demo")) parseDemo(word, value);
  else if (sameText(name, "init")) parseInit(word, value);
  else if (sameText(name, "swap")) parseSwap(word, value);
  else if (sameText(name, "test")) parseTest(word, value);
  else if (isFlag(name)) complain(word, TAKES_NO_VALUE);
  else complain(word, ALLOWED_WORDS);
}

function parseFlag(word: string): void {
  if (sameText(word, "exit")) {
    options.exit = true;
  } else if (sameText(word, "events")) {
    options.events = true;
  } else if (sameText(word, "color")) {
    options.color = true;
    colourSerial(true);
  } else if (sameText(word, "nopcid")) {
    options.processContexts = false;
  } else if (sameText(word, "norandmaps")) {
    options.randomMaps = false;
  } else if (sameText(word, "log")) {
    complain(word, ALLOWED_LEVELS);
  } else if (sameText(word, "paging")) {
    complain(word, ALLOWED_PAGING);
  } else if (sameText(word, "physmap")) {
    complain(word, ALLOWED_PHYSMAPS);
  } else if (sameText(word, "swap")) {
    complain(word, ALLOWED_SWAP);
  } else if (sameText(word, "demo") || sameText(word, "init") || sameText(word, "test")) {
    complain(word, NEEDS_NAME);
  } else {
    complain(word, ALLOWED_WORDS);
  }
}

function isFlag(name: string): bool {
  for (const flag of FLAGS) {
    if (sameText(name, flag)) return true;
  }
  return false;
}

function parseLogLevel(word: string, value: string): void {
  for (let level: u32 = 0; level < LEVEL_NAMES.length; level += 1) {
    if (!sameText(value, LEVEL_NAMES[level])) continue;
    if (progress.sawLog) complain(word, GIVEN_AGAIN);
    progress.sawLog = true;
    options.logLevel = level;
    return;
  }
  complain(word, ALLOWED_LEVELS);
}

/** The loader has set paging up before this line is read. */
function checkPaging(word: string, value: string): void {
  const asksForFive = sameText(value, "5");
  if (!asksForFive && !sameText(value, "4")) complain(word, ALLOWED_PAGING);
  else if (asksForFive && pagingLevels() === 4) complain(word, NOT_FIVE_LEVELS);
}

function parsePhysmap(word: string, value: string): void {
  const mode = physmapNamed(value);
  if (mode === null) {
    complain(word, ALLOWED_PHYSMAPS);
    return;
  }
  if (progress.sawPhysmap) complain(word, GIVEN_AGAIN);
  progress.sawPhysmap = true;
  options.physmap = mode;
}

function physmapNamed(name: string): PhysmapMode | null {
  if (sameText(name, "offset")) return PhysmapMode.Offset;
  if (sameText(name, "identity")) return PhysmapMode.Identity;
  return sameText(name, "recursive") ? PhysmapMode.Recursive : null;
}

function parseDemo(word: string, value: string): void {
  if (!isName(word, value, progress.sawDemo)) return;
  progress.sawDemo = true;
  options.demo = value;
}

function parseSwap(word: string, value: string): void {
  const mebibytes = decimalOf(value);
  if (mebibytes === null || mebibytes > MOST_SWAP) complain(word, ALLOWED_SWAP);
  else options.swap = mebibytes;
}

function parseInit(word: string, value: string): void {
  if (!isName(word, value, progress.sawInit)) return;
  progress.sawInit = true;
  options.init = value;
}

function parseTest(word: string, value: string): void {
  if (!isName(word, value, progress.sawTest)) return;
  progress.sawTest = true;
  options.test = value;
}

/** Whether there is a name behind the equals sign; says so when there is none, or when another stood there before. */
function isName(word: string, value: string, isAgain: bool): bool {
  if (byteLength(value) === 0) {
    complain(word, NEEDS_NAME);
    return false;
  }
  if (isAgain) complain(word, GIVEN_AGAIN);
  return true;
}

function complain(word: string, advice: string): void {
  progress.warnings += 1;
  if (progress.warnings > MAX_WARNINGS) return;
  const length = byteLength(word);
  const cut = length > MAX_SHOWN_BYTES;
  const shown = cut ? textBetween(word, 0, MAX_SHOWN_BYTES) : word;
  log.warn(`command line: "${shown}${cut ? "..." : ""}": ${advice}`);
}
