/**
 * Where kernel code can be broken on purpose: every flush, permission check and change of a count, found in the source
 * by its syntax tree. All mutants are in one build; a number chooses the one that is active:
 *
 *     applyFlush(flush);              { if (mutation.active !== 7) { applyFlush(flush); } }
 *     if (isWrite && !writable)       if ((mutation.active === 8 || isWrite) && (mutation.active === 9 || !writable))
 *     info.references += 1;           if (mutation.active !== 10) info.references += 1;
 *
 * An operand that narrows a type (`x === null`) is no site: without it the language refuses the program.
 */
import ts from "typescript";

export type Kind = "flush" | "permission" | "count";

export interface Site {
  readonly number: number;
  readonly kind: Kind;
  readonly path: string;
  readonly line: number;
  /** The function that it lies in. */
  readonly within: string;
  /** What is taken away; a condition that is broken both ways says what it becomes. */
  readonly text: string;
}

export interface Mutated {
  readonly text: string;
  readonly sites: readonly Site[];
}

/** Calls, as statements, that make the processor forget something. */
const FLUSHES = new Set([
  ...["applyFlush", "applyFlushUnder", "applyLongFlush", "flushAll", "flushPages", "invlpg", "invpcid", "writeCr3"],
  ...["writeCr4", "forgetTable", "forgetGuests", "forgetContext", "forgetOtherContexts"],
]);
/** Files in which a write to CR4 turns something on, and is no flush. */
const TURNS_ON = /\/(?:cpu|vectors)\.ts$/;
/** Calls, as statements, that take permissions away or replace them. */
const PROTECTIONS = new Set([
  "forbidWrites",
  "hide",
  "showWith",
  "setFlags",
  "setHugeFlags",
  "protectLeaf",
  "protectPages",
  "clac",
]);
/** Calls, as statements, that change a count of references or of entries, or who is known to map a frame. */
const COUNTING = new Set([
  ...["shareFrame", "releaseFrame", "releaseFrames", "releaseStore", "releaseLeaf", "shareSlot", "dropSlot"],
  ...["countLive", "countLiveUnder", "countEmptied", "freeEmptyTables", "startUse", "endUse"],
  ...["setOnlyMapping", "clearOnlyMapping", "forgetMappings", "removeMapping"],
]);
/** Fields that count. */
const COUNTS = new Set(["references", "liveEntries", "residentPages", "attached", "freeCount", "mapping"]);
/** Words that say that a condition is about who may do what. */
const PERMISSION = new RegExp(
  "\\b(?:permissions|isWrite|isWritable|isUser|isExecutable|isHarmless|isUserPage|isUserRange|isStretch|isForeign|" +
    "isCovered|isHidden|copiesOnWrite|mayGrow|fitsAt|hadUserPagesOpen|endUserPage|firstUserPage|floor|" +
    "STACK_GUARD_PAGES|NO_ACCESS|READ|WRITE|EXECUTE|USER|WRITABLE|NO_EXECUTE|GLOBAL|PAGE_FAULT_\\w+|userWindow|" +
    "writable|user|executable|noExecute|smep|smap|alignmentCheck|writeProtect|CR[04]_\\w+)\\b",
);
/** Bits of an entry that permit or forbid. */
const BITS = new Set(["USER", "WRITABLE", "NO_EXECUTE"]);

/** The module, beside arch/x86_64, that says which mutant is active. */
export const SWITCH = "arch/x86_64/mutation.ts";
export const NONE = 0xffff_ffff;
export const switchSource = (active: number): string =>
  `export class Mutation {\n  active: Volatile<u32> = ${active};\n}\nexport const mutation = new Mutation();\n`;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Puts all mutants of one file into it; their numbers start at `first`. `toSwitch` imports the switch. */
export function mutate(path: string, source: string, first: number, toSwitch: string): Mutated {
  const finder = new Finder(path, source, first);
  finder.visit(finder.file, undefined);
  if (finder.sites.length === 0) return { text: source, sites: [] };
  return {
    text: `import { mutation } from "${toSwitch}";\n${finder.importsNoFlush()}${finder.edited()}`,
    sites: finder.sites,
  };
}

/** What it means when a condition holds: a way out, a permission, or either, and then it is broken both ways. */
type Sense = "allows" | "refuses" | "either";

class Finder {
  readonly sites: Site[] = [];
  readonly file: ts.SourceFile;
  private readonly edits: Edit[] = [];
  private needsNoFlush = false;
  private within = "";

