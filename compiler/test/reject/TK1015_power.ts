function cube(value: u32): u32 {
  return value ** 3; // error TK1015
}
export function main(): void {
  log.info(`${cube(2)}`);
}
