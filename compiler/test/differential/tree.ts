// What the generator builds: source text as a tree, so that the minimiser knows what can go and what can stand for
// what without parsing anything.
//
//   block ── statement ── "while (", expression, ") {", block, "}"
//                                        └─ expression of a type ── "wrappingAdd(", expression, ", ", expression, ")"

export type TreeKind = "expression" | "statement" | "block" | "text";

export type Piece = string | Tree;

export interface Tree {
  readonly kind: TreeKind;
  /** The type of an expression as the language spells it; empty for the rest. */
  readonly type: string;
  /** A literal or a named constant: two of them would fold. */
  readonly constant: boolean;
  readonly pieces: readonly Piece[];
}

type Builder = (strings: TemplateStringsArray, ...values: readonly (Piece | number)[]) => Tree;

const builder =
  (kind: TreeKind, type: string, constant = false): Builder =>
  (strings, ...values) => ({ kind, type, constant, pieces: weave(strings, values) });

function weave(strings: TemplateStringsArray, values: readonly (Piece | number)[]): Piece[] {
  const pieces = strings.flatMap((text, index): Piece[] => {
    const value = values[index];
    return value === undefined ? [text] : [text, typeof value === "number" ? String(value) : value];
  });
  return pieces.filter((piece) => piece !== "");
}

export const expression = (type: string): Builder => builder("expression", type);
export const constantExpression = (type: string): Builder => builder("expression", type, true);
export const statement: Builder = builder("statement", "");
export const text: Builder = builder("text", "");

/** Trees one after the other: statements, or declarations. */
export const block = (statements: readonly Tree[]): Tree => ({
  kind: "block",
  type: "",
  constant: false,
  pieces: statements,
});

/** Trees with text between them, as in a list of arguments. */
export const joined = (trees: readonly Tree[], separator: string): Tree => ({
  kind: "text",
  type: "",
  constant: false,
  pieces: trees.flatMap((tree, index) => (index === 0 ? [tree] : [separator, tree])),
});

export function print(tree: Tree): string {
  const inner = tree.pieces.map((piece) => (typeof piece === "string" ? piece : print(piece))).join("");
  return tree.kind === "statement" ? `${inner}\n` : inner;
}
