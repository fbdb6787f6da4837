/**
 * Random numbers: for where a program lies, and for programs that ask.
 *
 *     RDSEED, RDRAND or time stamps --> key --ChaCha20--> block | 8 words: the next key | 8 words: random |
 *                                        ^                          |
 *                                        '--------------------------'
 *
 * The key that made a block is gone before the block is used, so what was given out cannot be found out later. Where
 * the processor has no source of its own, the first key is made of times, which somebody who knows the machine may
 * guess; `randomSource` says so, and the log at the first use.
 *
 * D. J. Bernstein, "Fast-key-erasure random-number generators".
 */

import { RandomSource, randomSource, seedWord } from "../arch/x86_64/random";
import { ChaCha, KEY_WORDS } from "./chacha";

/** Random bytes of a block: what the next key leaves. */
const BYTES_PER_BLOCK: u32 = 32;

class Generator {
  isSeeded: bool;
  readonly key: FixedArray<u32, 8>;
  readonly cipher: ChaCha;
}
const generator = new Generator();

/** A random word. */
export function randomWord(): u64 {
  nextBlock();
  const block = generator.cipher.block;
  const word = (u64(block[KEY_WORDS + 1]) << 32n) | u64(block[KEY_WORDS]);
  zeroStruct(generator.cipher);
  return word;
}

/** Fills all of `target` with random bytes. */
export function fillRandom(target: Slice<u8>): void {
  for (let at: u32 = 0; at < target.length; at += 1) {
    const inBlock = at % BYTES_PER_BLOCK;
    if (inBlock === 0) nextBlock();
    target[at] = u8.wrap(generator.cipher.block[KEY_WORDS + inBlock / 4] >>> ((inBlock % 4) * 8));
  }
  zeroStruct(generator.cipher);
}

/** Makes a block, and keeps its first half for the key of the next. */
function nextBlock(): void {
  if (!generator.isSeeded) seed();
  const cipher = generator.cipher;
  cipher.init(generator.key);
  cipher.makeBlock();
  for (let i: u32 = 0; i < KEY_WORDS; i += 1) generator.key[i] = cipher.block[i];
}

function seed(): void {
  generator.isSeeded = true;
  for (let i: u32 = 0; i < KEY_WORDS; i += 2) {
    const word = seedWord();
    generator.key[i] = u32.wrap(word);
    generator.key[i + 1] = u32(word >> 32n);
  }
  if (randomSource() === RandomSource.TimeStamps) {
    log.warn("the processor has no random numbers: those of this kernel are made of times, and may be guessed");
  }
}
