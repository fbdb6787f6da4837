// The words of the language may stand in parentheses like every name.

// prettier-ignore
export function main(): void {
  (log).info(`${(u8).wrap(300)}`);
  log.info(`${(u32).wrap(0x1_0000_0005n)}`);
}
