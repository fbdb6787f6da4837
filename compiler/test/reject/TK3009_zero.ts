const none = new FixedArray<u8, 0>(); // error TK3009
export function main(): void {
  log.info(`${addressOf(none)}`);
}
