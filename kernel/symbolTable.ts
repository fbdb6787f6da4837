/**
 * From an address in the kernel's code to the TypeScript function, file and line it was made from.
 *
 * scripts/symbols.ts writes the table and the linker puts it behind the rodata. All numbers are little endian, and
 * every offset counts from the start of the table.
 *
 *     header    magic u32 | version u32 | base u64 | functions u32 | functionsAt u32 | sources u32 | sourcesAt u32
 *               | callers u32 | callersAt u32 | linesAt u32 | textAt u32 | size u32                       52 bytes
 *     function  start u32 (from base) | size u32 | source u32 | lines u32 (from linesAt)
 *               | first push u16 | frame set u16: offsets of those instructions             20 bytes, sorted by start
 *     source    name u32 | file u32 (both from textAt): a function of the source             8 bytes
 *     caller    source u16 | line u16 | next caller u16: a place that other code was inlined into      6 bytes
 *     lines     rows of a function, in order, up to the start of the next function's:
 *                 step    unsigned LEB128: bytes of code since the row before, times 4; plus 1 when `source` follows,
 *                         plus 2 when `caller` follows
 *                 source  signed LEB128: difference to the row before; the function's own source at first
 *                 caller  signed LEB128: difference to the row before; 0 at first. Counts from 1, 0 is none
 *                 line    signed LEB128: difference to the row before; 0 at first
 *     text      length u8, then that many bytes of UTF-8
 *
 * A row holds until the next one. When its code was inlined, its callers lead out to the function that holds the code.
 *
 * The table may be missing (first pass of the link) or damaged (memory overwritten): lookups then find nothing. They
 * read nothing outside the table and never panic. "DWARF Debugging Information Format", "Variable Length Data", for
 * LEB128.
 */
import { symbolTableBytes } from "../arch/x86_64/image";

const MAGIC: u32 = 0x4d59_5354;
const VERSION: u32 = 1;
const HEADER_SIZE: u32 = 52;
const FUNCTION_SIZE: u32 = 20;
const SOURCE_SIZE: u32 = 8;
const CALLER_SIZE: u32 = 6;

/** A place in the source. */
export class Location {
  /** The TypeScript function, or assembly routine. */
  name: string = "";
  /** Relative to the project; "" when unknown. */
  file: string = "";
  /** From 1; 0 when unknown. */
  line: u32;
  /** For `locateCaller`; 0: the code was not inlined from here on. */
  caller: u32;
}

/** Where a return address lies. */
export enum ReturnPlace {
  /** At RSP: the function has not touched the stack yet. */
  OnTop,
  /** At RSP + 8: RBP has been pushed, and still is the caller's. */
  BelowSavedFrame,
  /** At RBP + 8. */
  InFrame,
}

/** The header, once it has been found good. */
class Table {
  /** Whether the header has been looked at. */
  checked: bool;
  /** In bytes; 0: there is no table. */
  size: u32;
  base: u64;
  functionCount: u32;
  functionsAt: u32;
  sourceCount: u32;
  sourcesAt: u32;
  callerCount: u32;
  callersAt: u32;
  linesAt: u32;
  textAt: u32;
}
const table = new Table();

/** Reads along the rows of a function. */
class Cursor {
  at: u32;
  end: u32;
}

/** Fills `location` for a code address. False when the address belongs to no known function. */
export function locate(address: u64, location: Location): bool {
  readHeader();
  const found = functionHolding(address);
  if (found === null) return false;
  findLine(found, offsetInFunction(found, address), location);
  return true;
}

/** Where a function that is interrupted at `address` keeps its return address. */
export function returnPlaceAt(address: u64): ReturnPlace {
  readHeader();
  const found = functionHolding(address);
  if (found === null) return ReturnPlace.OnTop;
  const offset = offsetInFunction(found, address);
  if (offset <= u16At(found + 16)) return ReturnPlace.OnTop;
  return offset <= u16At(found + 18) ? ReturnPlace.BelowSavedFrame : ReturnPlace.InFrame;
}

/** Moves `location` to where its function was inlined. False when it was not: that is where the code lies. */
export function locateCaller(location: Location): bool {
  if (location.caller === 0 || location.caller > table.callerCount) return false;
  const at = table.callersAt + (location.caller - 1) * CALLER_SIZE;
  const next = u16At(at + 4);
  setLocation(location, u16At(at), u16At(at + 2));
  // A chain leads to lower numbers: that of a damaged table too must end.
  location.caller = next < location.caller ? next : 0;
  return true;
}

/** Whether the image has a table. */
export function hasSymbols(): bool {
  readHeader();
  return table.size !== 0;
}

