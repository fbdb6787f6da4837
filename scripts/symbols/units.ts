/**
 * The units of .debug_info, versions 3 to 5: their lines, and the calls that were replaced by the code of the function.
 * "DWARF Debugging Information Format", "Debugging Information Entries".
 *
 *     unit      length u32 | version u16 | 5: type u8, address size u8, abbreviations u32
 *                                        | 3 and 4: abbreviations u32, address size u8
 *               | entries; those below an entry follow it, up to a 0
 */
import type { ByteReader } from "./bytes";
import type { ElfFile } from "./elf";
import { NONE, readAbbreviations, readEntry, TAG, type Abbreviation, type Entry } from "./entries";
import { readLineProgram, type LineRow } from "./lines";
import { readRanges, type Range } from "./ranges";

/** A call whose code was made part of the caller's. */
export interface InlinedCall {
  /** The entry of the function called. */
  readonly origin: number;
  /** Where the call stands. */
  readonly file: string;
  readonly line: number;
  /** The inlined call that this one stands in; null: it stands in the function that holds the code. */
  readonly caller: InlinedCall | null;
}

export interface InlinedCode extends Range {
  readonly call: InlinedCall;
}

export interface DebugInfo {
  /** Rows by ascending addresses; each sequence ends with a row of line 0. */
  readonly sequences: readonly LineRow[][];
  /** What was inlined into other inlined code stands behind that. */
  readonly inlined: readonly InlinedCode[];
  /** The symbol that the entry of a function tells; "" when it tells none. */
  functionName(entry: number): string;
}

interface Unit {
  /** Where it begins in .debug_info. */
  readonly at: number;
  readonly version: number;
  readonly abbreviations: ReadonlyMap<number, Abbreviation>;
  files: readonly string[];
  /** What offsets in lists of addresses count from. */
  base: number;
}

/** Types, and parts that stand in other files, have units of other types. */
const UNIT_COMPILE = 1;
const MAX_ORIGINS = 8;

export function readDebugInfo(elf: ElfFile): DebugInfo {
  const units = new UnitReader(elf);
  const size = elf.section(".debug_info").length;
  for (let at = 0; at < size;) at = units.read(at);
  return units;
}

class UnitReader {
  readonly sequences: LineRow[][] = [];
  readonly inlined: InlinedCode[] = [];
  /** A function's name, or the entry that tells it, by the function's entry. */
  readonly #names = new Map<number, string | number>();

  constructor(private readonly elf: ElfFile) {}

  /** Reads the unit at a place of .debug_info, and tells where the next one begins. */
  read(at: number): number {
    const length = this.elf.reader(".debug_info", at).u32();
    const reader = this.elf.reader(".debug_info", at + 4, at + 4 + length);
    const version = reader.u16();
    if (version < 3 || version > 5) reader.fail(`has a unit of version ${version}`);
    const type = version === 5 ? reader.u8() : UNIT_COMPILE;
    if (version === 5) reader.skip(1);
    const abbreviations = readAbbreviations(this.elf, reader.u32());
    if (version < 5) reader.skip(1);
    if (type === UNIT_COMPILE) this.#readEntries(reader, { at, version, abbreviations, files: [], base: 0 });
    return reader.end;
  }

  functionName(entry: number): string {
    let name = this.#names.get(entry);
    for (let count = 0; typeof name === "number" && count < MAX_ORIGINS; count += 1) name = this.#names.get(name);
    return typeof name === "string" ? name : "";
  }

  #readEntries(reader: ByteReader, unit: Unit): void {
    const callers: (InlinedCall | null)[] = [];
    let caller: InlinedCall | null = null;
    while (reader.at < reader.end) {
      const { at } = reader;
      const number = reader.unsigned();
      if (number === 0) {
        // NASM ends more lists than it begins.
        caller = callers.pop() ?? null;
        continue;
      }
      const abbreviation = unit.abbreviations.get(number) ?? reader.fail(`has an unknown abbreviation ${number}`);
      const entry = readEntry(this.elf, reader, abbreviation, unit.at);
      const call = this.#take(abbreviation.tag, entry, at, unit, caller);
      if (!abbreviation.hasChildren) continue;
      callers.push(caller);
      caller = call;
    }
  }

  /** Returns the inlined call that the entries below belong to. */
  #take(tag: number, entry: Entry, at: number, unit: Unit, caller: InlinedCall | null): InlinedCall | null {
    if (tag === TAG.inlinedSubroutine) return this.#takeCall(entry, unit, caller);
    if (tag === TAG.subprogram) this.#names.set(at, entry.name ?? entry.origin);
    if (tag === TAG.compileUnit) this.#takeUnit(entry, unit);
    return caller;
  }

  #takeUnit(entry: Entry, unit: Unit): void {
    unit.base = entry.low;
    if (entry.lines === NONE) return;
    const program = readLineProgram(this.elf, entry.lines);
    unit.files = program.files;
    this.sequences.push(...program.sequences);
  }

  #takeCall(entry: Entry, unit: Unit, caller: InlinedCall | null): InlinedCall {
    const { origin, callFile, callLine: line, low, high, ranges } = entry;
    const call = { origin, file: unit.files[callFile] ?? "", line, caller };
    if (ranges === NONE) this.#addCode(low, high, call);
    else
      for (const range of readRanges(this.elf, unit.version, ranges, unit.base))
        this.#addCode(range.low, range.high, call);
    return call;
  }

  #addCode(low: number, high: number, call: InlinedCall): void {
    if (low < high) this.inlined.push({ low, high, call });
  }
}
