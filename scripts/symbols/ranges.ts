/**
 * The lists of addresses that code lies at which is in several parts: .debug_rnglists, and .debug_ranges before version
 * 5. "DWARF Debugging Information Format", "Range List Encodings".
 */
import type { ElfFile } from "./elf";

/** Addresses from `low` on, up to `high` without it. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const END_OF_LIST = 0;
const OFFSET_PAIR = 4;
const BASE_ADDRESS = 5;
const START_END = 6;
const START_LENGTH = 7;

/** @param base what offsets count from at first: where the unit's code begins */
export function readRanges(elf: ElfFile, version: number, at: number, base: number): Range[] {
  return version >= 5 ? readRangeList(elf, at, base) : readOldRangeList(elf, at, base);
}

function readRangeList(elf: ElfFile, at: number, unitBase: number): Range[] {
  const reader = elf.reader(".debug_rnglists", at);
  const ranges: Range[] = [];
  let base = unitBase;
  for (let kind = reader.u8(); kind !== END_OF_LIST; kind = reader.u8()) {
    if (kind === BASE_ADDRESS) base = reader.i64();
    else if (kind === OFFSET_PAIR) ranges.push({ low: base + reader.unsigned(), high: base + reader.unsigned() });
    else if (kind === START_END) ranges.push({ low: reader.i64(), high: reader.i64() });
    else if (kind === START_LENGTH) {
      const low = reader.i64();
      ranges.push({ low, high: low + reader.unsigned() });
    } else reader.fail(`has a range of unknown kind ${kind}`);
  }
  return ranges;
}

/** Pairs of addresses. 0 twice ends the list; behind the largest one stands a new base. */
function readOldRangeList(elf: ElfFile, at: number, unitBase: number): Range[] {
  const reader = elf.reader(".debug_ranges", at);
  const ranges: Range[] = [];
  let base = unitBase;
  for (;;) {
    const low = reader.i64();
    const high = reader.i64();
    if (low === -1) base = high;
    else if (low === 0 && high === 0) return ranges;
    else ranges.push({ low: base + low, high: base + high });
  }
}