  constructor(
    private readonly path: string,
    private readonly source: string,
    private readonly first: number,
  ) {
    this.file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true);
  }

  visit(node: ts.Node, within: ts.FunctionLikeDeclaration | undefined): void {
    const inner = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node : within;
    if (inner !== within) this.within = inner?.name?.getText(this.file) ?? "";
    if (within !== undefined) {
      if (ts.isExpressionStatement(node)) this.statement(node);
      if (ts.isReturnStatement(node)) this.result(node, within.type?.getText(this.file) ?? "");
      if (ts.isIfStatement(node)) this.condition(node.expression, leaves(node.thenStatement) ? "refuses" : "either");
      if (ts.isWhileStatement(node)) this.condition(node.expression, "either");
      if (ts.isConditionalExpression(node)) this.condition(node.condition, "either");
      if (ts.isBinaryExpression(node)) this.bits(node);
    }
    ts.forEachChild(node, (child) => this.visit(child, inner));
  }

  importsNoFlush(): string {
    const has = !this.needsNoFlush || /\bNO_FLUSH\b[^;]*from|const NO_FLUSH\b/.test(this.source);
    return has ? "" : `import { NO_FLUSH } from "../../arch/x86_64/tlb";\n`;
  }

  edited(): string {
    let text = this.source;
    const byPlace = this.edits.map((edit, order) => ({ ...edit, order }));
    byPlace.sort((a, b) => b.start - a.start || b.order - a.order);
    for (const { start, end, text: inserted } of byPlace) text = text.slice(0, start) + inserted + text.slice(end);
    return text;
  }

  private site(kind: Kind, node: ts.Node, becomes = ""): number {
    const start = node.getStart(this.file);
    const number = this.first + this.sites.length;
    const line = this.file.getLineAndCharacterOfPosition(start).line + 1;
    const text = node.getText(this.file).replace(/\s+/g, " ") + becomes;
    this.sites.push({ number, kind, path: this.path, line, within: this.within, text });
    return number;
  }

  private around(node: ts.Node, before: string, after: string): void {
    this.edits.push({ start: node.getStart(this.file), end: node.getStart(this.file), text: before });
    this.edits.push({ start: node.getEnd(), end: node.getEnd(), text: after });
  }

  private statement(node: ts.ExpressionStatement): void {
    const kind = this.kindOf(ts.isVoidExpression(node.expression) ? node.expression.expression : node.expression);
    if (kind === undefined) return;
    // In braces of its own: an `else` behind it belongs to the `if` before it.
    this.around(node, `{ if (mutation.active !== ${this.site(kind, node)}) { `, " } }");
  }

  private kindOf(expression: ts.Expression): Kind | undefined {
    if (ts.isCallExpression(expression)) {
      const name = nameOf(expression.expression);
      if (FLUSHES.has(name) && !TURNS_ON.test(this.path)) return "flush";
      if (PROTECTIONS.has(name)) return "permission";
      if (COUNTING.has(name)) return "count";
      const isCheck = name === "assert" && PERMISSION.test(expression.arguments[0]?.getText(this.file) ?? "");
      return isCheck && !expression.getText(this.file).includes("null") ? "permission" : undefined;
    }
    if (!ts.isBinaryExpression(expression) || !isAssignment(expression.operatorToken.kind)) return undefined;
    const target = ts.isElementAccessExpression(expression.left) ? expression.left.expression : expression.left;
    if (ts.isPropertyAccessExpression(target) && COUNTS.has(target.name.text)) return "count";
    const changesBits = expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
    return changesBits && PERMISSION.test(expression.right.getText(this.file)) ? "permission" : undefined;
  }

  private result(node: ts.ReturnStatement, type: string): void {
    const { expression } = node;
    if (expression === undefined) return;
    const text = expression.getText(this.file);
    if (/^Flush\b/.test(type) && text !== "null" && text !== "NO_FLUSH") {
      this.needsNoFlush = true;
      this.around(expression, `mutation.active === ${this.site("flush", node)} ? NO_FLUSH : (`, ")");
    }
    if (type === "bool") this.condition(expression, "allows");
  }

  /** Each operand that is about permissions goes: what is left is as if it allowed everything, or said nothing. */
  private condition(expression: ts.Expression, sense: Sense): void {
    if (ts.isParenthesizedExpression(expression)) return this.condition(expression.expression, sense);
    if (ts.isBinaryExpression(expression)) {
      const operator = expression.operatorToken.kind;
      const isAnd = operator === ts.SyntaxKind.AmpersandAmpersandToken;
      if (isAnd || operator === ts.SyntaxKind.BarBarToken) {
        this.condition(expression.left, isAnd ? "allows" : "refuses");
        return this.condition(expression.right, isAnd ? "allows" : "refuses");
      }
    }
    const text = expression.getText(this.file);
    if (!PERMISSION.test(text) || /\bnull\b/.test(text) || ts.isConditionalExpression(expression)) return;
    if (sense !== "allows") this.fixed(expression, sense, false);
    if (sense !== "refuses") this.fixed(expression, sense, true);
  }

  private fixed(expression: ts.Expression, sense: Sense, value: boolean): void {
    const number = this.site("permission", expression, sense === "either" ? ` -> ${value}` : "");
    const before = value ? `(mutation.active === ${number} || (` : `(mutation.active !== ${number} && (`;
    this.around(expression, before, "))");
  }

  /** `flags | USER` and `flags & ~WRITABLE`. */
  private bits(node: ts.BinaryExpression): void {
    const operator = node.operatorToken.kind;
    const isJoin = operator === ts.SyntaxKind.BarToken;
    if (!isJoin && operator !== ts.SyntaxKind.AmpersandToken) return;
    for (const operand of [node.left, node.right]) {
      const inverted = ts.isPrefixUnaryExpression(operand) && operand.operator === ts.SyntaxKind.TildeToken;
      const bit = inverted ? operand.operand : operand;
      if (inverted === isJoin || !ts.isIdentifier(bit) || !BITS.has(bit.text)) continue;
      const number = this.site("permission", operand);
      this.around(operand, `(mutation.active === ${number} ? ${isJoin ? "u64(0n)" : "u64.MAX"} : (`, "))");
    }
  }
}

/** Whether a statement ends the function or the turn of a loop. */
function leaves(statement: ts.Statement): boolean {
  if (ts.isBlock(statement)) return statement.statements.some(leaves);
  return ts.isReturnStatement(statement) || ts.isContinueStatement(statement) || ts.isBreakStatement(statement);
}

function nameOf(callee: ts.Expression): string {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : "";
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
