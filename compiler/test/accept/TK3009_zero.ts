const one = new FixedArray<u8, 1>();
export function main(): void {
  log.info(`${addressOf(one)}`);
}
