function pick(value: u32): u32 {
  let found: u32 = 0;
  switch (value) {
    case 1: {
      const one: u32 = 1;
      found = one;
      break;
    }
    case 2:
      const two: u32 = 2;
      found = two;
      break;
    default:
      found = 3;
  }
  return found;
}
export function main(): void {
  log.info(`${pick(1)}`);
}
