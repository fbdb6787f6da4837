export function main(): void {
  const value: u32 = 5;
  log.info(`${hex(value)} ${hex(value, 8)}`);
}
