// for-of fixes the elements when it starts; what the body does to the variable changes nothing.

const numbers = new FixedArray<u32, 4>();
let view: Slice<u32> = emptySlice<u32>();
let calls: u32 = 0;

function window(): Slice<u32> {
  calls += 1;
  return view;
}

export function main(): void {
  for (let i: u32 = 0; i < 4; i++) numbers[i] = i + 1;
  view = subslice(numbers, 0, 3);
  let sum: u32 = 0;
  for (const value of window()) {
    view = subslice(numbers, 3, 4);
    numbers[2] = 50;
    sum += value;
  }
  log.info(`${sum} ${calls} ${view.length}`);
  for (const value of view) {
    view = emptySlice<u32>();
    log.info(`${value}`);
  }
  log.info(`${view.length}`);
}
