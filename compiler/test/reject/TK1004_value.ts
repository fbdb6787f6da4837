export function main(): void {
  let i: u32 = 0;
  const old = i++; // error TK1004
  log.info(`${old} ${i}`);
}
