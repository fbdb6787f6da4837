function inner(): u32 {
  return 1;
}
export function main(): void {
  log.info(`${inner()}`);
}
