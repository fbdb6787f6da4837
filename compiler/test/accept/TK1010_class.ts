class Inner {
  x: u32;
}
export function main(): void {
  const inner = new Inner();
  log.info(`${inner.x}`);
}
