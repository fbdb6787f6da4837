/**
 * Random numbers: the cipher against its specification, and the generator that it makes.
 */
import { beforeEach, expect, test } from "vitest";
import { machine } from "../../compiler/machine/session";
import { ChaCha } from "../../kernel/chacha";
import { Arguments } from "../../kernel/process/arguments";
import { fillRandom, randomWord } from "../../kernel/random";
import { installDevices } from "./devices.node";

const BASIC_LEAF = 1;
const RDRAND = 1 << 30;

beforeEach(() => machine.reset());

/** A processor with RDRAND that tells these words, each once, and before each of them that it has none yet. */
function answerWith(words: readonly bigint[]): void {
  machine.cpuid.set(BASIC_LEAF, { ecx: RDRAND });
  const answers = words.flatMap((word) => [0n, word]);
  machine.assembly.set("random_word", () => answers.shift() ?? 0n);
}

/** RFC 8439, section 2.3.2. */
test("a block is what the specification says", () => {
  const cipher = new ChaCha();
  cipher.init([0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c]);
  [1, 0x09000000, 0x4a000000, 0].forEach((word, index) => (cipher.state[12 + index] = word));
  cipher.makeBlock();
  expect([...cipher.block].map((word) => word.toString(16).padStart(8, "0"))).toEqual([
    ...["e4e7f110", "15593bd1", "1fdd0f50", "c47120a3", "c7f4d1c7", "0368c033", "9aaa2204", "4e6cd4c3"],
    ...["466482d2", "09aa9f07", "05d7c214", "a2028bd9", "d19c12b5", "b94e16de", "e883d0cb", "4e3c50a2"],
  ]);
});

test("numbers follow from what the processor tells, and do not repeat", () => {
  answerWith([1n, 2n, 3n, 4n]);
  const first = Array.from({ length: 50 }, () => randomWord());
  expect(new Set(first).size).toBe(50);
  machine.reset();
  answerWith([1n, 2n, 3n, 4n]);
  expect(Array.from({ length: 50 }, () => randomWord())).toEqual(first);
  machine.reset();
  answerWith([1n, 2n, 3n, 5n]);
  expect(first).not.toContain(randomWord());
  expect(machine.logs).toEqual([]);
});

test("bytes are filled to the end, take all values, and no block of them comes twice", () => {
  answerWith([1n, 2n, 3n, 4n]);
  const { bytes } = new Arguments();
  fillRandom(bytes);
  const filled = Buffer.from([...bytes]);
  expect(new Set(filled).size).toBe(256);
  const blocks = Array.from({ length: filled.length / 32 }, (_, i) => filled.toString("hex", 32 * i, 32 * i + 32));
  expect(new Set(blocks).size).toBe(blocks.length);
});

test("a processor without random numbers has times, and the log says so", () => {
  installDevices();
  const first = randomWord();
  expect(randomWord()).not.toBe(first);
  expect(machine.logs).toEqual([
    expect.objectContaining({ level: "warn", text: expect.stringContaining("made of times") as unknown }),
  ]);
});
