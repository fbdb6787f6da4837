// Statements in C, with #line so that debuggers and addr2line show TypeScript.

import type { Block, Expression, Label, Place, Statement } from "../../ir";
import { ExpressionPrinter, printPlace, quote, type Needs } from "./expressions";
import { declaration } from "./types";
import { updateOf } from "./updates";

/** Lines of output; knows which source line the C compiler believes to be in. */
export class Writer {
  private readonly lines: string[] = [];
  private file = "";
  private next = 0;

  line(depth: number, text: string, place?: Place): void {
    if (place !== undefined && (place.file !== this.file || place.line !== this.next)) {
      this.lines.push(`#line ${place.line} ${quote(place.file)}`);
      this.file = place.file;
      this.next = place.line;
    }
    this.lines.push(`${"  ".repeat(depth)}${text}`);
    this.next += 1;
  }

  text(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }
}

export class StatementPrinter {
  private readonly expressions: ExpressionPrinter;

  constructor(
    private readonly needs: Needs,
    private readonly writer: Writer,
  ) {
    this.expressions = new ExpressionPrinter(needs);
  }

  block(block: Block, depth: number): void {
    for (const statement of block) this.statement(statement, depth);
  }

  private statement(statement: Statement, depth: number): void {
    const { place } = statement;
    switch (statement.kind) {
      case "if":
        return this.printIf(statement, depth, "");
      case "loop":
        return this.printLoop(statement, depth);
      case "switch":
        return this.printSwitch(statement, depth);
      case "block":
        this.writer.line(depth, "{", place);
        this.block(statement.body, depth + 1);
        this.writer.line(depth, "}");
        return this.printBreakLabel(statement.label, depth);
      default:
        return this.writer.line(depth, `${this.simple(statement)};`, place);
    }
  }

  /** A statement of one line, without its semicolon. */
  private simple(statement: Statement): string {
    switch (statement.kind) {
      case "declare":
        return this.printDeclare(statement);
      case "storage":
        return this.printStorage(statement);
      case "assign":
        return this.printAssign(statement.target, statement.value);
      case "evaluate":
        return this.print(statement.value);
      case "fail":
        return `if (TS_UNLIKELY(${this.print(statement.condition)})) ${this.print(statement.failure)}`;
      case "break":
        return statement.label === undefined ? "break" : `goto ${statement.label.name}_end`;
      case "continue":
        return statement.label === undefined ? "continue" : `goto ${statement.label.name}_next`;
      case "return":
        return statement.value === undefined ? "return" : `return ${this.print(statement.value)}`;
      default:
        throw new Error(`not a simple statement: ${statement.kind}`);
    }
  }

  private print(expression: Expression): string {
    return this.expressions.print(expression);
  }

  private printAssign(target: Expression, value: Expression): string {
    const update = updateOf(target, value);
    if (update === undefined) return `${this.expressions.place(target)} = ${this.print(value)}`;
    const by = update.by === undefined ? "" : `${this.print(update.by)}, `;
    const at = `&${this.expressions.place(update.target)}`;
    return `ts_${update.name}_${update.type.key}(${at}, ${by}${printPlace(update.check)})`;
  }

  private printDeclare(statement: Statement & { kind: "declare" }): string {
    const { local, value } = statement;
    const left = declaration(this.needs.types.declared(local.type), local.name);
    return `${left} = ${value === undefined ? "{0}" : this.print(value)}`;
  }

  private printStorage(statement: Statement & { kind: "storage" }): string {
    const { local, initialiser } = statement;
    const type = this.needs.types.storage({ type: local.type, ref: false, volatile: false });
    return `${declaration(type, local.name)} = ${this.expressions.initialiser(initialiser)}`;
  }

