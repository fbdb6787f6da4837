// An index beyond a fixed array panics before anything is read.

const numbers: FixedArray<u32, 4> = [1, 2, 3, 4];

function element(index: u32): u32 {
  return numbers[index]; // panics
}

export function main(): void {
  log.info(`${element(3)}`);
  log.info(`${element(7)}`);
}
