export function main(): void {
  const text = hex(5); // error TK1019
  log.info("x");
}
