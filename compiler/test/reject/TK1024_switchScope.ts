function pick(value: u32): u32 {
  switch (value) {
    case 1:
      let found: u32 = 1;
      return found;
    default:
      found = 2; // error TK1024
      return found; // error TK1024
  }
}
export function main(): void {
  log.info(`${pick(1)}`);
}
