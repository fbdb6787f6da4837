// The part of the stack that one call of a function takes: local storage and the parts of messages, each at a fixed
// offset.

import { roundUp } from "../../layout";
import type { Local } from "../../ir";
import { localName } from "./names";

const STACK_ALIGNMENT = 16;

export class Frame {
  private size = 0;
  private align = STACK_ALIGNMENT;
  private readonly hoisted = new Set<string>();

  /** The address of some bytes of the frame, as an expression. */
  reserve(size: number, align: number): string {
    const offset = roundUp(this.size, align);
    this.size = offset + size;
    this.align = Math.max(this.align, align);
    return offset === 0 ? "$frame" : `$frame + ${offset}`;
  }

  /** A variable that is declared at the start of the function, because it is assigned inside an expression. */
  hoist(local: Local): string {
    this.hoisted.add(localName(local));
    return localName(local);
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  get sizeAndAlign(): string {
    return `${roundUp(this.size, STACK_ALIGNMENT)}, ${this.align}`;
  }

  /** `let t1, t2;`, if there are any. */
  declarations(): string[] {
    return this.hoisted.size === 0 ? [] : [`let ${[...this.hoisted].join(", ")};`];
  }
}
