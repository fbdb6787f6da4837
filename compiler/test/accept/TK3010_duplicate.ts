const ONE: u32 = 1;
function name(value: u32): u32 {
  switch (value) {
    case 0:
      return 10;
    case ONE:
      return 20;
    default:
      return 0;
  }
}
export function main(): void {
  log.info(`${name(1)}`);
}
