const NONE: u32 = 0;
function halve(value: u32): u32 {
  return value / NONE; // error TK3005
}
const REST = 7n % 0n; // error TK3005
export function main(): void {
  log.info(`${halve(1)} ${REST}`);
}
