// Steps of what stands in memory: by one, and by a variable, from values at every border. Each line has the three
// results; one that does not fit panics, and the place holds what it held.

declare function tessera_test_exit(code: i32): never;

class Counters {
  byte: u8;
  half: u16;
  word: u32;
  readonly wides: FixedArray<u64, 2>;
}
const counters = new Counters();
let alone: u32 = 0;

const BYTES: FixedArray<u8, 6> = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
const HALVES: FixedArray<u16, 6> = [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff];
const WORDS: FixedArray<u32, 6> = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const WIDES: FixedArray<u64, 6> = [
  0n,
  1n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
];
const STEPS: FixedArray<u8, 3> = [0, 0, 2];

let at: u32 = 0;
let panics: u32 = 0;

function stepByte(value: u8, way: u32): void {
  counters.byte = value;
  if (way === 0) counters.byte += 1;
  else if (way === 1) counters.byte -= 1;
  else counters.byte += STEPS[way];
}

function stepHalf(value: u16, way: u32): void {
  counters.half = value;
  if (way === 0) counters.half++;
  else if (way === 1) counters.half--;
  else counters.half += STEPS[way];
}

function stepWord(value: u32, way: u32): void {
  counters.word = value;
  if (way === 0) counters.word += 1;
  else if (way === 1) counters.word -= 1;
  else counters.word += STEPS[way];
}

function stepAlone(value: u32, way: u32): void {
  alone = value;
  if (way === 0) alone += 1;
  else if (way === 1) alone -= 1;
  else alone += STEPS[way];
}

function stepWide(value: u64, way: u32): void {
  counters.wides[way % 2] = value;
  if (way === 0) counters.wides[way % 2] += 1n;
  else if (way === 1) counters.wides[way % 2] -= 1n;
  else counters.wides[way % 2] += u64(STEPS[way]);
}

function step(type: u32, value: u32, way: u32): void {
  if (type === 0) stepByte(BYTES[value], way);
  else if (type === 1) stepHalf(HALVES[value], way);
  else if (type === 2) stepWord(WORDS[value], way);
  else if (type === 3) stepAlone(WORDS[value], way);
  else stepWide(WIDES[value], way);
}

function report(): void {
  const wide = counters.wides[(at % 3) % 2];
  log.info(`${at / 18} ${counters.byte} ${counters.half} ${counters.word} ${alone} ${wide}`);
}

function run(): void {
  while (at < 90) {
    step(at / 18, (at / 3) % 6, at % 3);
    report();
    at += 1;
  }
  log.info(`${panics} panics`);
}

function goOn(message: Message, _place: string): never {
  panics += 1;
  for (const part of messageParts(message)) if (part.kind === MessagePartKind.Text) log.info(part.text);
  report();
  at += 1;
  run();
  tessera_test_exit(0);
}
bindPanic(goOn);

export function main(): void {
  run();
}
