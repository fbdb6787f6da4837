/**
 * The lines that code was made from: the programs of .debug_line, versions 3 to 5. "DWARF Debugging Information Format",
 * "Line Number Information".
 *
 *     header    length u32 | version u16 | 5: address size u8, segment size u8 | header length u32
 *               | instruction length u8 | 4 and 5: operations u8 | default of statement u8 | line base i8
 *               | line range u8 | opcode base u8 | how many operands each standard opcode has
 *               | 3 and 4: folders, files as texts, up to an empty one; 5: both as entries whose format comes first
 *     program   opcodes that move an address, a file and a line, and make rows of them
 */
import { normalize } from "node:path";
import type { ByteReader } from "./bytes";
import type { ElfFile } from "./elf";
import { formText, readForm } from "./forms";

/** From `address` on, up to the next row, code belongs to this line; line 0: to none. */
export interface LineRow {
  readonly address: number;
  readonly file: string;
  readonly line: number;
}

export interface LineProgram {
  /** By their number in the program and in the attributes of its unit. */
  readonly files: readonly string[];
  /** Each by ascending addresses, with a row of line 0 behind its code. */
  readonly sequences: readonly LineRow[][];
}

interface Header {
  readonly end: number;
  readonly opcodeBase: number;
  readonly operandCounts: readonly number[];
  readonly lineBase: number;
  readonly lineRange: number;
  readonly instructionLength: number;
  readonly files: string[];
}

const CONTENT_PATH = 1;
const CONTENT_DIRECTORY = 2;

const OPCODE = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;
const EXTENDED = 0;
const END_SEQUENCE = 1;
const SET_ADDRESS = 2;

export function readLineProgram(elf: ElfFile, at: number): LineProgram {
  const reader = elf.reader(".debug_line", at);
  const header = readHeader(elf, reader);
  return { files: header.files, sequences: runProgram(reader, header) };
}

function readHeader(elf: ElfFile, reader: ByteReader): Header {
  const length = reader.u32();
  const end = reader.at + length;
  const version = reader.u16();
  if (version < 3 || version > 5) reader.fail(`has version ${version}`);
  if (version === 5) reader.skip(2);
  const headerLength = reader.u32();
  const programAt = reader.at + headerLength;
  const instructionLength = reader.u8();
  reader.skip(version >= 4 ? 2 : 1);
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  if (lineRange === 0 || opcodeBase === 0) reader.fail("has a header without ranges");
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
  const files = version === 5 ? readEntries(elf, reader) : readOldEntries(reader);
  reader.at = programAt;
  return { end, opcodeBase, operandCounts, lineBase, lineRange, instructionLength, files };
}

/** Version 5: the first folder is that of the compilation. */
function readEntries(elf: ElfFile, reader: ByteReader): string[] {
  const folders = readPaths(elf, reader).map(({ path }) => path);
  return readPaths(elf, reader).map(({ path, folder }) => joined(folder === 0 ? "" : folders[folder], path));
}

function readPaths(elf: ElfFile, reader: ByteReader): { path: string; folder: number }[] {
  const format = Array.from({ length: reader.u8() }, () => ({ content: reader.unsigned(), form: reader.unsigned() }));
  return Array.from({ length: reader.count() }, () => {
    const entry = { path: "", folder: 0 };
    for (const { content, form } of format) {
      const value = readForm(reader, form, 0);
      if (content === CONTENT_PATH) entry.path = formText(elf, reader, form, value);
      if (content === CONTENT_DIRECTORY) entry.folder = value;
    }
    return entry;
  });
}

/** Versions 3 and 4: folders and files count from 1, folder 0 is that of the compilation. */
function readOldEntries(reader: ByteReader): string[] {
  const folders = [""];
  for (let folder = reader.text(); folder !== ""; folder = reader.text()) folders.push(folder);
  const files = [""];
  for (let path = reader.text(); path !== ""; path = reader.text()) {
    files.push(joined(folders[reader.unsigned()], path));
    reader.unsigned();
    reader.unsigned();
  }
  return files;
}

/** Paths stay as the compiler got them: relative ones count from where it was started. */
function joined(folder = "", path: string): string {
  return normalize(folder === "" || path.startsWith("/") ? path : `${folder}/${path}`);
}

function runProgram(reader: ByteReader, header: Header): LineRow[][] {
  const { end, opcodeBase, lineBase, lineRange, instructionLength, files } = header;
  const sequences: LineRow[][] = [];
  let rows: LineRow[] = [];
  let address = 0;
  let file = 1;
  let line = 1;
  const addRow = (): number => rows.push({ address, file: files[file] ?? "", line });
  while (reader.at < end) {
    const opcode = reader.u8();
    if (opcode >= opcodeBase) {
      const step = opcode - opcodeBase;
      address += Math.floor(step / lineRange) * instructionLength;
      line += lineBase + (step % lineRange);
      addRow();
    } else if (opcode === OPCODE.copy) addRow();
    else if (opcode === OPCODE.advancePc) address += reader.unsigned() * instructionLength;
    else if (opcode === OPCODE.advanceLine) line += reader.signed();
    else if (opcode === OPCODE.setFile) file = reader.unsigned();
    else if (opcode === OPCODE.constAddPc) address += Math.floor((255 - opcodeBase) / lineRange) * instructionLength;
    else if (opcode === OPCODE.fixedAdvancePc) address += reader.u16();
    else if (opcode !== EXTENDED) skipOperands(reader, header.operandCounts[opcode - 1]);
    else {
      const next = reader.unsigned() + reader.at;
      const extended = reader.u8();
      if (extended === SET_ADDRESS) address = reader.i64();
      if (extended === END_SEQUENCE) {
        rows.push({ address, file: "", line: 0 });
        if (rows.length > 1) sequences.push(rows);
        rows = [];
        address = 0;
        file = 1;
        line = 1;
      }
      reader.at = next;
    }
  }
  return sequences;
}

function skipOperands(reader: ByteReader, count: number): void {
  for (let left = count; left > 0; left -= 1) reader.unsigned();
}
