function one(): u32 {
  return 1;
}
export function main(): void {
  log.info(`${one()}`);
}
