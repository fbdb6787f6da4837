/**
 * UTF-8 to code points, byte by byte ("The Unicode Standard", "Table 3-7. Well-Formed UTF-8 Byte Sequences").
 *
 *     0xxxxxxx                               U+0000..U+007F
 *     110xxxxx 10xxxxxx                      U+0080..U+07FF
 *     1110xxxx 10xxxxxx 10xxxxxx             U+0800..U+FFFF
 *     11110xxx 10xxxxxx 10xxxxxx 10xxxxxx    U+10000..U+10FFFF
 *
 * Whatever is not well formed gives one replacement character, and decoding goes on behind it.
 */

export type CodePointSink = (codePoint: u32) => void;

export const REPLACEMENT_CHARACTER: u32 = 0xfffd;
const LAST_CODE_POINT: u32 = 0x10ffff;

export class Utf8Decoder {
  /** Bits gathered so far. */
  private partial: u32;
  /** Continuation bytes still to come. */
  private missing: u32;
  /** Smallest code point that needs a sequence of this length. */
  private minimum: u32;

  /** Takes one byte; hands on what it completes: none, one, or (after a broken sequence) two code points. */
  decode(byte: u8, sink: CodePointSink): void {
    if (this.missing > 0) {
      if ((byte & 0xc0) === 0x80) {
        this.continueSequence(byte, sink);
        return;
      }
      this.missing = 0;
      sink(REPLACEMENT_CHARACTER);
    }
    this.startSequence(byte, sink);
  }

  private startSequence(byte: u8, sink: CodePointSink): void {
    if (byte < 0x80) sink(byte);
    else if ((byte & 0xe0) === 0xc0) this.expect(1, byte & 0x1f, 0x80);
    else if ((byte & 0xf0) === 0xe0) this.expect(2, byte & 0x0f, 0x800);
    else if ((byte & 0xf8) === 0xf0) this.expect(3, byte & 0x07, 0x10000);
    else sink(REPLACEMENT_CHARACTER);
  }

  private expect(continuationBytes: u32, firstBits: u32, minimum: u32): void {
    this.missing = continuationBytes;
    this.partial = firstBits;
    this.minimum = minimum;
  }

  private continueSequence(byte: u8, sink: CodePointSink): void {
    this.partial = (this.partial << 6) | (byte & 0x3f);
    this.missing -= 1;
    if (this.missing === 0) sink(this.isScalarValue() ? this.partial : REPLACEMENT_CHARACTER);
  }

  private isScalarValue(): bool {
    const isSurrogate = this.partial >= 0xd800 && this.partial <= 0xdfff;
    return this.partial >= this.minimum && this.partial <= LAST_CODE_POINT && !isSurrogate;
  }
}
