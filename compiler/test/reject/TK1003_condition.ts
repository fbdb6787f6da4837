function next(): u32 {
  return 0;
}
export function main(): void {
  let value: u32 = 1;
  while ((value = next()) !== 0) log.info(`${value}`); // error TK1003
}
