const TABLE: FixedArray<u8, 2> = [1, 2];
export function main(): void {
  log.info(`${TABLE[0]}`);
}
