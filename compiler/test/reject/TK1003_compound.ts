export function main(): void {
  let value: u32 = 1;
  const other: u32 = (value += 2); // error TK1003
  log.info(`${other}`);
}
