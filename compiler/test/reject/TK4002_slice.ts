function make(): Slice<u8> {
  const bytes = new FixedArray<u8, 4>();
  return bytes; // error TK4002
}
export function main(): void {
  log.info(`${make().length}`);
}
