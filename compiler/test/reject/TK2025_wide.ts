function difference(left: u64, right: i64): i64 {
  return i64(left - right); // error TK2025
}
export function main(): void {
  log.info(`${difference(3n, 2n)}`);
}
