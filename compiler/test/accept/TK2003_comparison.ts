function fits(length: u32, limit: u64): bool {
  return u64(length) <= limit;
}
export function main(): void {
  log.info(`${fits(1, 2n)}`);
}
