// What holds at one point of a function, about terms:
//
//   ranges    0 <= count <= 63
//   orders    start <= end + 0      index <= words.length - 1
//
// Immutable: every statement makes the facts that hold after it. Everything unknown is what the type says. All sums are
// exact integers, so nothing wraps in here.

import type { Expression, Local } from "../ir";
import { isEmpty, meet, subtract, union, type Range } from "./range";
import type { Term } from "./term";
import { equalForms, made, moved, type Linear, type Value } from "./value";

interface Known {
  readonly term: Term;
  readonly range: Range;
}

/** `left <= right + offset`. */
interface Order {
  readonly left: Term;
  readonly right: Term;
  readonly offset: bigint;
}

type Ranges = Map<string, Known>;
/** By the keys of the left and the right term. */
type Orders = Map<string, ReadonlyMap<string, Order>>;

/** Orders that one conclusion may pass through. */
const LONGEST_CHAIN = 4;

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export class Facts {
  /** Values that have been worked out under these facts, and what conditions teach beside them. */
  readonly values = new Map<Expression, Value>();
  readonly whenTrue = new Map<Expression, Facts | undefined>();
  readonly whenFalse = new Map<Expression, Facts | undefined>();

  private readonly closures = new Map<string, ReadonlyMap<string, Linear>>();
  private readonly known = new Map<string, Range>();

  private constructor(
    private readonly ranges: Ranges,
    private readonly orders: Orders,
    /** Memory stays as it is while an expression is evaluated, so that what stands there can be reasoned about. */
    readonly seesMemory: boolean,
  ) {}

  /** Nothing but what types say. */
  static none(): Facts {
    return new Facts(new Map(), new Map(), true);
  }

  /** The maps of orders are shared: who adds to one makes another. */
  private copy(): Facts {
    return new Facts(new Map(this.ranges), new Map(this.orders), this.seesMemory);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Questions.

  /** Also through what the term is ordered with. */
  range(term: Term): Range {
    let range = this.known.get(term.key);
    if (range === undefined) {
      range = this.orderedRange(term);
      this.known.set(term.key, range);
    }
    return range;
  }

  private orderedRange(term: Term): Range {
    const range = { ...this.ownRange(term) };
    for (const { term: other, offset } of this.above(term)) {
      const high = this.ownRange(other).high + offset;
      if (high < range.high) range.high = high;
    }
    for (const { term: other, offset } of this.below(term)) {
      const low = this.ownRange(other).low + offset;
      if (low > range.low) range.low = low;
    }
    return range;
  }

  private ownRange(term: Term): Range {
    const range = this.ranges.get(term.key)?.range ?? term.range;
    const { minuend, subtrahend } = term;
    if (minuend === undefined || subtrahend === undefined) return range;
    const [high, low] = [this.distance(minuend, subtrahend), this.distance(subtrahend, minuend)];
    const apart = { low: low === undefined ? range.low : -low, high: high ?? range.high };
    return meet(meet(range, apart), subtract(this.ownRange(minuend), this.ownRange(subtrahend)));
  }

  /** The least c for which `from <= to + c` follows from the orders. */
  private distance(from: Term, to: Term): bigint | undefined {
    return this.allAbove(from).get(to.key)?.offset;
  }

  /** Everything that a term is known not to be above, by key; each as close as the orders say. */
  allAbove(from: Term): ReadonlyMap<string, Linear> {
    const known = this.closures.get(from.key);
    if (known !== undefined) return known;
    const found = new Map<string, Linear>([[from.key, { term: from, offset: 0n }]]);
    let frontier = [...found.values()];
    for (let step = 0; step < LONGEST_CHAIN && frontier.length > 0; step += 1)
      frontier = frontier.flatMap(({ term, offset }) => this.closer(found, moved(this.above(term), offset)));
    this.closures.set(from.key, found);
    return found;
  }

  /** Notes those that are closer than what has been found; these they are. */
  private closer(found: Map<string, Linear>, forms: readonly Linear[]): Linear[] {
    return forms.filter((form) => {
      const known = found.get(form.term.key);
      if (known !== undefined && known.offset <= form.offset) return false;
      found.set(form.term.key, form);
      return true;
    });
  }

  /** The value that a term names. */
  valueOf(term: Term): Value {
    const forms = [{ term, offset: 0n }];
    return made(this.range(term), forms, forms);
  }

  /** The least c for which `left <= right + c` is known. */
  separation(left: Value, right: Value): bigint {
    let best = left.range.high - right.range.low;
    for (const above of left.upper)
      for (const below of right.lower) {
        const distance = this.distance(above.term, below.term);
        if (distance !== undefined) best = least(best, above.offset + distance - below.offset);
      }
    return best;
  }

  /** Whether `left <= right + slack`, whatever happens. */
  atMost(left: Value, right: Value, slack: bigint): boolean {
    return left.range.high <= right.range.low + slack || this.separation(left, right) <= slack;
  }

  private above(term: Term): Linear[] {
    const found: Linear[] = [];
    for (const { right, offset } of this.orders.get(term.key)?.values() ?? []) found.push({ term: right, offset });
    return found;
  }

  /** What a term is known not to be below. */
  private below(term: Term): Linear[] {
    const found: Linear[] = [];
    for (const rights of this.orders.values()) {
      const order = rights.get(term.key);
      if (order !== undefined) found.push({ term: order.left, offset: -order.offset });
    }
    return found;
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What has become true. Undefined: it contradicts what holds, so control does not come here.

  /** `left <= right + slack`. */
  withAtMost(left: Value, right: Value, slack: bigint): Facts | undefined {
    if (left.range.low > right.range.high + slack) return undefined;
    const facts = this.copy();
    let isPossible = true;
    const narrow = (term: Term, range: Partial<Range>): void => {
      isPossible = facts.narrow(term, { ...facts.range(term), ...range }) && isPossible;
    };
    for (const below of left.lower) {
      const high = right.range.high + slack - below.offset;
      if (high < facts.range(below.term).high) narrow(below.term, { high });
      for (const above of right.upper) facts.order(below.term, above.term, above.offset - below.offset + slack);
    }
    for (const above of right.upper) {
      const low = left.range.low - slack - above.offset;
      if (low > facts.range(above.term).low) narrow(above.term, { low });
    }
    return isPossible ? facts : undefined;
  }

  /** In place, on a copy that nobody has seen yet; whether anything remains. */
  private narrow(term: Term, range: Range): boolean {
    const remaining = meet(this.range(term), range);
    this.ranges.set(term.key, { term, range: remaining });
    this.known.clear();
    const { minuend, subtrahend } = term;
    if (minuend !== undefined && subtrahend !== undefined) {
      this.order(minuend, subtrahend, remaining.high);
      this.order(subtrahend, minuend, -remaining.low);
    }
    return !isEmpty(remaining);
  }

  /** In place, like `narrow`. What follows from the ranges anyway is not kept. */
  private order(left: Term, right: Term, offset: bigint): void {
    const rights = this.orders.get(left.key);
    const known = rights?.get(right.key);
    const isNew = known === undefined || offset < known.offset;
    if (!isNew || left.key === right.key || left.range.high <= right.range.low + offset) return;
    this.orders.set(left.key, new Map(rights).set(right.key, { left, right, offset }));
    this.closures.clear();
    this.known.clear();
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What is not true any more.

  /** A variable has a new value, which `term` names; `value` was worked out before. */
  assigned(local: Local, term: Term | undefined, value: Value | undefined): Facts {
    const isOld = (other: Term): boolean => other.locals.includes(local);
    const facts = this.without(isOld);
    if (term === undefined || value === undefined) return facts;
    const step = equalForms(value).find((form) => form.term.key === term.key)?.offset;
    const lower = step === undefined ? value.lower : moved(this.below(term), step);
    const upper = step === undefined ? value.upper : moved(this.above(term), step);
    return facts.named(term, {
      range: value.range,
      lower: this.through(lower, isOld, (form) => this.below(form.term)),
      upper: this.through(upper, isOld, (form) => this.above(form.term)),
    });
  }

  /** The place in memory that `term` names has just been written. */
  stored(term: Term, value: Value): Facts {
    const lasting = (forms: readonly Linear[]): Linear[] => forms.filter(({ term: { memory } }) => !memory);
    return this.named(term, { range: value.range, lower: lasting(value.lower), upper: lasting(value.upper) });
  }

  private named(term: Term, { range, lower, upper }: Value): Facts {
    const facts = this.copy();
    facts.narrow(term, range);
    for (const { term: other, offset } of lower) facts.order(other, term, -offset);
    for (const { term: other, offset } of upper) facts.order(term, other, offset);
    return facts;
  }

  /** Forms that outlive an assignment: of those that do not, what bounds them. */
  private through(
    forms: readonly Linear[],
    isOld: (term: Term) => boolean,
    bounds: (form: Linear) => readonly Linear[],
  ): Linear[] {
    return forms
      .flatMap((form) => (isOld(form.term) ? moved(bounds(form), form.offset) : [form]))
      .filter(({ term }) => !isOld(term));
  }

  private without(isOld: (term: Term) => boolean): Facts {
    if (!this.isAbout(isOld)) return this;
    return this.filtered(
      (term, range) => (isOld(term) ? undefined : range),
      (left, right) => !isOld(left) && !isOld(right),
    );
  }

  private isAbout(isOld: (term: Term) => boolean): boolean {
    for (const { term } of this.ranges.values()) if (isOld(term)) return true;
    for (const { left, right } of this.allOrders()) if (isOld(left) || isOld(right)) return true;
    return false;
  }

  /** The facts that a change leaves: `range` gives what is left of each range, `keeps` which orders stay. */
  filtered(range: (term: Term, range: Range) => Range | undefined, keeps: (left: Term, right: Term) => boolean): Facts {
    const facts = new Facts(new Map(), new Map(), this.seesMemory);
    for (const { term, range: before } of this.ranges.values()) {
      const after = range(term, before);
      if (after !== undefined) facts.ranges.set(term.key, { term, range: after });
    }
    for (const { left, right, offset } of this.allOrders()) if (keeps(left, right)) facts.order(left, right, offset);
    return facts;
  }

  private *allOrders(): Iterable<Order> {
    for (const rights of this.orders.values()) yield* rights.values();
  }

  /** Something has written to memory, or may have. */
  afterWrite(): Facts {
    const facts = this.without((term) => term.memory);
    return facts.seesMemory ? facts : new Facts(facts.ranges, facts.orders, true);
  }

  /** For an expression in whose middle memory may change: what stands there has no name in it. */
  withoutMemory(): Facts {
    const facts = this.without((term) => term.memory);
    return facts.seesMemory ? new Facts(facts.ranges, facts.orders, false) : facts;
  }

  /** What holds on both ways to one point. */
  joined(other: Facts): Facts {
    const facts = new Facts(new Map(), new Map(), this.seesMemory && other.seesMemory);
    for (const { term } of this.ranges.values())
      if (other.ranges.has(term.key)) facts.narrow(term, union(this.range(term), other.range(term)));
    for (const { left, right } of [...this.allOrders(), ...other.allOrders()]) {
      const here = this.separation(this.valueOf(left), this.valueOf(right));
      const there = other.separation(other.valueOf(left), other.valueOf(right));
      facts.order(left, right, here > there ? here : there);
    }
    return facts;
  }
}

/** Either way may not exist. */
export function join(first: Facts | undefined, second: Facts | undefined): Facts | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return first === second ? first : first.joined(second);
}
