function same(left: u32, right: u32): bool {
  return left === right;
}
export function main(): void {
  if (same(1, 2) !== true) log.info("x");
}
