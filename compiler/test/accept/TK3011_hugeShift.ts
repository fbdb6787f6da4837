const LARGE = (1n << 4000n) >> 3990n;
export function main(): void {
  log.info(`${LARGE}`);
}
