// Indices and parts of slices, and slices that change. `gone` and `stays` name the checks of their line.

class Pool {
  words: Slice<u32>;
  count: u32;
  status: Volatile<u32>;
}

const TABLE = new FixedArray<u32, 16>();
let current: u32 = 0;

function touch(): void {
  current = wrappingAdd(current, 1);
}

function guarded(words: Slice<u32>, index: u32): u32 {
  if (index >= words.length) return 0;
  return words[index]; // gone: index
}

function guardedOther(words: Slice<u32>, others: Slice<u32>, index: u32): u32 {
  if (index >= others.length) return 0;
  return words[index]; // stays: index
}

function guardedTooWide(words: Slice<u32>, index: u32): u32 {
  if (index > words.length) return 0;
  return words[index]; // stays: index
}

function inCondition(words: Slice<u32>, index: u32): bool {
  if (words[index] === 1 && index < words.length) return true; // stays: index
  return index < words.length && words[index] === 2; // gone: index
}

function beforeTheTest(words: Slice<u32>, index: u32): bool {
  return index < words.length || words[index] === 2; // stays: index
}

function twice(words: Slice<u32>, index: u32): void {
  words[index] = 1; // stays: index
  words[index] = 2; // gone: index
  if (index > 0) words[index - 1] = 3; // gone: - index
  words[index + 1] = 4; // stays: index gone: +
}

function replaced(words: Slice<u32>, others: Slice<u32>, index: u32): u32 {
  let slice = words;
  if (index >= slice.length) return 0;
  const first = slice[index]; // gone: index
  slice = others;
  return wrappingAdd(first, slice[index]); // stays: index
}

function replacedInLoop(words: Slice<u32>, others: Slice<u32>): u32 {
  let slice = words;
  for (let i: u32 = 0; i < words.length; i += 1) {
    // gone: +
    if (slice[i] === 7) slice = others; // stays: index
  }
  return slice.length;
}

function moved(words: Slice<u32>, start: u32): u32 {
  let index = start;
  if (index >= words.length) return 0;
  index += 1; // gone: +
  if (words[index - 1] === 0) return 1; // gone: - index
  return words[index]; // stays: index
}

function parts(words: Slice<u32>, start: u32, end: u32): u32 {
  if (start > end || end > words.length) return 0;
  const part = subslice(words, start, end); // gone: part
  if (end - start < 2) return 0; // gone: -
  return wrappingAdd(part[1], part[0]); // gone: index index
}

function wrongParts(words: Slice<u32>, start: u32, end: u32): u32 {
  if (start > words.length || end > words.length) return 0;
  const part = subslice(words, start, end); // stays: part
  return part.length === 0 ? 0 : part[end - start - 1]; // gone: - - index
}

function ring(words: Slice<u32>, at: u32): u32 {
  return words[at % words.length]; // gone: index
}

function masked(at: u32): u32 {
  const inside = TABLE[at & 15]; // gone: index
  return wrappingAdd(inside, TABLE[at & 16]); // stays: index
}

function field(pool: Pool, index: u32): u32 {
  if (index >= pool.words.length) return 0;
  const first = pool.words[index]; // gone: index
  touch();
  return wrappingAdd(first, pool.words[index]); // stays: index
}

function fieldInLoop(pool: Pool): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < pool.words.length; i += 1)
    // gone: +
    sum = wrappingAdd(sum, pool.words[i]); // gone: index
  return sum;
}

function fieldStored(pool: Pool): void {
  for (let i: u32 = 0; i < pool.words.length; i += 1) {
    // gone: +
    pool.words[i] = 0; // gone: index
    pool.words[i] = 1; // stays: index
  }
}

function otherObject(pool: Pool, other: Pool, index: u32): u32 {
  let which = pool;
  if (index >= which.words.length) return 0;
  which = other;
  return which.words[index]; // stays: index
}

function counted(pool: Pool): u32 {
  pool.count = 3;
  const less = pool.count - 3; // gone: -
  pool.words[0] = 0; // stays: index
  return less + (pool.count - 3); // gone: + stays: -
}

function volatile(pool: Pool): u32 {
  if (pool.status > 5) return pool.status - 5; // stays: -
  return 0;
}

function variable(): u32 {
  if (current >= 16) return 0;
  const first = TABLE[current]; // gone: index
  touch();
  return wrappingAdd(first, TABLE[current]); // stays: index
}

function changedBetween(): u32 {
  if (current >= 16) return 0;
  return wrappingAdd(step(), TABLE[current]); // stays: index
}

function step(): u32 {
  touch();
  return current;
}

function calledInCondition(): u32 {
  if (current < 16 && step() > 0) return TABLE[current]; // stays: index
  if (step() > 0 && current < 16) return TABLE[current]; // stays: index
  return 0;
}

function texts(text: string): u32 {
  const bytes = bytesOf(text);
  let sum: u32 = 0;
  for (let i: u32 = 0; i < byteLength(text); i += 1) sum = wrappingAdd(sum, u32(bytes[i])); // gone: + index
  return sum;
}

function copyInto(target: Slice<u32>, at: u32, source: Slice<u32>): bool {
  if (at > target.length || source.length > target.length - at) return false; // gone: -
  for (let i: u32 = 0; i < source.length; i++) target[at + i] = source[i]; // gone: + + index index
  return true;
}

function copyTo(target: Slice<u32>, at: u32, source: Slice<u32>): bool {
  if (at + source.length > target.length) return false; // stays: +
  for (let i: u32 = 0; i < source.length; i++) target[at + i] = source[i]; // gone: + + index index
  return true;
}

function copyWrapped(target: Slice<u32>, at: u32, source: Slice<u32>): bool {
  if (wrappingAdd(at, source.length) > target.length) return false;
  for (let i: u32 = 0; i < source.length; i++) target[at + i] = source[i]; // stays: + index gone: + index
  return true;
}

function copyTooMuch(target: Slice<u32>, at: u32, source: Slice<u32>): bool {
  if (at + source.length > target.length) return false; // stays: +
  for (let i: u32 = 0; i <= source.length; i++) target[at + i] = source[i]; // stays: index index gone: + +
  return true;
}

function missing(words: Slice<u32> | null, index: u32): u32 {
  if (words === null || index >= words.length) return 0;
  return words[index]; // gone: index
}

function exported(pool: Pool, words: Slice<u32>, x: u32): void {
  void guarded(words, x);
  void guardedOther(words, words, x);
  void guardedTooWide(words, x);
  void inCondition(words, x);
  void beforeTheTest(words, x);
  twice(words, x);
  void replaced(words, words, x);
  void replacedInLoop(words, words);
  void moved(words, x);
  void parts(words, x, x);
  void wrongParts(words, x, x);
  void ring(words, x);
  void masked(x);
  void field(pool, x);
  void fieldInLoop(pool);
  fieldStored(pool);
  void otherObject(pool, pool, x);
  void counted(pool);
  void volatile(pool);
  void variable();
  void changedBetween();
  void calledInCondition();
  void texts("text");
  void copyInto(words, x, words);
  void copyTo(words, x, words);
  void copyWrapped(words, x, words);
  void copyTooMuch(words, x, words);
  void missing(words, x);
}
exportC("proved_slices", exported);
