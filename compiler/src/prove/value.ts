// What is known of one value: an interval, and terms that it is not above or not below. `i + 1` is exactly one more than
// i, so it has the form i + 1 on both sides; `min(a, b)` has a and b above it and nothing below.

import { add, around, meet, type Range } from "./range";
import type { Term } from "./term";

/** `term + offset`, exactly: without a width. */
export interface Linear {
  readonly term: Term;
  readonly offset: bigint;
}

export interface Value {
  readonly range: Range;
  /** Not below any of these. */
  readonly lower: readonly Linear[];
  /** Not above any of these. */
  readonly upper: readonly Linear[];
}

/** More forms than this for one value help nobody. */
const MOST_FORMS = 8;

const NO_FORMS: readonly Linear[] = [];

export const between = (range: Range): Value => ({ range, lower: NO_FORMS, upper: NO_FORMS });

export const exactly = (value: bigint): Value => between(around(value));

export const made = (range: Range, lower: readonly Linear[], upper: readonly Linear[]): Value => ({
  range,
  lower: lower.slice(0, MOST_FORMS),
  upper: upper.slice(0, MOST_FORMS),
});

export const within = (value: Value, range: Range): Value => ({ ...value, range: meet(value.range, range) });

export const moved = (forms: readonly Linear[], by: bigint): Linear[] =>
  forms.map(({ term, offset }) => ({ term, offset: offset + by }));

export const plus = (value: Value, by: bigint): Value =>
  made(add(value.range, around(by)), moved(value.lower, by), moved(value.upper, by));

/** The forms that the value equals. */
export const equalForms = ({ lower, upper }: Value): Linear[] =>
  lower.filter(({ term, offset }) => upper.some((other) => other.term.key === term.key && other.offset === offset));
