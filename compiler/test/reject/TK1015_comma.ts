export function main(): void {
  let a: u32 = 1;
  let b: u32 = 2;
  for (; a < 5; a++, b++) log.info(`${a} ${b}`); // error TK1015
}
