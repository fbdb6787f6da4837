function next(value: u8): u8 {
  return value + 255;
}
export function main(): void {
  if (next(1) === 200) log.info("never");
  log.info(`${u16.wrap(70000)}`);
}
