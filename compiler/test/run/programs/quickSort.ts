// Quicksort in place over slices of itself, on numbers from a linear congruential generator.

const SIZE = 500;
const numbers = new FixedArray<i32, typeof SIZE>();

function fill(seed: u32): void {
  let state = seed;
  for (let i: u32 = 0; i < SIZE; i++) {
    state = wrappingAdd(wrappingMul(state, 1664525), 1013904223);
    numbers[i] = i32.wrap(state);
  }
}

function partition(values: Slice<i32>): u32 {
  const pivot = values[values.length - 1];
  let store: u32 = 0;
  for (let i: u32 = 0; i + 1 < values.length; i++) {
    if (values[i] < pivot) {
      swap(values, i, store);
      store += 1;
    }
  }
  swap(values, store, u32(values.length) - 1);
  return store;
}

function swap(values: Slice<i32>, i: u32, j: u32): void {
  const kept = values[i];
  values[i] = values[j];
  values[j] = kept;
}

function sort(values: Slice<i32>): void {
  if (values.length < 2) return;
  const middle = partition(values);
  sort(subslice(values, 0, middle));
  sort(subslice(values, middle + 1, values.length));
}

function checksum(): u32 {
  let sum: u32 = 0;
  for (const number of numbers) sum = wrappingAdd(sum, u32.wrap(number));
  return sum;
}

export function main(): void {
  fill(42);
  const before = checksum();
  sort(numbers);
  let disorder: u32 = 0;
  for (let i: u32 = 1; i < SIZE; i++) {
    if (numbers[i - 1] > numbers[i]) disorder += 1;
  }
  log.info(`${disorder} out of order, same numbers: ${before === checksum()}`);
  log.info(`${numbers[0] < 0} ${numbers[SIZE - 1] > 0}`);
}
