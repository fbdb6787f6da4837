function number(name: u8): u32 {
  switch (name) {
    case 1:
      return 1;
    default:
      return 0;
  }
}
export function main(): void {
  log.info(`${number(1)}`);
}
