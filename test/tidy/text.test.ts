/**
 * House rules about text: what no file may contain, how files open, how long lines and functions are.
 */
import ts from "typescript";
import { expect, test } from "vitest";
import {
  complaints,
  filesMatching,
  kernelFiles,
  nodeFiles,
  parse,
  programFiles,
  projectFiles,
  type SourceFile,
} from "./sources";

const MAX_LINE = 120;
const MAX_FUNCTION_LINES = 60;

/** Put together so that this file does not contain what it looks for. */
const OPEN_MARKS = new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].join("|")})\\b`);
const MACHINE_PATHS = new RegExp(`/(?:wor[k]|far[m]|home|Users)/[A-Za-z.]|/tm[p]/(?:coord|bash)`);
const REGISTRY_HOSTS = new RegExp(
  `registry\\.(?:np[m]js|yarn)|deb\\.debia[n]\\.org|(?:np[m]|artifactory)\\.[a-z]+\\.com`,
);

const PROSE = /\.(?:md|json)$|LICENSE|golden/;

test("no work is left open in comments", () => {
  const files = projectFiles().filter((file) => file.path !== "package-lock.json");
  expect(complaints(files, (line) => (OPEN_MARKS.test(line) ? line.trim() : null))).toEqual([]);
});

test("no path of a developer's machine", () => {
  expect(complaints(projectFiles(), (line) => (MACHINE_PATHS.test(line) ? line.trim() : null))).toEqual([]);
});

test("no package registry or mirror is named", () => {
  expect(complaints(projectFiles(), (line) => (REGISTRY_HOSTS.test(line) ? line.trim() : null))).toEqual([]);
});

test("no test is skipped, focused or unwritten", () => {
  const mark = /\b(?:it|test|describe)\.(?:skip|only|todo)\b(?!If)/;
  expect(complaints(filesMatching(/\.test\.ts$/), (line) => (mark.test(line) ? line.trim() : null))).toEqual([]);
});

test(`lines have at most ${MAX_LINE} characters, not counting what stands in quotes`, () => {
  const files = filesMatching(/\.(?:ts|js|asm|ld|h|inc)$|^Makefile$|^scripts\//).filter(
    (file) => !/^compiler\/test\/reject\/|\.golden$|kernel\/console\/(?:font|glyphs)|generateOperators/.test(file.path),
  );
  const tooLong = (line: string): string | null => {
    const length = [...line.replace(/"[^"]*"|`[^`]*`/g, '""')].length;
    return length > MAX_LINE ? `${length} characters` : null;
  };
  expect(complaints(files, tooLong)).toEqual([]);
});

test("lines carry no trailing spaces, and files end with one newline", () => {
  const files = projectFiles().filter((file) => !PROSE.test(file.path) && !file.path.startsWith("compiler/test/"));
  const found = complaints(files, (line) => (/[ \t\r]$/.test(line) ? "trailing space" : null));
  for (const file of files) {
    if (file.text !== "" && !/[^\n]\n$/.test(file.text)) found.push(`${file.path}: must end with one newline`);
  }
  expect(found).toEqual([]);
});

test("every source file opens with a comment that says what it owns", () => {
  const typescript = [...kernelFiles(), ...nodeFiles(), ...programFiles()].filter(
    (file) => !/^\s*(?:\/\*\*|\/\/)/.test(file.text),
  );
  const assembly = filesMatching(/\.(?:asm|inc)$/).filter((file) => !/^\s*;/.test(file.text));
  const linker = filesMatching(/\.ld$/).filter((file) => !/^\s*\/\*/.test(file.text));
  expect([...typescript, ...assembly, ...linker].map((file) => file.path)).toEqual([]);
});

test(`functions have at most ${MAX_FUNCTION_LINES} lines`, () => {
  const sources = [...kernelFiles(), ...nodeFiles(), ...programFiles()].filter(
    (file) => !file.path.endsWith(".test.ts"),
  );
  expect(sources.flatMap(longFunctions)).toEqual([]);
});

function longFunctions(file: SourceFile): string[] {
  const source = parse(file);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const count = source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
      if (count > MAX_FUNCTION_LINES) found.push(`${file.path}:${first + 1}: ${count} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("every assembly routine that others call has a contract above its label", () => {
  expect(filesMatching(/\.asm$/).flatMap(routinesWithoutContract)).toEqual([]);
});

/** A `global` label needs a comment directly above it (or above the `global` line that precedes it). */
function routinesWithoutContract(file: SourceFile): string[] {
  const names = file.lines.flatMap((line) => {
    const match = /^\s*global\s+([\w.$, :]+)/.exec(line);
    const symbols = match === null ? [] : (match[1] ?? "").split(",");
    return symbols.filter((symbol) => !symbol.includes(":data")).map((symbol) => symbol.replace(/:.*/, "").trim());
  });
  return names.filter((name) => !hasContract(file.lines, name)).map((name) => `${file.path}: ${name}`);
}

function hasContract(lines: string[], name: string): boolean {
  const label = lines.findIndex((line) => line.trimStart().startsWith(`${name}:`));
  if (label < 0) return true; // Made by a macro, whose definition carries the contract.
  for (let above = label - 1; above >= 0; above -= 1) {
    const line = lines[above]?.trim() ?? "";
    if (line.startsWith(";")) return true;
    if (line !== "" && !/^(?:global|align|section|bits|default|extern)\b/i.test(line) && !line.endsWith(":"))
      return false;
  }
  return false;
}
