// A part may not end behind the whole.

const numbers = new FixedArray<u8, 4>();

function part(start: u32, end: u32): Slice<u8> {
  return subslice(numbers, start, end); // panics
}

export function main(): void {
  log.info(`${part(4, 4).length} ${part(0, 4).length}`);
  log.info(`${part(2, 5).length}`);
}
