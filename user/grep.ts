/**
 * Prints the lines in which a pattern is found: `grep [-n] [-v] PATTERN [FILE...]`, without FILE from the input.
 *
 *     c      that character          ^ $    start and end of the line
 *     .      any character           x*     any number of x
 *     [a-z]  one of these            x+ x?  at least one; one or none
 *     [^a-z] none of these           \c     c itself
 *
 * The pattern is cut into atoms first; matching them is a walk with a step back where an atom may repeat.
 */
import { Failure } from "./lib/failure";
import { readFile } from "./lib/files";
import { exit, programArguments } from "./lib/process";
import { printError, printLine, readLines } from "./lib/terminal";

/** What one character has to be, and how often. */
interface Atom {
  matches: (character: string) => boolean;
  least: number;
  most: number;
}

interface Pattern {
  atStart: boolean;
  atEnd: boolean;
  atoms: Atom[];
}

const NO_LIMIT = 2 ** 31;

/** Null when the pattern makes no sense: a bracket that is not closed, a repetition of nothing, a \ at the end. */
function parsePattern(text: string): Pattern | null {
  const atStart = text.startsWith("^");
  const atEnd = text.length > (atStart ? 1 : 0) && text.endsWith("$") && !text.endsWith("\\$");
  const end = text.length - (atEnd ? 1 : 0);
  const atoms: Atom[] = [];
  let at = atStart ? 1 : 0;
  while (at < end) {
    const size = atomSize(text, at, end);
    if (size === 0) return null;
    const repetition = text.charAt(at + size);
    const repeats = at + size < end && "*+?".includes(repetition);
    atoms.push({
      matches: atomTest(text.slice(at, at + size)),
      least: repeats && repetition !== "+" ? 0 : 1,
      most: repeats && repetition !== "?" ? NO_LIMIT : 1,
    });
    at += size + (repeats ? 1 : 0);
  }
  return { atStart, atEnd, atoms };
}

/** How many characters of the pattern are the next atom, without its repetition; 0 when there is none. */
function atomSize(text: string, at: number, end: number): number {
  const character = text.charAt(at);
  if ("*+?".includes(character)) return 0;
  if (character === "\\") return at + 1 < end ? 2 : 0;
  if (character !== "[") return 1;
  const first = text.charAt(at + 1) === "^" ? at + 2 : at + 1;
  const close = text.indexOf("]", first + 1);
  return close < 0 || close >= end ? 0 : close + 1 - at;
}

function atomTest(atom: string): (character: string) => boolean {
  if (atom.startsWith("\\")) return (character) => character === atom.charAt(1);
  if (atom === ".") return () => true;
  if (!atom.startsWith("[")) return (character) => character === atom;
  const negated = atom.charAt(1) === "^";
  const set = atom.slice(negated ? 2 : 1, -1);
  return (character) => isOneOf(set, character) !== negated;
}

/** A set is characters and ranges, a-z. */
function isOneOf(set: string, character: string): boolean {
  let at = 0;
  while (at < set.length) {
    const isRange = set.charAt(at + 1) === "-" && at + 2 < set.length;
    const last = set.charAt(isRange ? at + 2 : at);
    if (character >= set.charAt(at) && character <= last) return true;
    at += isRange ? 3 : 1;
  }
  return false;
}

function found(pattern: Pattern, line: string): boolean {
  const last = pattern.atStart ? 0 : line.length;
  for (let start = 0; start <= last; start += 1) {
    if (matchesFrom(pattern, 0, line, start)) return true;
  }
  return false;
}

/** Whether the atoms from `index` on match what begins at `at`. Repetitions take as much as they can, then less. */
function matchesFrom(pattern: Pattern, index: number, line: string, at: number): boolean {
  const atom = pattern.atoms[index];
  if (atom === undefined) return !pattern.atEnd || at === line.length;
  let count = 0;
  while (count < atom.most && at + count < line.length && atom.matches(line.charAt(at + count))) count += 1;
  for (; count >= atom.least; count -= 1) {
    if (matchesFrom(pattern, index + 1, line, at + count)) return true;
  }
  return false;
}

interface Options {
  numbers: boolean;
  inverted: boolean;
}

/** Prints lines, each with that prefix. How many. */
function search(pattern: Pattern, lines: string[], prefix: string, { numbers, inverted }: Options): number {
  let count = 0;
  lines.forEach((line, index) => {
    if (found(pattern, line) === inverted) return;
    printLine(`${prefix}${numbers ? `${index + 1}:` : ""}${line}`);
    count += 1;
  });
  return count;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

const NOT_FOUND = 1;
const WRONG = 2;

function main(): number {
  const words = programArguments();
  const options: Options = { numbers: false, inverted: false };
  while (words[0] === "-n" || words[0] === "-v") {
    if (words.shift() === "-n") options.numbers = true;
    else options.inverted = true;
  }
  const [text, ...names] = words;
  const pattern = text === undefined ? null : parsePattern(text);
  if (pattern === null) {
    printError(text === undefined ? "usage: grep [-n] [-v] PATTERN [FILE...]" : `grep: no such pattern: ${text}`);
    return WRONG;
  }
  let count = names.length === 0 ? search(pattern, readLines(), "", options) : 0;
  let failed = false;
  for (const name of names) {
    const content = readFile(name);
    if (content instanceof Failure) printError(`grep: ${name}: ${content.message}`);
    else count += search(pattern, linesOf(content), names.length > 1 ? `${name}:` : "", options);
    failed ||= content instanceof Failure;
  }
  if (failed) return WRONG;
  return count > 0 ? 0 : NOT_FOUND;
}

exit(main());
