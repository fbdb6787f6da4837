/**
 * The kernel image in memory, as linker/kernel.ld lays it out. All limits are page-aligned, `end` is the first byte
 * behind.
 *
 *     kernel_start                                                              kernel_end
 *     | text (R-X)        | rodata (R)             | data (RW), with .bss        |
 *     text_start text_end = rodata_start .. symbols .. rodata_end = data_start .. data_end
 */

/** Part of the image with permissions of its own. */
export enum ImageSection {
  Text,
  Rodata,
  Data,
}

/** First byte of a section. */
export function sectionStart(section: ImageSection): u64 {
  switch (section) {
    case ImageSection.Text:
      return addressOfSymbol("text_start");
    case ImageSection.Rodata:
      return addressOfSymbol("rodata_start");
    case ImageSection.Data:
      return addressOfSymbol("data_start");
  }
}

/** First byte behind a section. */
export function sectionEnd(section: ImageSection): u64 {
  switch (section) {
    case ImageSection.Text:
      return addressOfSymbol("text_end");
    case ImageSection.Rodata:
      return addressOfSymbol("rodata_end");
    case ImageSection.Data:
      return addressOfSymbol("data_end");
  }
}

/** Whether an address lies in a section. */
export function isInSection(section: ImageSection, address: u64): bool {
  return address >= sectionStart(section) && address < sectionEnd(section);
}

/** Whether an address lies in the image. */
export function isInImage(address: u64): bool {
  return address >= addressOfSymbol("kernel_start") && address < addressOfSymbol("kernel_end");
}

/** The symbol table that the second link adds; empty without it. */
export function symbolTableBytes(): Slice<u8> {
  const start = addressOfSymbol("symbols_start");
  return sliceOf(overlay<Many<u8>>(start), u32(addressOfSymbol("symbols_end") - start));
}
