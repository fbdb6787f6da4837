function double(value: u32): u32 {
  return value * 2;
}
export function main(): void {
  log.info(`${double(1)}`);
}
