const WIDE: u64 = (1n << 64n) - 1n;
const LOW: i64 = -9223372036854775808n;
export function main(): void {
  log.info(`${WIDE} ${LOW}`);
}
