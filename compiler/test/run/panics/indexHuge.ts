// The largest index, as a loop that runs below zero makes it.

const bytes = new FixedArray<u8, 16>();

function clear(start: u32): void {
  let index = start;
  for (;;) {
    bytes[index] = 0; // panics
    index = wrappingSub(index, 1);
  }
}

export function main(): void {
  clear(15);
}
