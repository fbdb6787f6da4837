function sign(value: i32): u32 {
  return value !== 0 ? 1 : 0;
}
export function main(): void {
  log.info(`${sign(1)}`);
}
