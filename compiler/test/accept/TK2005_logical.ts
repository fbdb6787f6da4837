function both(left: u32, right: bool): bool {
  return left !== 0 && right;
}
export function main(): void {
  log.info(`${both(1, true)}`);
}
