function sum(left: u32, right: i32): i32 {
  return left + right; // error TK2025
}
export function main(): void {
  log.info(`${sum(1, 2)}`);
}
