// The result of an addition has to fit the type of its operands.

function next(value: u32): u32 {
  return value + 1;
}

export function main(): void {
  log.info(`${next(4294967294)}`);
  log.info(`${next(4294967295)}`);
}
