// Two arguments that panic: the first one does.

const values = new FixedArray<u32, 4>();

function sum(left: u32, right: u32): u32 {
  return left + right;
}

function run(index: u32, divisor: u32): u32 {
  return sum(values[index], 5 / divisor);
}

export function main(): void {
  log.info(`${run(1, 5)}`);
  log.info(`${run(9, 0)}`);
}
