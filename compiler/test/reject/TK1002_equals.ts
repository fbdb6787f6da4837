function same(left: u32, right: u32): bool {
  return left == right; // error TK1002
}
export function main(): void {
  if (same(1, 2) != true) log.info("x"); // error TK1002
}
