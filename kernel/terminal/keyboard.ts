/**
 * The keyboard: from scan codes of set 1 to bytes, for the US layout.
 *
 *     0x1e          a key goes down        0x9e      it goes up (bit 7)
 *     0xe0 0x48     the same for keys that the first keyboards did not have
 *
 * Keys without a character of their own give the sequences of a VT220, as xterm does: cursor up is ESC [ A.
 *
 * "Keyboard Scan Code Specification" (Microsoft), "Scan Code Set 1".
 */

const EXTENDED_PREFIX: u8 = 0xe0;
const KEY_UP: u8 = 0x80;
const ESCAPE: u8 = 0x1b;

const CONTROL_KEY: u8 = 0x1d;
const LEFT_SHIFT: u8 = 0x2a;
const RIGHT_SHIFT: u8 = 0x36;
const ALT_KEY: u8 = 0x38;
const CAPS_LOCK: u8 = 0x3a;
const SLASH_KEY: u8 = 0x35;
const ENTER_KEY: u8 = 0x1c;

/** What the keys from 0x00 to 0x39 say; 0 for those that say nothing. */
const PLAIN: FixedArray<string, 4> = [
  "\x00\x1b1234567890-=\x7f\t",
  "qwertyuiop[]\r\x00as",
  "dfghjkl;'`\x00\\zxcv",
  "bnm,./\x00*\x00 ",
];
const SHIFTED: FixedArray<string, 4> = [
  "\x00\x1b!@#$%^&*()_+\x7f\t",
  "QWERTYUIOP{}\r\x00AS",
  'DFGHJKL:"~\x00|ZXCV',
  "BNM<>?\x00*\x00 ",
];
/** The number block from 0x47 to 0x53, which stands for its cursor keys. */
const PAD_MINUS: u8 = 0x4a;
const PAD_PLUS: u8 = 0x4e;

class KeySequence {
  code: u8;
  text: string;
}
const SEQUENCES: FixedArray<KeySequence, 10> = [
  { code: 0x47, text: "\x1b[H" },
  { code: 0x48, text: "\x1b[A" },
  { code: 0x49, text: "\x1b[5~" },
  { code: 0x4b, text: "\x1b[D" },
  { code: 0x4d, text: "\x1b[C" },
  { code: 0x4f, text: "\x1b[F" },
  { code: 0x50, text: "\x1b[B" },
  { code: 0x51, text: "\x1b[6~" },
  { code: 0x52, text: "\x1b[2~" },
  { code: 0x53, text: "\x1b[3~" },
];

/** Which keys are down, and what came last. */
export class Keyboard {
  private isExtended: bool;
  private shifts: u8;
  private control: bool;
  private alt: bool;
  private capsLock: bool;
  private readonly bytes: FixedArray<u8, 8>;
  private length: u32;

  /** Takes a scan code. The bytes that the key stands for, if any; valid until the next. */
  take(code: u8): Slice<u8> {
    this.length = 0;
    const isExtended = this.isExtended;
    this.isExtended = code === EXTENDED_PREFIX;
    const key = code & ~KEY_UP;
    const isDown = (code & KEY_UP) === 0;
    if (this.isExtended || this.takeModifier(key, isDown, isExtended)) return subslice(this.bytes, 0, 0);
    if (isDown) this.press(key, isExtended);
    return subslice(this.bytes, 0, this.length);
  }

  /** Whether it was the key of a modifier. Extended shifts are no keys: they accompany others. */
  private takeModifier(key: u8, isDown: bool, isExtended: bool): bool {
    switch (key) {
      case LEFT_SHIFT:
        if (!isExtended) this.setShift(1, isDown);
        return true;
      case RIGHT_SHIFT:
        if (!isExtended) this.setShift(2, isDown);
        return true;
      case CONTROL_KEY:
        this.control = isDown;
        return true;
      case ALT_KEY:
        this.alt = isDown;
        return true;
      case CAPS_LOCK:
        if (isDown) this.capsLock = !this.capsLock;
        return true;
      default:
        return false;
    }
  }

  private setShift(bit: u8, isDown: bool): void {
    if (isDown) this.shifts |= bit;
    else this.shifts &= ~bit;
  }

  private press(key: u8, isExtended: bool): void {
    const isCharacter = !isExtended || key === SLASH_KEY || key === ENTER_KEY;
    const character = isCharacter ? this.characterOf(key) : 0;
    if (character === 0) {
      this.pressCursorKey(key);
      return;
    }
    if (this.alt) this.say(ESCAPE);
    this.say(this.control ? controlled(character) : character);
  }

  private pressCursorKey(key: u8): void {
    for (const sequence of SEQUENCES) {
      if (sequence.code !== key) continue;
      for (const byte of bytesOf(sequence.text)) this.say(byte);
    }
  }

  private say(byte: u8): void {
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  /** 0: none. */
  private characterOf(key: u8): u8 {
    if (key === PAD_MINUS) return 0x2d;
    if (key === PAD_PLUS) return 0x2b;
    const plain = keyIn(PLAIN, key);
    const isLetter = plain >= 0x61 && plain <= 0x7a;
    const isShifted = (this.shifts !== 0) !== (isLetter && this.capsLock);
    return isShifted ? keyIn(SHIFTED, key) : plain;
  }
}

function keyIn(rows: FixedArray<string, 4>, key: u8): u8 {
  const row = key / 16;
  if (row >= rows.length) return 0;
  const characters = bytesOf(rows[row]);
  const column = key % 16;
  return column < characters.length ? characters[column] : 0;
}

/** What a character becomes with the control key. */
function controlled(character: u8): u8 {
  if (character >= 0x40 && character < 0x7f) return character & 0x1f;
  return character === 0x20 ? 0 : character;
}
