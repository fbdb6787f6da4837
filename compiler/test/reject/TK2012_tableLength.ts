const TABLE: FixedArray<u8, 3> = [1, 2]; // error TS2322
export function main(): void {
  log.info(`${TABLE[0]}`);
}
