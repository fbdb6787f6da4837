/** The bytes of the kernel's symbol table. kernel/symbolTable.ts describes the format. */
import type { CodeFunction, Place } from "./symbolsRead";

const MAGIC = 0x4d595354;
const VERSION = 1;
const HEADER_SIZE = 52;
const SOURCE_SIZE = 8;
const CALLER_SIZE = 6;
const MAX_TEXT_BYTES = 255;
const MAX_U16 = 0xffff;

/** The table for functions that are sorted by address. */
export function encodeTable(functions: CodeFunction[]): Uint8Array {
  const base = functions[0]?.start ?? 0n;
  const pools = new Pools();
  const entries: number[] = [];
  const rows: number[] = [];
  for (const code of functions) {
    entries.push(...words(Number(code.start - base), code.size, pools.sourceIndex(code.source), rows.length));
    entries.push(...halfWords(code.firstPush, code.frameSet ?? code.firstPush));
    encodeRows(code, pools, rows);
  }
  const functionsAt = HEADER_SIZE;
  const sourcesAt = functionsAt + entries.length;
  const callersAt = sourcesAt + pools.sources.length * SOURCE_SIZE;
  const linesAt = callersAt + pools.callers.length * CALLER_SIZE;
  const textAt = linesAt + rows.length;
  const size = textAt + pools.text.length;
  return Uint8Array.from([
    ...words(MAGIC, VERSION, Number(base & 0xffff_ffffn), Number(base >> 32n), functions.length, functionsAt),
    ...words(pools.sources.length, sourcesAt, pools.callers.length, callersAt, linesAt, textAt, size),
    ...entries,
    ...pools.sources.flatMap((entry) => words(...entry)),
    ...pools.callers.flatMap((entry) => halfWords(...entry)),
    ...rows,
    ...pools.text,
  ]);
}

function encodeRows(code: CodeFunction, pools: Pools, out: number[]): void {
  let address = code.start;
  let source = pools.sourceIndex(code.source);
  let caller = 0;
  let line = 0;
  for (const row of code.rows) {
    const [inner = { ...code.source, line: 0 }, ...outer] = row.places;
    const nextSource = pools.sourceIndex(inner);
    const nextCaller = pools.callerNumber(outer);
    const step = Number(row.address - address);
    writeUnsigned(out, step * 4 + (nextSource === source ? 0 : 1) + (nextCaller === caller ? 0 : 2));
    if (nextSource !== source) writeSigned(out, nextSource - source);
    if (nextCaller !== caller) writeSigned(out, nextCaller - caller);
    writeSigned(out, inner.line - line);
    address = row.address;
    source = nextSource;
    caller = nextCaller;
    line = inner.line;
  }
}

/** 32-bit little endian. */
function words(...values: number[]): number[] {
  return values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff]);
}

/** 16-bit little endian. */
function halfWords(...values: number[]): number[] {
  if (values.some((value) => value > MAX_U16)) throw new Error("symbols: the kernel has outgrown the table's format");
  return values.flatMap((value) => [value & 0xff, value >>> 8]);
}

/** Unsigned LEB128. */
function writeUnsigned(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/** Signed LEB128. */
function writeSigned(out: number[], value: number): void {
  let rest = value;
  while (rest < -0x40 || rest > 0x3f) {
    out.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  out.push(rest & 0x7f);
}

/** What rows refer to, each thing once. */
class Pools {
  /** Texts with their length in front. */
  readonly text: number[] = [];
  /** Offsets of name and file. */
  readonly sources: number[][] = [];
  /** Source, line, and number of the next caller. */
  readonly callers: number[][] = [];
  private readonly known = new Map<string, number>();

  sourceIndex({ name, file }: { name: string; file: string }): number {
    return this.once(`source ${name}\n${file}`, () => {
      return this.sources.push([this.textOffset(name), this.textOffset(file)]) - 1;
    });
  }

  /** Number of the chain of callers that starts with the first of these: from 1, or 0 for none. */
  callerNumber(places: Place[]): number {
    const [first, ...rest] = places;
    if (first === undefined) return 0;
    const next = this.callerNumber(rest);
    const entry = [this.sourceIndex(first), first.line, next];
    return this.once(`caller ${entry.join(" ")}`, () => this.callers.push(entry));
  }

  private textOffset(text: string): number {
    return this.once(`text ${text}`, () => {
      const offset = this.text.length;
      const encoded = new TextEncoder().encode(text).subarray(0, MAX_TEXT_BYTES);
      this.text.push(encoded.length, ...encoded);
      return offset;
    });
  }

  private once(key: string, make: () => number): number {
    const value = this.known.get(key) ?? make();
    this.known.set(key, value);
    return value;
  }
}
