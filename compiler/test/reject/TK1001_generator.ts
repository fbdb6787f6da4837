function* numbers() { // error TK1001
  for (;;) log.info("x");
}
export function main(): void {}
