function sum(left: u32, right: u64): u64 {
  return left + right; // error TS2365
}
export function main(): void {
  log.info(`${sum(1, 2n)}`);
}
