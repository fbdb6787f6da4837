export function main(): void {
  let a: u32 = 1;
  if (a) a = 2; // error TK2005
  a == 3; // error TK1002
  const b: u8 = 300; // error TK3001
  log.info(`${a}`);
}
