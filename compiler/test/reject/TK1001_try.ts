export function main(): void {
  try { // error TK1001
    log.info("x");
  } catch {
    log.info("y");
  }
}
