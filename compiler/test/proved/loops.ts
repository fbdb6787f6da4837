// Loops over slices and arrays. `gone` and `stays` name the checks of their line.

const TABLE = new FixedArray<u32, 8>();

function whole(words: Slice<u32>): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < words.length; i += 1)
    // gone: +
    sum = wrappingAdd(sum, words[i]); // gone: index
  return sum;
}

function oneTooMany(words: Slice<u32>): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i <= words.length; i += 1)
    // gone: +
    sum = wrappingAdd(sum, words[i]); // stays: index
  return sum;
}

function neighbours(words: Slice<u32>): u32 {
  let same: u32 = 0;
  for (let i: u32 = 0; i + 1 < words.length; i += 1)
    // gone: + stays: +
    if (words[i] === words[i + 1]) same += 1; // gone: index + index stays: +
  return same;
}

function nextTooFar(words: Slice<u32>): u32 {
  let same: u32 = 0;
  for (let i: u32 = 0; i < words.length; i += 1)
    // gone: +
    if (words[i] === words[i + 1]) same = 1; // gone: index + stays: index
  return same;
}

function backwards(words: Slice<u32>): u32 {
  for (let i = words.length; i > 0; i -= 1)
    // gone: -
    if (words[i - 1] !== 0) return i; // gone: - index
  return 0;
}

function backwardsTooFar(words: Slice<u32>): u32 {
  for (let i = words.length; i > 0; i -= 1)
    // gone: -
    if (words[i] !== 0) return i; // stays: index
  return 0;
}

function backwardsBelowZero(words: Slice<u32>): u32 {
  for (let i = words.length; i >= 0; i -= 1)
    // stays: -
    if (words[i - 1] !== 0) return i; // stays: - gone: index
  return 0;
}

function wrapping(words: Slice<u32>): u32 {
  for (let i = words.length; i !== 0; i = wrappingSub(i, 2)) if (words[i - 1] !== 0) return i; // gone: - stays: index
  return 0;
}

function fixedCount(): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 8; i += 1)
    // gone: +
    sum = wrappingAdd(sum, TABLE[i]); // gone: index
  for (let i: u32 = 0; i <= 8; i += 1)
    // gone: +
    sum = wrappingAdd(sum, TABLE[i]); // stays: index
  return sum;
}

function bothEnds(words: Slice<u32>): void {
  if (words.length === 0) return;
  let low: u32 = 0;
  let high = words.length - 1; // gone: -
  while (low < high) {
    const kept = words[low]; // gone: index
    words[low] = words[high]; // gone: index index
    words[high] = kept; // gone: index
    low += 1; // gone: +
    high -= 1; // gone: -
  }
}

function half(words: Slice<u32>, wanted: u32): u32 {
  let low: u32 = 0;
  let high = words.length;
  while (low < high) {
    const middle = low + (high - low) / 2; // gone: + -
    const word = words[middle]; // stays: index
    if (word >= wanted) high = middle;
    else low = middle + 1; // gone: +
  }
  return low;
}

function doLoop(words: Slice<u32>): u32 {
  let i: u32 = 0;
  do {
    if (words[i] !== 0) return i; // stays: index
    i += 1; // gone: +
  } while (i < words.length);
  return i;
}

function doLoopGuarded(words: Slice<u32>): u32 {
  let i: u32 = 0;
  do {
    if (i >= words.length) break;
    if (words[i] !== 0) return i; // gone: index
    i += 1; // gone: +
  } while (i < 100);
  return i;
}

function continues(words: Slice<u32>): u32 {
  let i: u32 = 0;
  let sum: u32 = 0;
  while (i < words.length) {
    i += 1; // gone: +
    if (i === 3) continue;
    sum = wrappingAdd(sum, words[i]); // stays: index
  }
  return sum;
}

function labels(words: Slice<u32>): u32 {
  let found: u32 = 0;
  outer: for (let i: u32 = 0; i < words.length; i += 1) {
    // gone: +
    for (let j: u32 = i; j < words.length; j += 1) {
      // gone: +
      if (words[j] === 1) continue outer; // gone: index
      if (words[i] === 2) break outer; // gone: index
      found = i;
    }
  }
  return words[found]; // stays: index
}

function countTo(end: u32): u32 {
  let count: u32 = 0;
  while (true) {
    if (count === end) break;
    count += 1; // stays: +
  }
  return count + 1; // stays: +
}

function exported(words: Slice<u32>): void {
  void whole(words);
  void oneTooMany(words);
  void neighbours(words);
  void nextTooFar(words);
  void backwards(words);
  void backwardsTooFar(words);
  void backwardsBelowZero(words);
  void wrapping(words);
  void fixedCount();
  bothEnds(words);
  void half(words, 1);
  void doLoop(words);
  void doLoopGuarded(words);
  void continues(words);
  void labels(words);
  void countTo(words.length);
}
exportC("proved_loops", exported);
