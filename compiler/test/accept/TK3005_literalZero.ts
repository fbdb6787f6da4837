const TWO: u32 = 2;
function halve(value: u32): u32 {
  return value / TWO;
}
const REST = 7n % 4n;
export function main(): void {
  log.info(`${halve(1)} ${REST}`);
}
