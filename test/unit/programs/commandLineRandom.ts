/**
 * The command line parser on 20,000 random lines, of random bytes and of almost right words: it must take them all, and
 * what it leaves in the options must be what some word said.
 */
import { LogLevel, options, parseCommandLine } from "../../../kernel/commandLine";
import { textBetween } from "../../../kernel/text";
import { Random } from "./random";

const LINES: u32 = 20_000;
const MAX_BYTES: u32 = 600;

class Line {
  bytes: FixedArray<u8, 600>;
  length: u32;
}
const line = new Line();
const random = new Random();

const PIECES: FixedArray<string, 16> = [
  "log=",
  "log",
  "debug",
  "error",
  "demo=",
  "test=",
  "exit",
  "events",
  "color",
  "=",
  " ",
  "  ",
  "\t",
  "x",
  "é",
  "log=warn ",
];

export function main(): void {
  let demos: u32 = 0;
  let quiet: u32 = 0;
  for (let i: u32 = 0; i < LINES; i += 1) {
    makeLine();
    options.demo = "";
    options.logLevel = LogLevel.Info;
    parseCommandLine(stringOver(subslice(line.bytes, 0, line.length)));
    assert(options.logLevel <= LogLevel.Error, "a log level that does not exist");
    assert(byteLength(options.demo) <= line.length, "a name longer than its line");
    if (byteLength(options.demo) > 0) demos += 1;
    if (options.logLevel > LogLevel.Info) quiet += 1;
  }
  assert(byteLength(textBetween("demo", 4, 4)) === 0);
  log.info(`lines=${LINES} demos=${demos} quiet=${quiet}`);
}

function makeLine(): void {
  line.length = 0;
  const pieces = random.below(24n);
  for (let i: u64 = 0n; i < pieces; i += 1n) {
    if (random.below(8n) === 0n) appendNoise();
    else appendText(PIECES[u32(random.below(16n))]);
  }
}

function appendNoise(): void {
  const count = random.below(20n);
  for (let i: u64 = 0n; i < count; i += 1n) append(u8.wrap(random.next()));
}

function appendText(text: string): void {
  for (const byte of bytesOf(text)) append(byte);
}

function append(byte: u8): void {
  if (line.length === MAX_BYTES) return;
  line.bytes[line.length] = byte;
  line.length += 1;
}
