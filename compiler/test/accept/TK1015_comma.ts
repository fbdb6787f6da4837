export function main(): void {
  let b: u32 = 2;
  for (let a: u32 = 1; a < 5; a++) {
    log.info(`${a} ${b}`);
    b++;
  }
}
