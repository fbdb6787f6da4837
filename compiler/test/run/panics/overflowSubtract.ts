// Unsigned differences are not negative.

function between(low: u64, high: u64): u64 {
  return high - low;
}

export function main(): void {
  log.info(`${between(5n, 7n)}`);
  log.info(`${between(7n, 5n)}`);
}
