export function main(): void {
  let a: u32 = 0;
  let b: u32 = 0;
  a = b = 1; // error TK1003
  log.info(`${a} ${b}`);
}
