function half(value: i32): i32 {
  return value >> 1;
}
function halfUnsigned(value: u32): u32 {
  return value >>> 1;
}
export function main(): void {
  log.info(`${half(2)} ${halfUnsigned(2)}`);
}
