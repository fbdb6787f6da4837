/**
 * Reads JSON and prints it again, readable or compact: `json [-c] [FILE]`, without FILE from the input.
 *
 *     text ── Parser ── Value ── show ── text
 *
 * The grammar is that of RFC 8259, "The JavaScript Object Notation (JSON) Data Interchange Format". A number keeps the
 * digits it was written with, and a string its escapes; what is wrong is reported with line and column.
 */
import { Failure } from "./lib/failure";
import { readFile } from "./lib/files";
import { exit, programArguments } from "./lib/process";
import { print, printError, readLines } from "./lib/terminal";

type Value =
  { kind: "literal"; text: string } | { kind: "array"; items: Value[] } | { kind: "object"; members: Member[] };

interface Member {
  /** With quotes and escapes, as it was written. */
  name: string;
  value: Value;
}

class Mistake extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.message = message;
    this.at = at;
  }
}

/** Throws a Mistake. */
class Parser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Value {
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) this.fail("expected the end");
    return value;
  }

  private value(): Value {
    this.skipSpace();
    const character = this.text.charAt(this.at);
    if (character === "{") return { kind: "object", members: this.list("}", () => this.member()) };
    if (character === "[") return { kind: "array", items: this.list("]", () => this.value()) };
    if (character === '"') return { kind: "literal", text: this.string() };
    if (character === "-" || isDigit(character)) return { kind: "literal", text: this.number() };
    for (const word of ["true", "false", "null"]) {
      if (this.takes(word)) return { kind: "literal", text: word };
    }
    return this.fail("expected a value");
  }

  /** Elements with commas between, from the opening bracket to the closing one. */
  private list<T>(close: string, element: () => T): T[] {
    const elements: T[] = [];
    this.at += 1;
    this.skipSpace();
    if (this.takes(close)) return elements;
    for (;;) {
      elements.push(element());
      this.skipSpace();
      if (this.takes(close)) return elements;
      if (!this.takes(",")) this.fail(`expected , or ${close}`);
    }
  }

  private member(): Member {
    this.skipSpace();
    if (this.text.charAt(this.at) !== '"') this.fail("expected a name in quotes");
    const name = this.string();
    this.skipSpace();
    if (!this.takes(":")) this.fail("expected :");
    return { name, value: this.value() };
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    for (;;) {
      const character = this.text.charAt(this.at);
      if (character === "" || character === "\n") this.fail("the string is not closed");
      if (character === "\\") this.escape();
      else this.at += 1;
      if (character === '"') return this.text.slice(start, this.at);
    }
  }

  private escape(): void {
    const letter = this.text.charAt(this.at + 1);
    if (letter === "" || !'"\\/bfnrtu'.includes(letter)) this.fail("no such escape");
    this.at += 2;
    for (let digit = 0; letter === "u" && digit < 4; digit += 1) {
      if (!isHexDigit(this.text.charAt(this.at))) this.fail("expected a hexadecimal digit");
      this.at += 1;
    }
  }

  private number(): string {
    const start = this.at;
    this.takes("-");
    if (!this.takes("0")) this.digits();
    if (this.takes(".")) this.digits();
    if (this.takes("e") || this.takes("E")) {
      if (!this.takes("+")) this.takes("-");
      this.digits();
    }
    return this.text.slice(start, this.at);
  }

  /** One or more. */
  private digits(): void {
    if (!isDigit(this.text.charAt(this.at))) this.fail("expected a digit");
    while (isDigit(this.text.charAt(this.at))) this.at += 1;
  }

  private takes(word: string): boolean {
    const found = this.text.startsWith(word, this.at);
    if (found) this.at += word.length;
    return found;
  }

  private skipSpace(): void {
    while (this.at < this.text.length && " \t\r\n".includes(this.text.charAt(this.at))) this.at += 1;
  }

  private fail(message: string): never {
    throw new Mistake(message, this.at);
  }
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

function isHexDigit(character: string): boolean {
  return character !== "" && "0123456789abcdefABCDEF".includes(character);
}

function compact(value: Value): string {
  switch (value.kind) {
    case "literal":
      return value.text;
    case "array":
      return `[${value.items.map(compact).join(",")}]`;
    case "object":
      return `{${value.members.map((member) => `${member.name}:${compact(member.value)}`).join(",")}}`;
  }
}

function readable(value: Value, indent: string): string {
  const inner = `${indent}  `;
  switch (value.kind) {
    case "literal":
      return value.text;
    case "array":
      return block(
        "[",
        "]",
        indent,
        value.items.map((item) => inner + readable(item, inner)),
      );
    case "object":
      return block(
        "{",
        "}",
        indent,
        value.members.map((member) => memberLine(inner, member)),
      );
  }
}

function memberLine(indent: string, { name, value }: Member): string {
  return `${indent}${name}: ${readable(value, indent)}`;
}

function block(open: string, close: string, indent: string, lines: string[]): string {
  return lines.length === 0 ? open + close : `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** `line 2, column 5`. */
function place(text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}

function complain(message: string): number {
  printError(`json: ${message}`);
  return 1;
}

function main(): number {
  const words = programArguments();
  const isCompact = words[0] === "-c";
  const [name, ...more] = isCompact ? words.slice(1) : words;
  if (more.length > 0) return complain("usage: json [-c] [FILE]");
  const text = name === undefined ? readLines().join("\n") : readFile(name);
  if (text instanceof Failure) return complain(`${name ?? ""}: ${text.message}`);
  try {
    const value = new Parser(text).document();
    print(`${isCompact ? compact(value) : readable(value, "")}\n`);
    return 0;
  } catch (mistake) {
    if (!(mistake instanceof Mistake)) throw mistake;
    return complain(`${place(text, mistake.at)}: ${mistake.message}`);
  }
}

exit(main());
