function cube(value: u32): u32 {
  return value * value * value;
}
export function main(): void {
  log.info(`${cube(2)}`);
}
