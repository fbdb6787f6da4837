// Arrays and slices: the checks of indices, and slices made of others.

import type { Fail } from "./integers";
import { Span } from "./span";

const OUT_OF_RANGE = " out of range for length ";

export function elementHelpers(fail: Fail) {
  /** The index, when it is below the length. */
  const at = (index: number, length: number, place: string): number =>
    index < length ? index : fail(place, "index ", index, OUT_OF_RANGE, length);
  return {
    at,
    /** The address of an element of a slice. */
    element: (slice: Span, index: number, size: number, place: string) =>
      slice.address + at(index, slice.length, place) * size,
    span: (address: number, length: number) => new Span(address, length),
    /** Unchecked when there is no place. */
    subslice(slice: Span, start: number, end: number, size: number, place?: string): Span {
      const isBad = start > end || end > slice.length;
      if (place !== undefined && isBad) fail(place, "range ", start, " to ", end, OUT_OF_RANGE, slice.length);
      return new Span(slice.address + start * size, (end - start) >>> 0);
    },
  };
}
