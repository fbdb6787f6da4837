// A part may not start behind its end.

const numbers = new FixedArray<u8, 4>();

function part(start: u32, end: u32): Slice<u8> {
  return subslice(numbers, start, end); // panics
}

export function main(): void {
  log.info(`${part(1, 3).length}`);
  log.info(`${part(3, 1).length}`);
}
