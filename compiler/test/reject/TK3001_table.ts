const TABLE: FixedArray<u8, 3> = [1, 300, 3]; // error TK3001
export function main(): void {
  log.info(`${TABLE[0]}`);
}
