// A slice knows its length, also that of a part.

const numbers: FixedArray<u8, 6> = [1, 2, 3, 4, 5, 6];

function at(values: Slice<u8>, index: u32): u8 {
  return values[index]; // panics
}

export function main(): void {
  const part = subslice(numbers, 1, 4);
  log.info(`${at(part, 2)}`);
  log.info(`${at(part, 3)}`);
}
