function half(value: i32): i32 {
  return value >>> 1; // error TK1015
}
export function main(): void {
  log.info(`${half(2)}`);
}
