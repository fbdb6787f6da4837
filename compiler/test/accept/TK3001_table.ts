const TABLE: FixedArray<u16, 3> = [1, 300, 3];
export function main(): void {
  log.info(`${TABLE[0]}`);
}
