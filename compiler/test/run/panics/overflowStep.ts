// x++ is an addition.

export function main(): void {
  let count: i16 = 32766;
  count++;
  log.info(`${count}`);
  count++;
}
