class Counter {
  static count: u32 = 0; // error TK1007
}
export function main(): void {
  log.info("x");
}
