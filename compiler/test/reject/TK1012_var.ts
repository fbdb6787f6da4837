export function main(): void {
  var value: u32 = 1; // error TK1012
  log.info(`${value}`);
}
