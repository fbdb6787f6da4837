/**
 * Counts lines, words and bytes: `wc [FILE...]`, without FILE from the input.
 */
import { encode } from "./lib/bytes";
import { Failure } from "./lib/failure";
import { readFileBytes } from "./lib/files";
import { table } from "./lib/format";
import { exit, programArguments } from "./lib/process";
import { print, printError, readLine } from "./lib/terminal";

interface Counts {
  lines: number;
  words: number;
  bytes: number;
}

function count(bytes: string): Counts {
  let lines = 0;
  let words = 0;
  let inWord = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const character = bytes.charAt(at);
    const isSpace = character === " " || (character >= "\t" && character <= "\r");
    if (character === "\n") lines += 1;
    if (!isSpace && !inWord) words += 1;
    inWord = !isSpace;
  }
  return { lines, words, bytes: bytes.length };
}

/** Each line has its end; a last line without one is taken to have it. */
function countInput(): Counts {
  const total: Counts = { lines: 0, words: 0, bytes: 0 };
  for (let line = readLine(); line !== null; line = readLine()) add(total, count(`${encode(line)}\n`));
  return total;
}

function add(total: Counts, { lines, words, bytes }: Counts): void {
  total.lines += lines;
  total.words += words;
  total.bytes += bytes;
}

function row(name: string, { lines, words, bytes }: Counts): string[] {
  return [`${lines}`, `${words}`, `${bytes}`, name];
}

function main(): number {
  const names = programArguments();
  const total: Counts = { lines: 0, words: 0, bytes: 0 };
  const rows: string[][] = [];
  let status = 0;
  for (const name of names) {
    const bytes = readFileBytes(name);
    if (bytes instanceof Failure) {
      printError(`wc: ${name}: ${bytes.message}`);
      status = 1;
      continue;
    }
    const counts = count(bytes);
    add(total, counts);
    rows.push(row(name, counts));
  }
  if (names.length === 0) rows.push(row("", countInput()));
  if (names.length > 1) rows.push(row("total", total));
  print(table(rows, [0, 1, 2]));
  return status;
}

exit(main());
