const TOO_WIDE: u64 = 1n << 64n; // error TK3001
const TOO_LOW: i64 = -9223372036854775809n; // error TK3001
export function main(): void {
  log.info(`${TOO_WIDE} ${TOO_LOW}`);
}
