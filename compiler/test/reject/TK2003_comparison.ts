function fits(length: u32, limit: u64): bool {
  return length <= limit; // error TK2003
}
export function main(): void {
  log.info(`${fits(1, 2n)}`);
}
