/**
 * ChaCha20: 64 bytes that nobody can guess who does not know the key.
 *
 *     "expa" "nd 3" "2-by" "te k"        constant
 *     key 0  key 1  key 2  key 3
 *     key 4  key 5  key 6  key 7    -->  20 rounds, added to what was there before  -->  16 words
 *     count  nonce  nonce  nonce
 *
 * RFC 8439, "The ChaCha20 Block Function".
 */

export const KEY_WORDS: u32 = 8;
export const BLOCK_WORDS: u32 = 16;

/** "expand 32-byte k" as little-endian words. */
const CONSTANT: FixedArray<u32, 4> = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
/** A round on all columns and one on all diagonals. */
const DOUBLE_ROUNDS: u32 = 10;

/** A state before the rounds, and the block that they make of it. */
export class ChaCha {
  readonly state: FixedArray<u32, 16>;
  readonly block: FixedArray<u32, 16>;

  /** Sets the key, KEY_WORDS words; count and nonce are 0. */
  init(key: Slice<u32>): void {
    for (let i: u32 = 0; i < CONSTANT.length; i += 1) this.state[i] = CONSTANT[i];
    for (let i: u32 = 0; i < KEY_WORDS; i += 1) this.state[4 + i] = key[i];
    for (let i: u32 = 12; i < BLOCK_WORDS; i += 1) this.state[i] = 0;
  }

  /** Makes the block of the state. */
  makeBlock(): void {
    const block = this.block;
    for (let i: u32 = 0; i < BLOCK_WORDS; i += 1) block[i] = this.state[i];
    for (let i: u32 = 0; i < DOUBLE_ROUNDS; i += 1) {
      for (let column: u32 = 0; column < 4; column += 1) {
        quarterRound(block, column, 4 + column, 8 + column, 12 + column);
      }
      for (let column: u32 = 0; column < 4; column += 1) {
        quarterRound(block, column, 4 + ((column + 1) & 3), 8 + ((column + 2) & 3), 12 + ((column + 3) & 3));
      }
    }
    for (let i: u32 = 0; i < BLOCK_WORDS; i += 1) block[i] = wrappingAdd(block[i], this.state[i]);
  }
}

function quarterRound(block: Slice<u32>, a: u32, b: u32, c: u32, d: u32): void {
  mix(block, a, b, d, 16);
  mix(block, c, d, b, 12);
  mix(block, a, b, d, 8);
  mix(block, c, d, b, 7);
}

/** Adds one word to another, and turns a third by the sum. */
function mix(block: Slice<u32>, sum: u32, added: u32, turned: u32, bits: u32): void {
  block[sum] = wrappingAdd(block[sum], block[added]);
  const word = block[turned] ^ block[sum];
  block[turned] = (word << bits) | (word >>> (32 - bits));
}
