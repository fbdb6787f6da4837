/** The bytes of the kernel's symbol table. kernel/symbolTable.ts describes the format. */
import type { CodeFunction, NamedFunction } from "./symbolsRead";

const MAGIC = 0x4d595354;
const VERSION = 1;
const HEADER_SIZE = 44;
const MAX_TEXT_BYTES = 255;

/** The table for functions that are sorted by address. */
export function encodeTable(functions: CodeFunction[]): Uint8Array {
  const base = functions[0]?.start ?? 0n;
  const texts = new TextPool();
  const sources = new SourcePool(texts);
  const entries: number[][] = [];
  const rows: number[] = [];
  for (const code of functions) {
    entries.push([Number(code.start - base), code.size, sources.indexOf(code.source), rows.length]);
    encodeRows(code, sources, rows);
  }
  const functionsAt = HEADER_SIZE;
  const sourcesAt = functionsAt + entries.length * 16;
  const linesAt = sourcesAt + sources.entries.length * 8;
  const textAt = linesAt + rows.length;
  const size = textAt + texts.bytes.length;
  return Uint8Array.from([
    ...words(MAGIC, VERSION, Number(base & 0xffff_ffffn), Number(base >> 32n), entries.length, functionsAt),
    ...words(sources.entries.length, sourcesAt, linesAt, textAt, size),
    ...entries.flatMap((entry) => words(...entry)),
    ...sources.entries.flatMap((entry) => words(...entry)),
    ...rows,
    ...texts.bytes,
  ]);
}

function encodeRows(code: CodeFunction, sources: SourcePool, out: number[]): void {
  let address = code.start;
  let source = sources.indexOf(code.source);
  let line = 0;
  for (const row of code.rows) {
    const nextSource = sources.indexOf(row.source);
    const step = Number(row.address - address);
    writeUnsigned(out, step * 2 + (nextSource === source ? 0 : 1));
    if (nextSource !== source) writeSigned(out, nextSource - source);
    writeSigned(out, row.line - line);
    address = row.address;
    source = nextSource;
    line = row.line;
  }
}

/** 32-bit little endian. */
function words(...values: number[]): number[] {
  return values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff]);
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

/** Texts, each once, with their length in front. */
class TextPool {
  readonly bytes: number[] = [];
  private readonly offsets = new Map<string, number>();

  offsetOf(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.bytes.length;
    const encoded = new TextEncoder().encode(text).subarray(0, MAX_TEXT_BYTES);
    this.bytes.push(encoded.length, ...encoded);
    this.offsets.set(text, offset);
    return offset;
  }
}

/** Functions as the source knows them, each once: offsets of name and file. */
class SourcePool {
  readonly entries: number[][] = [];
  private readonly indices = new Map<string, number>();

  constructor(private readonly texts: TextPool) {}

  indexOf(source: NamedFunction): number {
    const key = `${source.name}\n${source.file}`;
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    const index = this.entries.length;
    this.entries.push([this.texts.offsetOf(source.name), this.texts.offsetOf(source.file)]);
    this.indices.set(key, index);
    return index;
  }
}
