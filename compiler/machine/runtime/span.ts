// A string, a slice or a message: where its elements are, and how many. Never changed, so it can be shared.

export class Span {
  constructor(
    readonly address: number,
    readonly length: number,
  ) {}
}

export const emptySpan = new Span(0, 0);
