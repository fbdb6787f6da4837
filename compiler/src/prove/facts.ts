// What holds at one point of a function, about terms:
//
//   ranges    0 <= count <= 63
//   orders    start <= end + 0      index <= words.length - 1
//
// Immutable: every statement makes the facts that hold after it. Everything unknown is what the type says. All sums are
// exact integers, so nothing wraps in here.

import type { Expression, Local } from "../ir";
import { add, around, isEmpty, meet, subtract, union, type Range } from "./range";
import type { Term } from "./term";
import { equalForms, moved, type Linear, type Value } from "./value";

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
type Orders = Map<string, Map<string, Order>>;

/** Orders that one conclusion may pass through. */
const LONGEST_CHAIN = 4;

const least = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

export class Facts {
  /** Values that have been worked out under these facts, and what conditions teach beside them. */
  readonly values = new Map<Expression, Value>();
  readonly whenTrue = new Map<Expression, Facts | undefined>();
  readonly whenFalse = new Map<Expression, Facts | undefined>();

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

  private copy(): Facts {
    const orders = new Map([...this.orders].map(([key, rights]) => [key, new Map(rights)]));
    return new Facts(new Map(this.ranges), orders, this.seesMemory);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Questions.

  range(term: Term): Range {
    const range = this.ranges.get(term.key)?.range ?? term.range;
    const { minuend, subtrahend } = term;
    if (minuend === undefined || subtrahend === undefined) return range;
    const [high, low] = [this.distance(minuend, subtrahend), this.distance(subtrahend, minuend)];
    const apart = { low: low === undefined ? range.low : -low, high: high ?? range.high };
    return meet(meet(range, apart), subtract(this.range(minuend), this.range(subtrahend)));
  }

  /** The least c for which `from <= to + c` follows from the orders. */
  distance(from: Term, to: Term): bigint | undefined {
    let best = from.key === to.key ? 0n : undefined;
    let frontier = new Map([[from.key, 0n]]);
    const shortest = new Map(frontier);
    for (let step = 0; step < LONGEST_CHAIN && frontier.size > 0; step += 1) {
      const next = new Map<string, bigint>();
      for (const [key, so] of frontier)
        for (const [right, { offset }] of this.orders.get(key) ?? []) {
          const known = shortest.get(right);
          if (known !== undefined && known <= so + offset) continue;
          shortest.set(right, so + offset);
          next.set(right, so + offset);
        }
      best = least(best, next.get(to.key));
      frontier = next;
    }
    return best;
  }

  /** The least c for which `left <= right + c` follows from their forms. */
  gap(left: Value, right: Value): bigint | undefined {
    let best: bigint | undefined;
    for (const above of left.upper)
      for (const below of right.lower) {
        const distance = this.distance(above.term, below.term);
        if (distance !== undefined) best = least(best, above.offset + distance - below.offset);
      }
    return best;
  }

  /** Whether `left <= right + slack`, whatever happens. */
  atMost(left: Value, right: Value, slack: bigint): boolean {
    if (left.range.high <= right.range.low + slack) return true;
    const gap = this.gap(left, right);
    return gap !== undefined && gap <= slack;
  }

  /** What a term is known not to be above. */
  above(term: Term): Linear[] {
    const orders = this.orders.get(term.key)?.values() ?? [];
    return [...orders].map(({ right, offset }) => ({ term: right, offset }));
  }

  /** What a term is known not to be below. */
  private below(term: Term): Linear[] {
    const orders = [...this.orders.values()].flatMap((rights) => rights.get(term.key) ?? []);
    return orders.map(({ left, offset }) => ({ term: left, offset: -offset }));
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
    const { minuend, subtrahend } = term;
    if (minuend !== undefined && subtrahend !== undefined) {
      this.order(minuend, subtrahend, remaining.high);
      this.order(subtrahend, minuend, -remaining.low);
    }
    return !isEmpty(remaining);
  }

  /** In place, like `narrow`. What follows from the ranges anyway is not kept. */
  private order(left: Term, right: Term, offset: bigint): void {
    const rights = this.orders.get(left.key) ?? new Map<string, Order>();
    const known = rights.get(right.key);
    const isNew = known === undefined || offset < known.offset;
    if (!isNew || left.key === right.key || left.range.high <= right.range.low + offset) return;
    rights.set(right.key, { left, right, offset });
    this.orders.set(left.key, rights);
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
    return this.filtered(
      (term, range) => (isOld(term) ? undefined : range),
      (left, right) => !isOld(left) && !isOld(right),
    );
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
    return new Facts(facts.ranges, facts.orders, true);
  }

  /** For an expression in whose middle memory may change: what stands there has no name in it. */
  withoutMemory(): Facts {
    const facts = this.without((term) => term.memory);
    return new Facts(facts.ranges, facts.orders, false);
  }

  /** What holds on both ways to one point. */
  joined(other: Facts): Facts {
    const facts = new Facts(new Map(), new Map(), this.seesMemory && other.seesMemory);
    for (const { term } of this.ranges.values())
      if (other.ranges.has(term.key)) facts.narrow(term, union(this.range(term), other.range(term)));
    for (const { left, right } of [...this.allOrders(), ...other.allOrders()]) {
      const [here, there] = [this.separation(left, right), other.separation(left, right)];
      facts.order(left, right, here > there ? here : there);
    }
    return facts;
  }

  /** As `distance`, but ranges speak as well. */
  private separation(left: Term, right: Term): bigint {
    const byRange = add(around(this.range(left).high), around(-this.range(right).low)).high;
    return least(byRange, this.distance(left, right)) ?? byRange;
  }
}

/** Either way may not exist. */
export function join(first: Facts | undefined, second: Facts | undefined): Facts | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return first === second ? first : first.joined(second);
}
