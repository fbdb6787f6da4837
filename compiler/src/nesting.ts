// Sources nested so deeply that walking them overflows the stack of this process: tsc's parser as well as the stages
// here descend by recursion. What would be a crash is a complaint about the innermost place.

import { resolve } from "node:path";
import ts from "typescript";

import { describe, type Diagnostic } from "./diagnostics";
import { relativePath, type Source } from "./program";

export const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes("call stack");

/** `source` is undefined when not even the parser came to an end: then the entry file stands for all. */
export function nestingComplaint(
  { root, entry }: { readonly root: string; readonly entry: string },
  source: Source | undefined,
): Diagnostic {
  const about = describe("TK1025", []);
  const node = source === undefined ? undefined : innermost(source.files);
  if (node === undefined || source === undefined)
    return { code: "TK1025", file: relativePath(root, resolve(root, entry)), line: 1, column: 1, ...about };
  const file = node.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
  return {
    code: "TK1025",
    file: relativePath(source.root, file.fileName),
    line: line + 1,
    column: character + 1,
    ...about,
  };
}

/** The node with the most nodes around it, found without recursion. */
function innermost(files: readonly ts.SourceFile[]): ts.Node | undefined {
  const pending = files.map((node): [ts.Node, number] => [node, 0]);
  let found: ts.Node | undefined;
  let deepest = -1;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    if (depth > deepest) [found, deepest] = [node, depth];
    ts.forEachChild(node, (child) => void pending.push([child, depth + 1]));
  }
  return found;
}
