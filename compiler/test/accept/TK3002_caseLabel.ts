const OTHER: u32 = 7;
function pick(value: u32): u32 {
  switch (value) {
    case OTHER:
      return 1;
    default:
      return 0;
  }
}
export function main(): void {
  log.info(`${pick(1)}`);
}