  private printIf(statement: Statement & { kind: "if" }, depth: number, before: string): void {
    this.writer.line(depth, `${before}if (${this.print(statement.condition)}) {`, statement.place);
    this.block(statement.whenTrue, depth + 1);
    const { whenFalse } = statement;
    if (whenFalse === undefined) return this.writer.line(depth, "}");
    const [only] = whenFalse;
    if (whenFalse.length === 1 && only?.kind === "if" && only.place.file === statement.place.file) {
      this.writer.line(depth, "} else");
      return this.printIf(only, depth, "");
    }
    this.writer.line(depth, "} else {");
    this.block(whenFalse, depth + 1);
    this.writer.line(depth, "}");
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Loops.

  private printLoop(statement: Statement & { kind: "loop" }, depth: number): void {
    const { form, place, label } = statement;
    const condition = statement.condition === undefined ? "true" : this.print(statement.condition);
    if (form === "do") {
      this.writer.line(depth, "do {", place);
      this.loopBody(statement.body, label, depth);
      this.writer.line(depth, `} while (${condition});`);
    } else if (form === "while") {
      this.writer.line(depth, `while (${condition}) {`, place);
      this.loopBody(statement.body, label, depth);
      this.writer.line(depth, "}");
    } else this.printFor(statement, depth);
    this.printBreakLabel(label, depth);
  }

  private printFor(statement: Statement & { kind: "loop" }, depth: number): void {
    const { place, start, body, label } = statement;
    const [first] = start;
    const isShort = start.length === 0 || (start.length === 1 && first !== undefined && isSimple(first));
    if (!isShort) {
      this.writer.line(depth, "{", place);
      this.block(start, depth + 1);
    }
    const inner = isShort ? depth : depth + 1;
    const begin = isShort && first !== undefined ? this.simple(first) : "";
    const condition = statement.condition === undefined ? "" : ` ${this.print(statement.condition)}`;
    this.writer.line(inner, `for (${begin};${condition}; ${this.update(statement.update)}) {`, place);
    this.loopBody(body, label, inner);
    this.writer.line(inner, "}");
    if (!isShort) this.writer.line(depth, "}");
  }

  /** The step of a for loop, which C wants as an expression. */
  private update(update: Block): string {
    if (update.every((statement) => statement.kind === "assign" || statement.kind === "evaluate"))
      return update.map((statement) => this.simple(statement)).join(", ");
    return `({ ${update.map((statement) => `${this.simple(statement)}; `).join("")}})`;
  }

  private loopBody(body: Block, label: Label | undefined, depth: number): void {
    const isTarget = label?.continues === true;
    if (isTarget) this.writer.line(depth + 1, "{");
    this.block(body, isTarget ? depth + 2 : depth + 1);
    if (!isTarget) return;
    this.writer.line(depth + 1, "}");
    this.writer.line(depth, `${label.name}_next:;`);
  }

  private printBreakLabel(label: Label | undefined, depth: number): void {
    if (label?.breaks === true) this.writer.line(depth, `${label.name}_end:;`);
  }

  private printSwitch(statement: Statement & { kind: "switch" }, depth: number): void {
    this.writer.line(depth, `switch (${this.print(statement.subject)}) {`, statement.place);
    for (const group of statement.groups) {
      const cases = group.values.map((value) => `case ${this.caseValue(statement.subject, value)}:`);
      const heads = group.isDefault ? [...cases, "default:"] : cases;
      this.writer.line(depth + 1, `${heads.join(" ")} {`);
      this.block(group.body, depth + 2);
      if (group.body[group.body.length - 1]?.kind !== "return") this.writer.line(depth + 2, "break;");
      this.writer.line(depth + 1, "}");
    }
    this.writer.line(depth, "}");
    this.printBreakLabel(statement.label, depth);
  }

  private caseValue(subject: Expression, value: bigint): string {
    return this.print({ kind: "constant", type: subject.type, value });
  }
}

/** Statements that fit into the head of a for loop. */
const isSimple = (statement: Statement): boolean => statement.kind === "declare" || statement.kind === "assign";
