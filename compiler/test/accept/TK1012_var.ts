export function main(): void {
  let value: u32 = 1;
  value += 1;
  const other = value;
  let later: u32;
  later = other;
  log.info(`${later}`);
}
