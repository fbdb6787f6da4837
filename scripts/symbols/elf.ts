/**
 * Sections and symbols of an ELF file for x86_64. "System V Application Binary Interface", "Object Files".
 *
 *     header    magic | ... | at 0x28: where the section headers lie u64 | ... | at 0x3c: how many u16
 *               | which of them has the names u16
 *     section   name u32 | type u32 | flags u64 | address u64 | offset u64 | size u64 | link u32 | info u32 | ...
 *     symbol    name u32 | type and binding u8 | other u8 | section u16 | address u64 | size u64
 */
import { inflateSync } from "node:zlib";
import { ByteReader } from "./bytes";

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
}

interface Section {
  readonly name: string;
  readonly address: number;
  readonly isCode: boolean;
  readonly bytes: Uint8Array;
}

interface SectionHeader {
  readonly nameAt: number;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** "\x7fELF", then 64 bits, little endian. */
const IDENT = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const MACHINE_X86_64 = 62;
const SECTION_HEADER_SIZE = 64;
const NO_BITS = 8;
const EXECUTABLE = 0x4;
const COMPRESSED = 0x800;
const COMPRESSED_ZLIB = 1;
const SYMBOL_SIZE = 24;
const SECTION_SYMBOL = 3;
const FILE_SYMBOL = 4;
const WEAK = 2;

export class ElfFile {
  readonly #sections: readonly Section[];
  readonly #bytes: ReadonlyMap<string, Uint8Array>;

  constructor(file: Uint8Array) {
    this.#sections = readSections(file);
    this.#bytes = new Map(this.#sections.map(({ name, bytes }) => [name, bytes]));
  }

  /** The bytes of a section; none when there is no such section. */
  section(name: string): Uint8Array {
    return this.#bytes.get(name) ?? new Uint8Array();
  }

  /** A reader for a part of a section. */
  reader(name: string, at = 0, end?: number): ByteReader {
    return new ByteReader(this.section(name), name, at, end);
  }

  /** The text at a place of a section, in UTF-8 up to a 0. */
  text(section: string, at: number): string {
    return new ByteReader(this.section(section), section, at).text();
  }

  /** The code at an address, up to the end of its section at most; none outside of code. */
  code(address: number, size: number): Uint8Array {
    const section = this.#sections.find(
      ({ isCode, address: start, bytes }) => isCode && address >= start && address < start + bytes.length,
    );
    if (section === undefined) return new Uint8Array();
    return section.bytes.subarray(address - section.address, address - section.address + size);
  }

  /** Symbols that lie in code, by address, and by name where several share one. */
  codeSymbols(): ElfSymbol[] {
    const symbols: ElfSymbol[] = [];
    for (const reader = this.reader(".symtab"); reader.at < reader.end;) {
      const next = reader.at + SYMBOL_SIZE;
      const nameAt = reader.u32();
      const info = reader.u8();
      reader.skip(1);
      const section = this.#sections[reader.u16()];
      const address = reader.i64();
      reader.at = next;
      const type = info & 0xf;
      if (section?.isCode !== true || type === SECTION_SYMBOL || type === FILE_SYMBOL || info >> 4 === WEAK) continue;
      symbols.push({ name: this.text(".strtab", nameAt), address });
    }
    return symbols.sort((a, b) => a.address - b.address || (a.name < b.name ? -1 : 1));
  }
}

function readSections(file: Uint8Array): Section[] {
  const reader = new ByteReader(file, "the ELF file");
  if (IDENT.some((byte, at) => file[at] !== byte)) reader.fail("is no ELF file of 64 bits");
  reader.at = 0x12;
  if (reader.u16() !== MACHINE_X86_64) reader.fail("is not for x86_64");
  reader.at = 0x28;
  const headersAt = reader.i64();
  reader.at = 0x3c;
  const count = reader.u16();
  const namesIndex = reader.u16();
  const headers = Array.from({ length: count }, (_, index) =>
    readSectionHeader(new ByteReader(file, reader.name, headersAt + index * SECTION_HEADER_SIZE)),
  );
  const names = headers[namesIndex] ?? reader.fail("has no names of sections");
  return headers.map((header) => ({
    name: new ByteReader(file, "the names of sections", names.offset + header.nameAt).text(),
    address: header.address,
    isCode: (header.flags & EXECUTABLE) !== 0,
    bytes: sectionBytes(file, header),
  }));
}

function readSectionHeader(reader: ByteReader): SectionHeader {
  return {
    nameAt: reader.u32(),
    type: reader.u32(),
    flags: reader.i64(),
    address: reader.i64(),
    offset: reader.i64(),
    size: reader.i64(),
  };
}

function sectionBytes(file: Uint8Array, { type, flags, offset, size }: SectionHeader): Uint8Array {
  if (type === NO_BITS) return new Uint8Array();
  const reader = new ByteReader(file, "a section of the ELF file", offset, offset + size);
  if ((flags & COMPRESSED) === 0) return file.subarray(offset, offset + size);
  if (reader.u32() !== COMPRESSED_ZLIB) reader.fail("is compressed with something other than zlib");
  reader.skip(20);
  return inflateSync(file.subarray(reader.at, reader.end));
}
