const much = new FixedArray<u64, 0x20000>();
export function main(): void {
  log.info(`${addressOf(much)}`);
}
