export function main(): void {
  log.info("x".toUpperCase()); // error TS2339
}
