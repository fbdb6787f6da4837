function sum(left: u32, right: u64): u64 {
  return u64(left) + right;
}
export function main(): void {
  log.info(`${sum(1, 2n)}`);
}
