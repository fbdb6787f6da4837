function number(name: string): u32 {
  switch (name) { // error TK2020
    case "one":
      return 1;
    default:
      return 0;
  }
}
export function main(): void {
  log.info(`${number("one")}`);
}
