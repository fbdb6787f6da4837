// Of two operations that do not fit, the left one panics.

function both(value: u8, other: u32): u32 {
  return u32(value + 1) + (other + 1);
}

export function main(): void {
  log.info(`${both(254, 0)}`);
  log.info(`${both(255, 4294967295)}`);
}
