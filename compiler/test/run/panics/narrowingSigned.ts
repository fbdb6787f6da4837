// A negative value fits no unsigned type.

function positive(value: i32): u64 {
  return u64(value);
}

export function main(): void {
  log.info(`${positive(2147483647)}`);
  log.info(`${positive(-5)}`);
}
