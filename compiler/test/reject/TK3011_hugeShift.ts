const HUGE = 1n << 5000n; // error TK3011
export function main(): void {
  log.info(`${HUGE === 0n}`);
}
