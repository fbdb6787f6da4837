export function main(): void {
  let value: u32 = 1;
  value = +value; // error TK1015
  log.info(`${value}`);
}
