/** The bytes of the kernel's symbol table. kernel/symbolTable.ts describes the format. */
import { ByteWriter } from "./bytes";
import type { CodeFunction, Place } from "./functions";

const MAGIC = 0x4d595354;
const VERSION = 1;
const HEADER_SIZE = 52;
const MAX_TEXT_BYTES = 255;
const MAX_U16 = 0xffff;

/** Takes functions in the order of their addresses. */
export class TableEncoder {
  #base = 0;
  #functionCount = 0;
  readonly #functions = new ByteWriter();
  readonly #rows = new ByteWriter();
  readonly #pools = new Pools();

  add(code: CodeFunction): void {
    if (this.#functionCount === 0) this.#base = code.start;
    this.#functionCount += 1;
    const source = this.#pools.sourceIndex(code.source);
    writeWords(this.#functions, code.start - this.#base, code.size, source, this.#rows.size);
    writeHalfWords(this.#functions, code.firstPush, code.frameSet ?? code.firstPush);
    writeRows(code, this.#pools, this.#rows);
  }

  /** The table of all that were added. */
  encode(): Uint8Array {
    const { sources, sourceCount, callers, callerCount, text } = this.#pools;
    const parts = [this.#functions, sources, callers, this.#rows, text];
    const offsets = [HEADER_SIZE];
    for (const part of parts) offsets.push(offsets[offsets.length - 1] + part.size);
    const [functionsAt, sourcesAt, callersAt, ...rest] = offsets;
    const table = new ByteWriter();
    writeWords(table, MAGIC, VERSION, this.#base, Math.floor(this.#base / 2 ** 32), this.#functionCount, functionsAt);
    writeWords(table, sourceCount, sourcesAt, callerCount, callersAt, ...rest);
    for (const part of parts) table.append(part.take());
    return table.take();
  }
}

function writeRows(code: CodeFunction, pools: Pools, out: ByteWriter): void {
  let address = code.start;
  let source = pools.sourceIndex(code.source);
  let caller = 0;
  let line = 0;
  for (const row of code.rows) {
    const place = row.place ?? { ...code.source, line: 0, caller: null };
    const nextSource = pools.sourceIndex(place);
    const nextCaller = pools.callerNumber(place.caller);
    const step = row.address - address;
    out.unsigned(step * 4 + (nextSource === source ? 0 : 1) + (nextCaller === caller ? 0 : 2));
    if (nextSource !== source) out.signed(nextSource - source);
    if (nextCaller !== caller) out.signed(nextCaller - caller);
    out.signed(place.line - line);
    address = row.address;
    source = nextSource;
    caller = nextCaller;
    line = place.line;
  }
}

function writeWords(out: ByteWriter, ...values: number[]): void {
  for (const value of values) out.u32(value);
}

function writeHalfWords(out: ByteWriter, ...values: number[]): void {
  if (values.some((value) => value > MAX_U16)) throw new Error("symbols: the kernel has outgrown the table's format");
  for (const value of values) out.u16(value);
}

/** What rows refer to, each thing once. */
class Pools {
  /** Texts with their length in front. */
  readonly text = new ByteWriter();
  /** Offsets of name and file. */
  readonly sources = new ByteWriter();
  /** Source, line, and number of the next caller. */
  readonly callers = new ByteWriter();
  sourceCount = 0;
  callerCount = 0;
  readonly #texts = new Map<string, number>();
  /** By file, then by name. */
  readonly #sources = new Map<string, Map<string, number>>();
  /** By source, line and next caller as one number. */
  readonly #callers = new Map<number, number>();
  /** The same for places that were seen before, without a look at what they say. */
  readonly #places = new Map<Place, number>();

  sourceIndex({ name, file }: { readonly name: string; readonly file: string }): number {
    const inFile = this.#sources.get(file) ?? new Map<string, number>();
    if (inFile.size === 0) this.#sources.set(file, inFile);
    const known = inFile.get(name);
    if (known !== undefined) return known;
    inFile.set(name, this.sourceCount);
    writeWords(this.sources, this.#textOffset(name), this.#textOffset(file));
    this.sourceCount += 1;
    return this.sourceCount - 1;
  }

  /** Number of the chain of callers that starts with this one: from 1, or 0 for none. */
  callerNumber(place: Place | null): number {
    if (place === null) return 0;
    const known = this.#places.get(place) ?? this.#callerLike(place);
    this.#places.set(place, known);
    return known;
  }

  #callerLike(place: Place): number {
    const next = this.callerNumber(place.caller);
    const source = this.sourceIndex(place);
    const key = (source * (MAX_U16 + 1) + place.line) * (MAX_U16 + 1) + next;
    const known = this.#callers.get(key);
    if (known !== undefined) return known;
    writeHalfWords(this.callers, source, place.line, next);
    this.callerCount += 1;
    this.#callers.set(key, this.callerCount);
    return this.callerCount;
  }

  #textOffset(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const offset = this.text.size;
    const encoded = new TextEncoder().encode(text).subarray(0, MAX_TEXT_BYTES);
    this.text.u8(encoded.length);
    this.text.append(encoded);
    this.#texts.set(text, offset);
    return offset;
  }
}
