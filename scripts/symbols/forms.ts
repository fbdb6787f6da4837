/** How DWARF writes the values of attributes. "DWARF Debugging Information Format", "Form Encodings". */
import type { ByteReader } from "./bytes";
import type { ElfFile } from "./elf";

export const FORM = {
  addr: 0x01,
  block2: 0x03,
  block4: 0x04,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  flag: 0x0c,
  sdata: 0x0d,
  strp: 0x0e,
  udata: 0x0f,
  refAddr: 0x10,
  ref1: 0x11,
  ref2: 0x12,
  ref4: 0x13,
  ref8: 0x14,
  refUdata: 0x15,
  secOffset: 0x17,
  exprloc: 0x18,
  flagPresent: 0x19,
  data16: 0x1e,
  lineStrp: 0x1f,
  refSig8: 0x20,
  implicitConst: 0x21,
} as const;

/**
 * Reads a value: a number, or for a text or a block the place where it begins.
 *
 * @param constant the value of an attribute that its abbreviation holds
 */
export function readForm(reader: ByteReader, form: number, constant: number): number {
  switch (form) {
    case FORM.data1:
    case FORM.flag:
    case FORM.ref1:
      return reader.u8();
    case FORM.data2:
    case FORM.ref2:
      return reader.u16();
    case FORM.data4:
    case FORM.ref4:
    case FORM.refAddr:
    case FORM.secOffset:
    case FORM.strp:
    case FORM.lineStrp:
      return reader.u32();
    case FORM.addr:
    case FORM.data8:
    case FORM.ref8:
    case FORM.refSig8:
      return reader.i64();
    case FORM.udata:
    case FORM.refUdata:
      return reader.unsigned();
    case FORM.sdata:
      return reader.signed();
    case FORM.flagPresent:
      return 1;
    case FORM.implicitConst:
      return constant;
    default:
      return skipBytes(reader, form);
  }
}

function skipBytes(reader: ByteReader, form: number): number {
  const start = reader.at;
  if (form === FORM.string) reader.skipText();
  else if (form === FORM.block1) reader.skip(reader.u8());
  else if (form === FORM.block2) reader.skip(reader.u16());
  else if (form === FORM.block4) reader.skip(reader.u32());
  else if (form === FORM.block || form === FORM.exprloc) reader.skip(reader.unsigned());
  else if (form === FORM.data16) reader.skip(16);
  else reader.fail(`has an attribute of unknown form 0x${form.toString(16)}`);
  return start;
}

/** The text that a value of `readForm` stands for. */
export function formText(elf: ElfFile, reader: ByteReader, form: number, value: number): string {
  if (form === FORM.strp) return elf.reader(".debug_str", value).text();
  if (form === FORM.lineStrp) return elf.reader(".debug_line_str", value).text();
  if (form !== FORM.string) return reader.fail(`has a text of unknown form 0x${form.toString(16)}`);
  return elf.reader(reader.name, value).text();
}
