// Statements in JavaScript, one or more lines each; every line knows the TypeScript line that it came from.

import type { Block, Expression, Label, Place, Statement } from "../../ir";
import { layoutOf } from "../../layout";
import type { ModuleContext } from "./context";
import { ExpressionPrinter, placeStorage } from "./expressions";
import type { Frame } from "./frame";
import { InitialiserPrinter } from "./initialisers";
import { printConstant } from "./integers";
import { store, zeroValue } from "./memory";
import { localName } from "./names";
import type { Writer } from "./writer";

export class StatementPrinter {
  private readonly expressions: ExpressionPrinter;

  constructor(
    private readonly context: ModuleContext,
    private readonly frame: Frame,
    private readonly writer: Writer,
  ) {
    this.expressions = new ExpressionPrinter(context, frame);
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
      case "storage":
        return this.printStorage(statement, depth);
      case "block":
        this.writer.line(depth, `${prefix(statement.label)}{`, place);
        this.block(statement.body, depth + 1);
        return this.writer.line(depth, "}");
      case "declare":
        return this.writer.line(depth, `let ${this.declaration(statement)};`, place);
      case "fail": {
        const failure = this.print(statement.failure);
        return this.writer.line(depth, `if (${this.print(statement.condition)}) ${failure};`, place);
      }
      default:
        return this.writer.line(depth, `${this.simple(statement)};`, place);
    }
  }

  private print(expression: Expression): string {
    return this.expressions.print(expression);
  }

  /** A statement of one line, without its semicolon. */
  private simple(statement: Statement): string {
    switch (statement.kind) {
      case "assign":
        return this.assignment(statement.target, statement.value);
      case "evaluate":
        return this.print(statement.value);
      case "break":
      case "continue":
        return statement.label === undefined ? statement.kind : `${statement.kind} ${labelName(statement.label)}`;
      case "return":
        return statement.value === undefined ? "return" : `return ${this.print(statement.value)}`;
      default:
        throw new Error(`not a simple statement: ${statement.kind}`);
    }
  }

  private assignment(target: Expression, value: Expression): string {
    switch (target.kind) {
      case "local":
        return `${localName(target.local)} = ${this.print(value)}`;
      case "global":
      case "field":
      case "index": {
        const address = this.expressions.address(target);
        return store(this.context, placeStorage(target), address, this.print(value));
      }
      default:
        throw new Error(`not a place: ${target.kind}`);
    }
  }

  private declaration(statement: Statement & { kind: "declare" }): string {
    const { local, value } = statement;
    return `${localName(local)} = ${value === undefined ? zeroValue(this.context, local.type) : this.print(value)}`;
  }

  private printStorage(statement: Statement & { kind: "storage" }, depth: number): void {
    const { local, initialiser, place } = statement;
    const { size, align } = layoutOf({ type: local.type, ref: false, volatile: false });
    const name = localName(local);
    const zeroed = `${this.context.helper("zeroed")}(${this.frame.reserve(size, align)}, ${size})`;
    this.writer.line(depth, `const ${name} = ${zeroed};`, place);
    const storage = { type: local.type, ref: false, volatile: false };
    new InitialiserPrinter(this.context, this.expressions, this.writer).print(initialiser, storage, name, depth, place);
  }

  private printIf(statement: Statement & { kind: "if" }, depth: number, before: string): void {
    this.writer.line(depth, `${before}if (${this.print(statement.condition)}) {`, statement.place);
    this.block(statement.whenTrue, depth + 1);
    const { whenFalse } = statement;
    if (whenFalse === undefined) return this.writer.line(depth, "}");
    const [only] = whenFalse;
    if (whenFalse.length === 1 && only?.kind === "if") return this.printIf(only, depth, "} else ");
    this.writer.line(depth, "} else {");
    this.block(whenFalse, depth + 1);
    this.writer.line(depth, "}");
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Loops.

  private printLoop(statement: Statement & { kind: "loop" }, depth: number): void {
    const { form, place, body } = statement;
    if (form === "for") return this.printFor(statement, depth);
    const condition = statement.condition === undefined ? "true" : this.print(statement.condition);
    const head = form === "do" ? "do {" : `while (${condition}) {`;
    this.writer.line(depth, `${prefix(statement.label)}${head}`, place);
    this.block(body, depth + 1);
    this.writer.line(depth, form === "do" ? `} while (${condition});` : "}");
  }

  private printFor(statement: Statement & { kind: "loop" }, depth: number): void {
    const { place, start, body, label } = statement;
    const isShort = start.every((each) => each.kind === "declare");
    if (!isShort) {
      this.writer.line(depth, "{", place);
      this.block(start, depth + 1);
    }
    const inner = isShort ? depth : depth + 1;
    const declarations = start.map((each) => (each.kind === "declare" ? this.declaration(each) : ""));
    const begin = isShort && start.length > 0 ? `let ${declarations.join(", ")}` : "";
    const condition = statement.condition === undefined ? "" : ` ${this.print(statement.condition)}`;
    const update = statement.update.map((step) => this.step(step)).join(", ");
    this.writer.line(inner, `${prefix(label)}for (${begin};${condition}; ${update}) {`, place);
    this.block(body, inner + 1);
    this.writer.line(inner, "}");
    if (!isShort) this.writer.line(depth, "}");
  }

  /** A statement in the step of a for loop, which is an expression. */
  private step(statement: Statement): string {
    switch (statement.kind) {
      case "declare": {
        const name = this.frame.hoist(statement.local);
        return `${name} = ${statement.value === undefined ? "0" : this.print(statement.value)}`;
      }
      case "fail":
        return `(${this.print(statement.condition)} && ${this.print(statement.failure)})`;
      default:
        return this.simple(statement);
    }
  }

  private printSwitch(statement: Statement & { kind: "switch" }, depth: number): void {
    const { subject, label } = statement;
    this.writer.line(depth, `${prefix(label)}switch (${this.print(subject)}) {`, statement.place);
    for (const group of statement.groups) {
      for (const value of group.values) this.writer.line(depth + 1, `case ${printConstant(subject.type, value)}:`);
      if (group.isDefault) this.writer.line(depth + 1, "default:");
      this.writer.line(depth + 1, "{");
      this.block(group.body, depth + 2);
      this.writer.line(depth + 2, "break;");
      this.writer.line(depth + 1, "}");
    }
    this.writer.line(depth, "}");
  }
}

const labelName = (label: Label): string => `$${label.name}`;

const prefix = (label: Label | undefined): string =>
  label !== undefined && (label.breaks || label.continues) ? `${labelName(label)}: ` : "";

export type { Place };
