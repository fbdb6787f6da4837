// The smallest signed value has no positive counterpart.

function negative(value: i8): i8 {
  return -value;
}

export function main(): void {
  log.info(`${negative(127)} ${negative(-127)}`);
  log.info(`${negative(-128)}`);
}
