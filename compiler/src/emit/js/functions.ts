// Functions in JavaScript. One that needs memory on the stack takes it at the start and gives it back however it ends.

import type { FunctionInfo } from "../../ir";
import type { ModuleContext } from "./context";
import { Frame } from "./frame";
import { itemName, localName } from "./names";
import { StatementPrinter } from "./statements";
import { Writer } from "./writer";

export function printFunction(context: ModuleContext, writer: Writer, info: FunctionInfo): void {
  const frame = new Frame();
  const body = new Writer();
  new StatementPrinter(context, frame, body).block(info.body ?? [], frame.isEmpty ? 1 : 2);
  const parameters = info.parameters.map(localName).join(", ");
  writer.line(0, `function ${itemName(info)}(${parameters}) {`, info.place);
  for (const line of frame.declarations()) writer.line(1, line, info.place);
  if (frame.isEmpty) writer.append(body.lines);
  else printFramed(context, writer, frame, body);
  writer.line(0, "}");
  writer.line(0, "");
}

function printFramed(context: ModuleContext, writer: Writer, frame: Frame, body: Writer): void {
  writer.line(1, `const $saved = ${context.helper("stackPointer")}();`);
  writer.line(1, `const $frame = ${context.helper("enter")}(${frame.sizeAndAlign});`);
  writer.line(1, "try {");
  writer.append(body.lines);
  writer.line(1, "} finally {");
  writer.line(2, `${context.helper("leave")}($saved);`);
  writer.line(1, "}");
}
