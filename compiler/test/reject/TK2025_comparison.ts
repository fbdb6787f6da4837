function less(left: u32, right: i32): bool {
  return left < right; // error TK2025
}
export function main(): void {
  log.info(`${less(1, 2)}`);
}
