/**
 * Entries of .debug_info, and the abbreviations in .debug_abbrev that tell their form. "DWARF Debugging Information
 * Format", "Structure of Debugging Information".
 *
 *     abbreviation   number | tag | whether children follow u8 | attributes and forms, up to 0 0
 *     entry          number of its abbreviation | the values of its attributes
 */
import type { ByteReader } from "./bytes";
import type { ElfFile } from "./elf";
import { FORM, formText, readForm } from "./forms";

export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeForm[];
}

interface AttributeForm {
  readonly attribute: number;
  readonly form: number;
  /** The value, where the form is that of a constant kept here. */
  readonly constant: number;
}

/** What an entry says about code. References to other entries and places count from the start of their section. */
export class Entry {
  name: string | null = null;
  lines = NONE;
  low = 0;
  high = 0;
  ranges = NONE;
  origin = NONE;
  callFile = 0;
  callLine = 0;
}

export const NONE = -1;

export const TAG = { inlinedSubroutine: 0x1d, compileUnit: 0x11, subprogram: 0x2e } as const;

const ATTRIBUTE = {
  name: 0x03,
  stmtList: 0x10,
  lowPc: 0x11,
  highPc: 0x12,
  abstractOrigin: 0x31,
  specification: 0x47,
  ranges: 0x55,
  callFile: 0x58,
  callLine: 0x59,
} as const;

/** Abbreviations by their numbers. */
export function readAbbreviations(elf: ElfFile, at: number): ReadonlyMap<number, Abbreviation> {
  const reader = elf.reader(".debug_abbrev", at);
  const abbreviations = new Map<number, Abbreviation>();
  for (let number = reader.unsigned(); number !== 0; number = reader.unsigned()) {
    const tag = reader.unsigned();
    const hasChildren = reader.u8() !== 0;
    abbreviations.set(number, { tag, hasChildren, attributes: readAttributeForms(reader) });
  }
  return abbreviations;
}

function readAttributeForms(reader: ByteReader): AttributeForm[] {
  const attributes: AttributeForm[] = [];
  for (;;) {
    const attribute = reader.unsigned();
    const form = reader.unsigned();
    if (attribute === 0 && form === 0) return attributes;
    attributes.push({ attribute, form, constant: form === FORM.implicitConst ? reader.signed() : 0 });
  }
}

/**
 * Reads what an entry says about code, and moves behind it.
 *
 * @param unitAt what references within the unit count from
 */
export function readEntry(elf: ElfFile, reader: ByteReader, abbreviation: Abbreviation, unitAt: number): Entry {
  const entry = new Entry();
  for (const { attribute, form, constant } of abbreviation.attributes) {
    const value = readForm(reader, form, constant);
    switch (attribute) {
      case ATTRIBUTE.name:
        if (abbreviation.tag === TAG.subprogram) entry.name = formText(elf, reader, form, value);
        break;
      case ATTRIBUTE.stmtList:
        entry.lines = value;
        break;
      case ATTRIBUTE.lowPc:
        entry.low = value;
        break;
      case ATTRIBUTE.highPc:
        // The entry's length, unless it is an address. It follows the lower end.
        entry.high = form === FORM.addr ? value : entry.low + value;
        break;
      case ATTRIBUTE.abstractOrigin:
      case ATTRIBUTE.specification:
        entry.origin = form === FORM.refAddr ? value : unitAt + value;
        break;
      case ATTRIBUTE.ranges:
        entry.ranges = value;
        break;
      case ATTRIBUTE.callFile:
        entry.callFile = value;
        break;
      case ATTRIBUTE.callLine:
        entry.callLine = value;
        break;
    }
  }
  return entry;
}
