export function main(): void {
  class Inner { // error TK1010
    x: u32;
  }
  const inner = new Inner();
  log.info(`${inner.x}`);
}
