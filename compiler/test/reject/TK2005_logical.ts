function both(left: u32, right: bool): bool {
  if (left && right) return true; // error TK2005
  return !left; // error TK2005
}
export function main(): void {
  log.info(`${both(1, true)}`);
}
