// Slices: a view that shares the elements; parts of parts; empty ones; fields and results of slice type.

class Window {
  view: Slice<u32>;
  start: u32;
}
staticAssert(sizeOf<Slice<u8>>() === 16n);

const numbers = new FixedArray<u32, 6>();
const window = new Window();

function fill(target: Slice<u32>, value: u32): void {
  for (let i: u32 = 0; i < u32(target.length); i++) target[i] = value + i;
}

function tail(values: Slice<u32>): Slice<u32> {
  return subslice(values, 1, values.length);
}

function sum(values: Slice<u32>): u32 {
  return values.length === 0 ? 0 : values[0] + sum(tail(values));
}

export function main(): void {
  fill(numbers, 10);
  fill(subslice(numbers, 2, 4), 100);
  log.info(`${numbers[1]} ${numbers[2]} ${numbers[3]} ${numbers[4]}`);
  log.info(`${sum(numbers)} ${sum(emptySlice<u32>())} ${sum(subslice(numbers, 6, 6))}`);
  log.info(`${window.view.length}`);
  window.view = subslice(tail(numbers), 0, 2);
  window.view[1] += 1000;
  log.info(`${window.view.length} ${numbers[2]}`);
  const all: Slice<u32> = numbers;
  log.info(`${all.length} ${addressOf(all) === addressOf(numbers)} ${addressOf(tail(all)) - addressOf(all)}`);
}
