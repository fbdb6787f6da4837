// Makes a failing program smaller while it still fails: deletes statements and declarations, puts the inside of a
// statement in its place, and gives an expression's place to one of its parts or to a plain literal. Nobody checks
// that a candidate still makes sense: the compiler refuses those that do not, and refused ones do not fail.

import type { Tree } from "./tree";

/** Tells of each candidate whether it still fails. */
export type Judge = (candidates: readonly Tree[]) => Promise<readonly boolean[]>;

/** Candidates that are judged at a time: one compilation. */
const BATCH = 24;
/** Judgements at most: each takes about a second. */
const MOST_BATCHES = 150;

/** The smallest failing program that single changes lead to. */
export async function minimise(program: Tree, judge: Judge): Promise<Tree> {
  let smallest = program;
  let budget = MOST_BATCHES;
  let pending = changes(smallest);
  while (pending.length > 0 && budget > 0) {
    budget -= 1;
    const candidates = pending.splice(0, BATCH);
    const fails = await judge(candidates);
    const found = candidates.find((_, at) => fails[at]);
    if (found === undefined) continue;
    smallest = found;
    pending = changes(smallest);
  }
  return smallest;
}

/** Every tree that one change makes of this one, those that lose most first. */
export function changes(tree: Tree): Tree[] {
  const all = [...replacements(tree), ...(tree.kind === "block" ? deletions(tree) : []), ...inner(tree)];
  const before = weight(tree);
  return all
    .map((candidate) => ({ candidate, size: weight(candidate) }))
    .filter(({ size }) => size < before)
    .sort((left, right) => left.size - right.size)
    .map(({ candidate }) => candidate);
}

/** Characters of the printed text, more or less. */
function weight(tree: Tree): number {
  return tree.pieces.reduce((sum, piece) => sum + (typeof piece === "string" ? piece.length : weight(piece)), 0);
}

/** A change in one of the parts. */
function inner(tree: Tree): Tree[] {
  return tree.pieces.flatMap((piece, at) =>
    typeof piece === "string"
      ? []
      : changes(piece).map((changed) => ({ ...tree, pieces: tree.pieces.with(at, changed) })),
  );
}

/** Without a run of its parts: half of them, a quarter, ... one. */
function deletions(tree: Tree): Tree[] {
  const found: Tree[] = [];
  for (let length = tree.pieces.length; length >= 1; length = Math.floor(length / 2))
    for (let start = 0; start < tree.pieces.length; start += length)
      found.push({ ...tree, pieces: tree.pieces.toSpliced(start, length) });
  return found;
}

function replacements(tree: Tree): Tree[] {
  if (tree.kind === "statement") return partsOfKind(tree, (part) => part.kind === "block" && part.pieces.length > 0);
  if (tree.kind !== "expression" || tree.type === "") return [];
  return [...simplest(tree), ...partsOfKind(tree, (part) => part.kind === "expression" && part.type === tree.type)];
}

/** Proper parts that fit the bill, at any depth. */
function partsOfKind(tree: Tree, fits: (part: Tree) => boolean): Tree[] {
  return tree.pieces.flatMap((piece) => {
    if (typeof piece === "string") return [];
    return fits(piece) ? [piece, ...partsOfKind(piece, fits)] : partsOfKind(piece, fits);
  });
}

/** A literal of the type, where there is one. */
function simplest(tree: Tree): Tree[] {
  const text = /^[ui]64$/.test(tree.type) ? "1n" : /^[ui]\d+$/.test(tree.type) ? "1" : undefined;
  if (text === undefined) return [];
  return [{ ...tree, constant: true, pieces: [text] }];
}
