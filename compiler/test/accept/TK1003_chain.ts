export function main(): void {
  let a: u32 = 0;
  let b: u32 = 0;
  b = 1;
  a = b;
  log.info(`${a} ${b}`);
}
