const everything = new FixedArray<u64, 0x20000000>(); // error TK4014
export function main(): void {
  log.info(`${addressOf(everything)}`);
}
