// Lines of output, each with the line of TypeScript that it stands for, if there is one.

import type { Place } from "../../ir";

export interface Line {
  readonly text: string;
  readonly place: Place | undefined;
}

export class Writer {
  readonly lines: Line[] = [];

  line(depth: number, text: string, place?: Place): void {
    this.lines.push({ text: `${"  ".repeat(depth)}${text}`, place });
  }

  append(lines: readonly Line[]): void {
    this.lines.push(...lines);
  }
}

export const printLines = (lines: readonly Line[]): string => lines.map(({ text }) => `${text}\n`).join("");
