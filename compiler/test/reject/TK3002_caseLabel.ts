function pick(value: u32, other: u32): u32 {
  switch (value) {
    case other: // error TK3002
      return 1;
    default:
      return 0;
  }
}
export function main(): void {
  log.info(`${pick(1, 2)}`);
}