/** Offset of the entry of the function that an address lies in; null when it lies in none. */
function functionHolding(address: u64): u32 | null {
  if (table.size === 0 || address < table.base || address - table.base > u64(u32.MAX)) return null;
  const found = functionBefore(u32(address - table.base));
  if (found === null || offsetInFunction(found, address) >= u32At(found + 4)) return null;
  return found;
}

function offsetInFunction(entry: u32, address: u64): u32 {
  return u32(address - table.base) - u32At(entry);
}

/** Offset of the entry of the last function that starts at or before `offset`; null when all start behind it. */
function functionBefore(offset: u32): u32 | null {
  let low: u32 = 0;
  let high: u32 = table.functionCount;
  while (low < high) {
    const middle = low + (high - low) / 2;
    if (u32At(table.functionsAt + middle * FUNCTION_SIZE) <= offset) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  return table.functionsAt + (low - 1) * FUNCTION_SIZE;
}

/** Finds the row that holds at `target` bytes behind the start of the function whose entry lies at `entry`. */
function findLine(entry: u32, target: u32, location: Location): void {
  const rows = new Cursor();
  rows.at = table.linesAt + u32At(entry + 12);
  rows.end = table.textAt;
  if (entry + FUNCTION_SIZE < table.sourcesAt) rows.end = table.linesAt + u32At(entry + FUNCTION_SIZE + 12);
  let source = u32At(entry + 8);
  let caller: u32 = 0;
  let line: u32 = 0;
  let position: u32 = 0;
  while (rows.at < rows.end) {
    const step = readUnsigned(rows);
    position += step >>> 2;
    if (position > target) break;
    if ((step & 1) !== 0) source = wrappingAdd(source, readSigned(rows));
    if ((step & 2) !== 0) caller = wrappingAdd(caller, readSigned(rows));
    line = wrappingAdd(line, readSigned(rows));
  }
  setLocation(location, source, line);
  location.caller = caller;
}

function setLocation(location: Location, source: u32, line: u32): void {
  location.name = sourceName(source);
  location.file = line === 0 ? "" : sourceFile(source);
  location.line = line;
}

function sourceName(source: u32): string {
  if (source >= table.sourceCount) return "?";
  return textAt(u32At(table.sourcesAt + source * SOURCE_SIZE));
}

function sourceFile(source: u32): string {
  if (source >= table.sourceCount) return "?";
  return textAt(u32At(table.sourcesAt + source * SOURCE_SIZE + 4));
}

function textAt(offset: u32): string {
  const at = table.textAt + offset;
  const length = byteAt(at);
  if (at >= table.size || table.size - at <= length) return "?";
  return stringOver(subslice(symbolTableBytes(), at + 1, at + 1 + length));
}

/** Takes over the header when it is that of a whole table of this version. Once. */
function readHeader(): void {
  if (table.checked) return;
  table.checked = true;
  const available = symbolTableBytes().length;
  if (available < HEADER_SIZE) return;
  table.size = available;
  const isWhole = u32At(0) === MAGIC && u32At(4) === VERSION && u32At(48) <= table.size;
  table.size = isWhole ? u32At(48) : 0;
  table.base = u64(u32At(8)) | (u64(u32At(12)) << 32n);
  table.functionCount = u32At(16);
  table.functionsAt = u32At(20);
  table.sourceCount = u32At(24);
  table.sourcesAt = u32At(28);
  table.callerCount = u32At(32);
  table.callersAt = u32At(36);
  table.linesAt = u32At(40);
  table.textAt = u32At(44);
}

/** Unsigned LEB128: seven bits a byte, lowest first, bit 7 says that more follow. */
function readUnsigned(cursor: Cursor): u32 {
  let value: u32 = 0;
  let shift: u32 = 0;
  while (cursor.at < cursor.end && shift < 32) {
    const byte = u32(byteAt(cursor.at));
    cursor.at += 1;
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) break;
  }
  return value;
}

/** Signed LEB128, as the 32 bits of its two's complement: the last byte's bit 6 is the sign. */
function readSigned(cursor: Cursor): u32 {
  const start = cursor.at;
  const value = readUnsigned(cursor);
  const bits = (cursor.at - start) * 7;
  if (bits === 0 || bits >= 32 || ((value >>> (bits - 1)) & 1) === 0) return value;
  return value | (u32.MAX << bits);
}

/** 0 outside the table. */
function u32At(offset: u32): u32 {
  return u16At(offset) | (u16At(offset + 2) << 16);
}

/** 0 outside the table. */
function u16At(offset: u32): u32 {
  return u32(byteAt(offset)) | (u32(byteAt(offset + 1)) << 8);
}

/** 0 outside the table. */
function byteAt(offset: u32): u8 {
  if (offset >= table.size) return 0;
  return symbolTableBytes()[offset];
}
