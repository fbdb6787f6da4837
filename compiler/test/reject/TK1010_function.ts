export function main(): void {
  function inner(): u32 { // error TK1010
    return 1;
  }
  log.info(`${inner()}`);
}
