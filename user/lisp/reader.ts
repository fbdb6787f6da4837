/**
 * Text to values.
 *
 *     value = "(" value* ")"  |  "'" value  |  number  |  "text"  |  #t  |  #f  |  symbol
 */
import { LispError, SymbolValue, type Value } from "./values";

/** Parentheses, quotes, strings with their quotes, and words. Comments go from ; to the end of the line. */
function tokens(text: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    const size = tokenSize(text, at);
    const token = text.slice(at, at + size);
    if (!isSpace(token.charAt(0)) && !token.startsWith(";")) found.push(token);
    at += size;
  }
  return found;
}

function tokenSize(text: string, start: number): number {
  const first = text.charAt(start);
  if ("()'".includes(first) || isSpace(first)) return 1;
  let end = start + 1;
  if (first === '"') {
    while (end < text.length && text.charAt(end) !== '"') end += 1;
    return Math.min(end + 1, text.length) - start;
  }
  const isComment = first === ";";
  while (end < text.length && (isComment ? text.charAt(end) !== "\n" : isWord(text.charAt(end)))) end += 1;
  return end - start;
}

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}

function isWord(character: string): boolean {
  return !isSpace(character) && !"()';\"".includes(character);
}

/** Whether as many parentheses are closed as were opened, or more. */
export function isComplete(text: string): boolean {
  let depth = 0;
  for (const token of tokens(text)) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
  }
  return depth <= 0;
}

/** All values of a text. Throws a LispError. */
export function readAll(text: string): Value[] {
  const reader = new Reader(tokens(text));
  const values: Value[] = [];
  while (!reader.isAtEnd()) values.push(reader.read());
  return values;
}

class Reader {
  private readonly words: string[];
  private at = 0;

  constructor(words: string[]) {
    this.words = words;
  }

  isAtEnd(): boolean {
    return this.at >= this.words.length;
  }

  read(): Value {
    const word = this.words[this.at];
    if (word === undefined) throw new LispError("a parenthesis is not closed");
    this.at += 1;
    if (word === "(") return this.list();
    if (word === ")") throw new LispError("a parenthesis is closed that was not opened");
    if (word === "'") return [new SymbolValue("quote"), this.read()];
    return atom(word);
  }

  private list(): Value[] {
    const items: Value[] = [];
    while (this.words[this.at] !== ")") items.push(this.read());
    this.at += 1;
    return items;
  }
}

function atom(word: string): Value {
  if (word === "#t") return true;
  if (word === "#f") return false;
  if (word.startsWith('"')) {
    if (word.length < 2 || !word.endsWith('"')) throw new LispError("a string is not closed");
    return word.slice(1, -1);
  }
  const number = Number(word);
  return Number.isNaN(number) ? new SymbolValue(word) : number;
}
