function half(value: i32): i32 {
  return value >>> 1; // error TK2013
}
export function main(): void {
  log.info(`${half(2)}`);
}
